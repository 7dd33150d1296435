"""Choosing a time: it is held for its patient, for the minutes that the place gives."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookings import actions, slots
from bookings.findings import Finding
from bookings.forms import HoldForm, SlotForm
from bookings.models import Appointment
from bookings.question import Asked, UnknownName
from bookings.rulebook import Rulebook
from bookings.views import alternatives
from bookings.views import patient as pages
from bookings.views.at_hand import with_rulebook
from clinic.by_post import with_query
from clinic.middleware import refusal
from clinic.models import Patient

TOO_MANY = "TOO_MANY_HOLDS"


@require_http_methods(["GET", "HEAD", "POST"])
@with_query("bookings:times", "variant")
@with_rulebook
def hold(request: HttpRequest, *, variant: str, book: Rulebook) -> HttpResponse:
    """Say whether a time is free, or hold it and go on to the page that books it."""
    chosen = pages.variant_or_404(book, variant)
    patient, on_behalf = pages.whom(request)
    if patient is None:
        context = {"variant": chosen}
        return render(request, "bookings/not_a_patient.html", context, status=403)
    if on_behalf:
        text = "Only patients hold a time. At the desk, book it for them at once."
        return refusal(request, text, status=400)
    sent = request.method == "POST"
    form = HoldForm(request.POST) if sent else SlotForm(request.GET)
    try:
        asked = pages.one_start(book, form, chosen, patient)
    except UnknownName as unknown:
        return refusal(request, str(unknown), status=400)
    if asked is None:
        return refusal(request, pages.wrong_in(form), status=400)
    at, now = form.cleaned_data["at"], timezone.now()
    if sent:
        return _hold(request, asked, at, form.cleaned_data["submission"], now)
    held = held_by(patient, now)
    findings = slots.why_not(actions.to_hold(asked, held), at=at, now=now)
    return _page(request, asked, at, findings, now)


def held_by(patient: Patient, now: datetime) -> list[Appointment]:
    """The times that a patient holds now."""
    return list(patient.appointments.with_people().held(now).order_by("held_until"))


def _hold(
    request: HttpRequest, asked: Asked, at: datetime, key: Any, now: datetime
) -> HttpResponse:
    try:
        held = actions.hold(
            asked=asked, at=at, by=request.user, now=now, submission=key
        )
    except actions.NotBookable as refused:
        return _page(request, asked, at, refused.findings, now, status=409)
    except (actions.SubmissionReused, UnknownName) as changed:
        return refusal(request, str(changed), status=409)
    return redirect(held)


def _page(
    request: HttpRequest,
    asked: Asked,
    at: datetime,
    findings: list[Finding],
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    too_many = any(finding.code == TOO_MANY for finding in findings)
    held = held_by(asked.patient, now) if asked.patient else []
    context = {
        **pages.sight(request),
        "asked": asked,
        "variant": asked.variant,
        "place": asked.place,
        "at": at,
        "start": pages.start_value(at, asked.practitioner, asked.place),
        "findings": pages.shown(findings, asked.place),
        "held": held if too_many else [],
        # With too many, no other time would do either.
        "alternatives": []
        if too_many or not findings
        else alternatives.offers(actions.to_hold(asked, held), at, now),
        "hold": pages.holding(asked.variant, asked.place),
        "times_url": pages.address("times", asked.variant, place=asked.place.slug),
    }
    return render(request, "bookings/hold.html", context, status=status)
