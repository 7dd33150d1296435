"""A time on hold: "Is this right?", with the minutes that are left; then book it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from bookings import actions, rulebook
from bookings.access import appointment_or_404, is_theirs
from bookings.findings import Finding
from bookings.forms import AreasForm
from bookings.models import Appointment
from bookings.question import UnknownName
from bookings.rulebook import Rulebook
from bookings.views import alternatives, areas
from bookings.views import patient as pages
from bookings.views.at_hand import with_rulebook
from bookings.views.terms import terms_of
from clinic import access
from clinic.by_post import by_post
from clinic.middleware import refusal
from clinic.models import Patient
from treatments.areas import parse_areas

BOOKED = "Your appointment is booked."


def _on_behalf(request: HttpRequest, found: Appointment) -> Patient | None:
    """Whose it is, where the front desk looks at it for somebody else."""
    patient: Patient = found.patient
    return None if access.is_self(request.user, patient) else patient


@by_post("bookings:appointment", "uid")
@with_rulebook
def confirm(request: HttpRequest, *, uid: UUID, book: Rulebook) -> HttpResponse:
    """Make an appointment of a hold; 409 with reasons where that cannot be."""
    found = appointment_or_404(request.user, uid)
    choices = areas.area_choices(book, found.variant)
    form = AreasForm(request.POST, offered=areas.offered(choices))
    if not form.is_valid():
        return refusal(request, pages.wrong_in(form), status=400)
    try:
        if not is_theirs(request.user, found):
            raise actions.NotPossible("Only the patient and the desk book it.")
        booked = actions.confirm(
            appointment=found,
            areas=form.cleaned_data["areas"] if choices else None,
            book=book,
            by=request.user,
            now=timezone.now(),
        )
    except actions.NotBookable as refused:
        return page(request, found, refused.findings, form, status=409)
    except (actions.NotPossible, UnknownName) as refused:
        return refusal(request, str(refused), status=409)
    whose = _on_behalf(request, found)
    done = f"The appointment for {whose} is booked." if whose else BOOKED
    messages.success(request, done)
    return redirect(booked)


@by_post("bookings:appointment", "uid")
def let_go(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Give a time back, and show the others; 409 for what is on hold no longer."""
    found = appointment_or_404(request.user, uid)
    try:
        if not is_theirs(request.user, found):
            raise actions.NotPossible("Only the patient and the desk let it go.")
        actions.let_go(appointment=found, by=request.user, now=timezone.now())
    except actions.NotPossible as refused:
        return refusal(request, str(refused), status=409)
    messages.success(request, "You have let the time go. It is free again.")
    return redirect(_times(request, found))


def _times(request: HttpRequest, found: Appointment) -> str:
    whose = _on_behalf(request, found)
    return pages.address("times", found.variant, place=found.place.slug, patient=whose)


def page(
    request: HttpRequest,
    found: Appointment,
    findings: list[Finding] | None = None,
    sent: AreasForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """All there is to read before booking; the end of the hold works without a script."""
    now, place = timezone.now(), found.place
    whose, ends = _on_behalf(request, found), found.held_until
    chosen = (
        sent.data.getlist("areas") if sent else filter(None, found.areas.split(","))
    )
    book = rulebook.current()
    context = {
        **pages.sight(request),
        "appointment": found,
        "variant": found.variant,
        "label": found.label,
        "price": found.price_usd,
        "practitioner": found.practitioner,
        "role": found.role.role,
        "place": place,
        "patient": found.patient,
        "on_behalf": whose is not None,
        "at": found.starts_at,
        "ends_at": found.ends_at,
        "choices": areas.area_choices(book, found.variant),
        "chosen_areas": list(chosen),
        "areas": [
            book.areas[each.code]
            for each in parse_areas(found.areas)
            if each.code in book.areas
        ],
        "terms": terms_of(found.policy, found.starts_at, now),
        "is_held": found.is_held(now),
        "seconds_left": max(0, int((ends - now).total_seconds())) if ends else 0,
        "findings": pages.shown(findings or [], place),
        "times_url": _times(request, found),
        **_instead(found, findings, whose),
    }
    return render(request, "bookings/held.html", context, status=status)


def _instead(
    found: Appointment, findings: list[Finding] | None, whose: Patient | None
) -> dict[str, Any]:
    """Other times, where this one cannot be had."""
    if not findings:
        return {}
    now = timezone.now()
    asked = actions.to_confirm(found, now=now)
    return {
        "alternatives": alternatives.offers(asked, found.starts_at, now, whose),
        "hold": None if whose else pages.holding(found.variant, found.place),
    }
