"""One's own appointments: the list, one of them, and cancelling it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings import actions, rulebook
from bookings.access import appointment_or_404, is_theirs
from bookings.forms import CancelForm
from bookings.models import Appointment, Fee, Status
from bookings.staff_forms import StaffCancelForm
from bookings.views import held
from bookings.views.aftercare import has_aftercare
from bookings.views.because import because
from bookings.views.history import Event, Reader, history
from bookings.views.move import can_move
from bookings.views.terms import terms_of
from clinic import access
from clinic.by_post import by_post
from treatments import published
from treatments.areas import parse_areas

MOST_PAST = 50
SAID = ("reason", "caused_by")
BEFORE = "preparation"  # the field of the catalogue


@require_safe
def appointments(request: HttpRequest) -> HttpResponse:
    """What is to come, then what has been."""
    patient = access.patient_of(request.user)
    now = timezone.now()
    context: dict[str, object] = {"patient": patient}
    if patient is not None:
        own = patient.appointments.with_people()
        context["held"] = own.held(now).order_by("held_until")
        context["upcoming"] = own.upcoming(now).order_by("starts_at")
        context["past"] = own.past(now).order_by("-starts_at")[:MOST_PAST]
    return render(request, "bookings/appointments.html", context)


@require_safe
def appointment(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One appointment; of a time on hold the page that asks whether it is right."""
    found = appointment_or_404(request.user, uid)
    if found.status == Status.PENDING and is_theirs(request.user, found):
        return held.page(request, found)
    return _page(request, found, form_for(request)(), 200)


@by_post("bookings:appointment", "uid")
def cancel(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The patient or the front desk cancels; 409 where that is no longer possible."""
    found = appointment_or_404(request.user, uid)
    form = form_for(request)(request.POST)
    if not form.is_valid():
        return _page(request, found, form, 422)
    given = {name: form.cleaned_data[name] for name in SAID if name in form.fields}
    try:
        if not is_theirs(request.user, found):
            raise actions.NotPossible(
                "This appointment can no longer be cancelled here. Please call us."
            )
        actions.cancel(appointment=found, by=request.user, now=timezone.now(), **given)
    except actions.NotPossible as refused:
        messages.error(request, str(refused))
        return _page(request, found, form, 409)
    messages.success(request, "The appointment is cancelled, and its time is free.")
    return redirect(found)


def form_for(request: HttpRequest) -> type[CancelForm | StaffCancelForm]:
    return StaffCancelForm if access.is_front_desk(request.user) else CancelForm


def _about_cancelling(request: HttpRequest, found: Appointment) -> dict[str, Any]:
    """Whether it can be cancelled, on what terms, and what is owed for it.

    What it costs is for the patient and the desk.
    """
    user, now = request.user, timezone.now()
    if not is_theirs(user, found):
        return {"may_cancel": False}
    is_to_come = found.status == Status.BOOKED and now < found.starts_at
    return {
        "may_cancel": actions.is_cancellable(found, by=user, now=now),
        "terms": terms_of(found.policy, found.starts_at, now) if is_to_come else None,
        "fee": Fee.objects.filter(appointment=found).first(),
    }


def _takes(request: HttpRequest, found: Appointment) -> str:
    """What it takes, for staff; the room for the patient, on the day itself."""
    claims = found.claims.of_equipment()
    if not access.is_self(request.user, found.patient):
        return ", ".join(each.what.name for each in claims)
    zone = found.place.tz
    today = timezone.now().astimezone(zone).date()
    if found.starts_at.astimezone(zone).date() != today:
        return ""
    return ", ".join(each.room.name for each in claims if each.room)


def _as_booked(found: Appointment) -> dict[str, Any]:
    """The edition that it was booked on, and what that says of the days before."""
    edition = found.edition
    if edition is None:
        return {}
    coming = found.status == Status.BOOKED and timezone.now() < found.starts_at
    said = published.passages(edition) if coming else []
    return {
        "edition": edition,
        "before": next((each for each in said if each.code == BEFORE), None),
    }


def _history(request: HttpRequest, found: Appointment) -> list[Event]:
    user = request.user
    reader = Reader(
        user_id=user.pk,
        is_staff=access.is_front_desk(user) or access.is_practitioner(user),
        sees_fees=is_theirs(user, found),
    )
    return history(found, rulebook.current(), reader)


def _page(
    request: HttpRequest,
    found: Appointment,
    form: CancelForm | StaffCancelForm,
    status: int,
) -> HttpResponse:
    areas = rulebook.current().areas
    planned = [
        {"area": areas[each.code], "side": each.side}
        for each in parse_areas(found.areas)
        if each.code in areas
    ]
    user = request.user
    is_staff = access.is_front_desk(user) or access.is_practitioner(user)
    passed = found.overrides.select_related("by").order_by("-at", "pk")
    context = {
        "appointment": found,
        "place": found.place,
        "planned": planned,
        "form": form,
        "is_desk": access.is_front_desk(user),
        "may_correct": access.is_front_desk(user)
        and found.may_become(Status.ENTERED_IN_ERROR),
        **_about_cancelling(request, found),
        **_as_booked(found),
        "history": _history(request, found),
        "has_aftercare": found.status == Status.FULFILLED and has_aftercare(found),
        "may_move": can_move(request, found),
        "takes": _takes(request, found),
        "is_own": access.is_self(request.user, found.patient),
        "overrides": passed if is_staff else (),
        "because": because(found) if is_staff else [],
    }
    return render(request, "bookings/appointment.html", context, status=status)
