"""Look once more, then book. The view translates; the rules decide."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookings import actions, rulebook, slots
from bookings.findings import Finding
from bookings.forms import BookForm, SlotForm
from bookings.rulebook import Rulebook
from bookings.slots import Asked
from bookings.views import patient as pages
from clinic.middleware import refusal
from clinic.models import Patient
from treatments.models import TreatmentVariant


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, variant: str) -> HttpResponse:
    """Look once more, then book."""
    book = rulebook.current()
    chosen = pages.variant_or_404(book, variant)
    patient, on_behalf = pages.whom(request)
    if patient is None:
        context = {"variant": chosen}
        return render(request, "bookings/not_a_patient.html", context, status=403)
    choices = area_choices(book, chosen)
    offered = [code for choice in choices for code in choice["codes"]]
    if request.method == "POST":
        form: SlotForm = BookForm(request.POST, areas=offered)
    else:
        form = SlotForm(request.GET)
    try:
        asked = _one(book, form, chosen, patient)
    except slots.UnknownName as unknown:
        return refusal(request, str(unknown), status=400)
    if asked is None:
        words = " ".join(text for errors in form.errors.values() for text in errors)
        return refusal(request, words, status=400)
    page = _Confirm(request, asked, form, on_behalf, choices)
    return page.book() if request.method == "POST" else page.look()


def _one(
    book: Rulebook, form: SlotForm, variant: TreatmentVariant, patient: Patient
) -> Asked | None:
    """The one start that a form names, if it is whole. Raises UnknownName."""
    if not form.is_valid():
        return None
    return slots.ask(
        book=book,
        variant=variant.code,
        place=form.cleaned_data["place"],
        practitioner=form.cleaned_data["practitioner"],
        patient=patient,
        areas=form.cleaned_data.get("areas") or (),
    )


def area_choices(book: Rulebook, variant: TreatmentVariant) -> list[dict[str, Any]]:
    """The regions from which a patient chooses, where the variant leaves it open."""
    if variant.default_areas or variant.treatment.family != "musculoskeletal":
        return []
    regions = [
        area
        for area in book.areas.values()
        if area.family == "both" and not area.is_group and not area.never_treat
    ]
    wider = {area.parent for area in regions}
    sides = ("left", "right")
    return [
        {
            "area": area,
            "codes": [f"{area.code}:{side}" for side in sides]
            if area.side_applies
            else [area.code],
        }
        for area in regions
        if area.code not in wider
    ]


class _Confirm:
    """The confirm page of one start: looked at, booked, or refused with reasons."""

    def __init__(
        self,
        request: HttpRequest,
        asked: Asked,
        form: SlotForm,
        on_behalf: bool,
        choices: list[dict[str, Any]],
    ) -> None:
        self.request, self.asked, self.form = request, asked, form
        self.on_behalf, self.choices = on_behalf, choices
        self.at = form.cleaned_data["at"]
        self.now = timezone.now()

    def look(self) -> HttpResponse:
        return self._page(slots.why_not(self.asked, at=self.at, now=self.now), 200)

    def book(self) -> HttpResponse:
        try:
            appointment = actions.book(
                asked=self.asked,
                at=self.at,
                by=self.request.user,
                now=self.now,
                submission=self.form.cleaned_data["submission"],
            )
        except actions.NotBookable as refused:
            return self._page(refused.findings, 409)
        except (actions.SubmissionReused, slots.UnknownName) as changed:
            return refusal(self.request, str(changed), status=409)
        done = "Your appointment is booked."
        if self.on_behalf:
            done = f"The appointment for {self.asked.patient} is booked."
        messages.success(self.request, done)
        return redirect(appointment)

    def _page(self, findings: list[Finding], status: int) -> HttpResponse:
        asked = self.asked
        whose = asked.patient if self.on_behalf else None
        chosen = self.form.data.getlist("areas") if status == 409 else []
        context = {
            **pages.sight(self.request),
            "asked": asked,
            "variant": asked.variant,
            "place": asked.place,
            "at": self.at,
            "ends_at": self.at + asked.variant.duration,
            "at_iso": pages.iso(self.at, asked.place),
            "role": next((role.role for role in asked.roles()), None),
            "findings": pages.shown(findings, asked.place),
            "alternatives": [
                {"slot": slot, "url": pages.confirm_address(asked, slot, whose)}
                for slot in (
                    pages.alternatives(asked, self.at, self.now) if findings else ()
                )
            ],
            # Nothing to choose on a page that cannot be sent, but what was chosen stays.
            "choices": self.choices if chosen or not findings else [],
            "chosen_areas": chosen,
            "areas": [asked.book.areas[area.code] for area in asked.areas],
            "submission": uuid4(),
            "on_behalf": self.on_behalf,
            "patient": asked.patient,
            "times_url": pages.address(
                "times", asked.variant, place=asked.place.slug, patient=whose
            ),
        }
        return render(self.request, "bookings/confirm.html", context, status=status)
