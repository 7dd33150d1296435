"""The desk looks once more, then books for a patient. Patients hold a time first."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookings import actions, slots
from bookings.findings import Finding
from bookings.forms import BookForm, SlotForm
from bookings.question import Asked, UnknownName
from bookings.rulebook import Rulebook
from bookings.views import alternatives, areas
from bookings.views import patient as pages
from bookings.views.at_hand import with_rulebook
from bookings.views.letting_pass import letting_pass
from bookings.views.terms import Terms, terms_of
from clinic.by_post import with_query
from clinic.middleware import refusal
from treatments.models import TreatmentVariant


@require_http_methods(["GET", "HEAD", "POST"])
@with_query("bookings:times", "variant")
@with_rulebook
def confirm(request: HttpRequest, *, variant: str, book: Rulebook) -> HttpResponse:
    """Look once more, then book; a patient on their own is sent to hold the time."""
    chosen = pages.variant_or_404(book, variant)
    patient, on_behalf = pages.whom(request)
    if patient is None:
        context = {"variant": chosen}
        return render(request, "bookings/not_a_patient.html", context, status=403)
    if not on_behalf:
        return _hold_first(request, chosen)
    choices = areas.area_choices(book, chosen)
    if request.method == "POST":
        form: SlotForm = BookForm(request.POST, offered=areas.offered(choices))
    else:
        form = SlotForm(request.GET)
    try:
        asked = pages.one_start(book, form, chosen, patient)
    except UnknownName as unknown:
        return refusal(request, str(unknown), status=400)
    if asked is None:
        return refusal(request, pages.wrong_in(form), status=400)
    page = _Confirm(request, asked, form, choices)
    return page.book() if request.method == "POST" else page.look()


def _hold_first(request: HttpRequest, variant: TreatmentVariant) -> HttpResponse:
    if request.method == "POST":
        text = "Nothing is booked. Choose a time and hold it; then book it."
        return refusal(request, text, status=400)
    path = reverse("bookings:hold", args=[variant.code])
    return redirect(f"{path}?{request.GET.urlencode()}")


class _Confirm:
    """The confirm page of one start: looked at, booked, or refused with reasons."""

    def __init__(
        self,
        request: HttpRequest,
        asked: Asked,
        form: SlotForm,
        choices: list[dict[str, Any]],
    ) -> None:
        self.request, self.asked, self.form = request, asked, form
        self.choices = choices
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
                overriding=self.form.overriding(),
            )
        except actions.ReasonNeeded as needed:
            closing = slots.why_not(self.asked, at=self.at, now=self.now)
            return self._page(closing, 422, str(needed))
        except actions.NotBookable as refused:
            return self._page(refused.findings, 409)
        except (actions.SubmissionReused, UnknownName) as changed:
            return refusal(self.request, str(changed), status=409)
        done = f"The appointment for {self.asked.patient} is booked."
        messages.success(self.request, done)
        return redirect(appointment)

    def _terms(self) -> Terms | None:
        """What is said about cancelling to whoever books now."""
        place = self.asked.place
        today = self.now.astimezone(place.tz).date()
        policy = self.asked.book.policy_at(place.pk, today)
        return terms_of(policy, self.at, self.now)

    def _page(
        self, findings: list[Finding], status: int, error: str = ""
    ) -> HttpResponse:
        asked = self.asked
        whose = asked.patient
        sent = self.form if status != 200 else None
        chosen = sent.data.getlist("areas") if sent else []
        passing = letting_pass(self.request.user, findings, asked.place, sent, error)
        open_form = bool(chosen) or not findings or passing["may_pass"]
        context = {
            **pages.sight(self.request),
            **passing,
            "asked": asked,
            "variant": asked.variant,
            "label": asked.variant.label,
            "price": asked.variant.price_usd,
            "practitioner": asked.practitioner,
            "place": asked.place,
            "at": self.at,
            "ends_at": self.at + asked.variant.duration,
            "at_iso": pages.iso(self.at, asked.place),
            "role": next((role.role for role in asked.roles()), None),
            "alternatives": alternatives.offers(asked, self.at, self.now, whose)
            if findings
            else [],
            # Nothing to choose on a page that cannot be sent, but what was chosen stays.
            "choices": self.choices if open_form else [],
            "chosen_areas": chosen,
            "areas": [asked.book.areas[area.code] for area in asked.areas],
            "submission": uuid4(),
            "terms": self._terms(),
            "on_behalf": True,
            "patient": asked.patient,
            "times_url": pages.address(
                "times", asked.variant, place=asked.place.slug, patient=whose
            ),
        }
        return render(self.request, "bookings/confirm.html", context, status=status)
