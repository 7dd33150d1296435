"""Why not? The findings on one start, from the evaluator that lists and books."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings import rulebook, slots
from bookings.forms import SlotForm, WhyForm
from bookings.question import Asked, UnknownName, ask
from bookings.views import alternatives
from bookings.views import patient as pages
from bookings.views.letting_pass import letting_pass
from clinic.middleware import refusal
from clinic.models import Patient, User


@require_safe
@login_not_required
def why(request: HttpRequest, variant: str) -> HttpResponse:
    """Answer for one start, named by its instant or by a day and a clock."""
    book = rulebook.current()
    chosen = pages.variant_or_404(book, variant)
    patient, on_behalf = pages.whom(request)
    place = book.places.get(request.GET.get("place", ""))
    if place is None:
        text = "There is no such place. Go back and choose a place."
        return refusal(request, text, status=400)
    people = sorted(
        {
            (role.practitioner.name, role.practitioner.slug)
            for role in book.roles_at(place.pk)
        }
    )
    options = {"people": [(slug, name) for name, slug in people], "zone": place.tz}
    form, at, status = _read(request, options)
    context: dict[str, Any] = {
        "variant": chosen,
        "place": place,
        "patient": patient,
        "on_behalf": on_behalf,
        "form": form,
        "times_url": pages.address(
            "times", chosen, place=place.slug, patient=patient if on_behalf else None
        ),
    }
    if at is not None:
        practitioner = request.GET.get("practitioner", "")
        try:
            asked = ask(
                variant=variant,
                place=place.slug,
                practitioner=practitioner,
                patient=patient,
            )
        except UnknownName as unknown:
            return refusal(request, str(unknown), status=400)
        whose = patient if on_behalf else None
        context |= _answer(request.user, asked, at, whose) | pages.sight(request)
    return render(request, "bookings/why.html", context, status=status)


def _read(
    request: HttpRequest, options: dict[str, Any]
) -> tuple[WhyForm, datetime | None, int]:
    """The form to ask again with, the instant asked about, and the status."""
    zone = options["zone"]
    if request.GET.get("at"):
        asked = SlotForm(request.GET)
        if not asked.is_valid():
            blank = WhyForm(**options)
            blank.add_error_text = asked.errors.get("at", ["Choose a practitioner."])[0]
            return blank, None, 400
        at = asked.cleaned_data["at"]
        local = at.astimezone(zone)
        start = {
            "practitioner": asked.cleaned_data["practitioner"],
            "day": local.date(),
            "time": local.time(),
        }
        return WhyForm(initial=start, **options), at, 200
    if not request.GET.get("day") and not request.GET.get("time"):
        return WhyForm(initial=request.GET.dict(), **options), None, 200
    form = WhyForm(request.GET, **options)
    if not form.is_valid():
        return form, None, 400
    return form, form.cleaned_data["at"], 200


def _answer(
    user: User, asked: Asked, at: datetime, on_behalf: Patient | None
) -> dict[str, Any]:
    now = timezone.now()
    findings = slots.why_not(asked, at=at, now=now)
    slot_url = pages.address(
        pages.one_start_page(on_behalf),
        asked.variant,
        place=asked.place.slug,
        practitioner=asked.practitioner and asked.practitioner.slug,
        at=pages.iso(at, asked.place),
        patient=on_behalf,
    )
    return {
        "at": at,
        "practitioner": asked.practitioner,
        **letting_pass(user, findings, asked.place),
        "confirm_url": slot_url,
        "alternatives": alternatives.offers(asked, at, now, on_behalf)
        if findings
        else [],
    }
