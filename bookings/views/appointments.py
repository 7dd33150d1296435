"""One's own appointments: the list, one of them, and cancelling it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from bookings import actions, rulebook
from bookings.access import appointment_or_404
from bookings.forms import CancelForm
from bookings.models import Appointment, Status
from bookings.views.aftercare import has_aftercare
from bookings.views.move import may_move
from clinic import access
from treatments.areas import parse_areas

MOST_PAST = 50


@require_safe
def appointments(request: HttpRequest) -> HttpResponse:
    """What is to come, then what has been."""
    patient = access.patient_of(request.user)
    now = timezone.now()
    context: dict[str, object] = {"patient": patient}
    if patient is not None:
        own = patient.appointments.with_people()
        context["upcoming"] = own.upcoming(now).order_by("starts_at")
        context["past"] = own.exclude(
            pk__in=patient.appointments.upcoming(now).values("pk")
        ).order_by("-starts_at")[:MOST_PAST]
    return render(request, "bookings/appointments.html", context)


@require_safe
def appointment(request: HttpRequest, uid: UUID) -> HttpResponse:
    return _page(request, appointment_or_404(request.user, uid), CancelForm(), 200)


@require_POST
def cancel(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The patient or the front desk cancels; 409 where that is no longer possible."""
    found = appointment_or_404(request.user, uid)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, 422)
    now = timezone.now()
    try:
        if not _may_cancel(request, found):
            raise actions.NotPossible(
                "This appointment can no longer be cancelled here. Please call us."
            )
        actions.cancel(
            appointment=found,
            by=request.user,
            now=now,
            reason=form.cleaned_data["reason"],
        )
    except actions.NotPossible as refused:
        messages.error(request, str(refused))
        return _page(request, found, form, 409)
    messages.success(request, "The appointment is cancelled, and its time is free.")
    return redirect(found)


def _may_cancel(request: HttpRequest, found: Appointment) -> bool:
    """A patient until it begins; the front desk while its status allows it."""
    if not found.may_become(Status.CANCELLED):
        return False
    if access.is_front_desk(request.user):
        return True
    own = access.patient_of(request.user) == found.patient
    return own and found.status == Status.BOOKED and timezone.now() < found.starts_at


def _page(
    request: HttpRequest, found: Appointment, form: CancelForm, status: int
) -> HttpResponse:
    areas = rulebook.current().areas
    planned = [
        {"area": areas[each.code], "side": each.side}
        for each in parse_areas(found.areas)
        if each.code in areas
    ]
    context = {
        "appointment": found,
        "place": found.place,
        "planned": planned,
        "form": form,
        "may_cancel": _may_cancel(request, found),
        "has_aftercare": found.status == Status.FULFILLED and has_aftercare(found),
        "may_move": may_move(request, found),
        "is_own": access.patient_of(request.user) == found.patient,
        "sees_reasons": access.is_front_desk(request.user)
        or access.is_practitioner(request.user),
    }
    return render(request, "bookings/appointment.html", context, status=status)
