"""What the patient's pages share: who it is for, and addresses that keep the question."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus, urlencode
from uuid import UUID, uuid4

from django.forms import Form
from django.http import Http404, HttpRequest
from django.urls import reverse

from bookings import slots
from bookings.findings import Finding
from bookings.question import Asked, ask
from bookings.rulebook import Rulebook
from clinic import access
from clinic.models import Location, Patient, Practitioner
from treatments.models import TreatmentVariant


def variant_or_404(book: Rulebook, code: str) -> TreatmentVariant:
    variant = book.variants.get(code)
    if variant is None:
        raise Http404("There is no such treatment.")
    return variant


def whom(request: HttpRequest) -> tuple[Patient | None, bool]:
    """For whom this is, and whether the front desk asks on somebody's behalf."""
    sent = request.POST if request.method == "POST" else request.GET
    uid = sent.get("for", "")
    if not uid:
        return access.patient_of(request.user), False
    try:
        UUID(uid)
    except ValueError:
        raise Http404("There is no such patient.") from None
    patient = access.patient_or_404(request.user, uid)
    return patient, not access.is_self(request.user, patient)


def one_start(
    book: Rulebook, form: Form, variant: TreatmentVariant, patient: Patient
) -> Asked | None:
    """The one start that a form names, if it is whole. Raises UnknownName."""
    if not form.is_valid():
        return None
    return ask(
        book=book,
        variant=variant.code,
        place=form.cleaned_data["place"],
        practitioner=form.cleaned_data["practitioner"],
        patient=patient,
        areas=form.cleaned_data.get("areas") or (),
    )


def wrong_in(form: Form) -> str:
    """What is wrong with a form, in one paragraph."""
    return " ".join(text for errors in form.errors.values() for text in errors)


def holding(variant: TreatmentVariant, place: Location) -> dict[str, Any]:
    """What a form whose buttons hold times of `variant` needs."""
    return {
        "url": address("hold", variant),
        "place": place.slug,
        "submission": uuid4(),
    }


def address(name: str, variant: TreatmentVariant, **query: Any) -> str:
    """An address of a page about `variant` that keeps what is given of the question."""
    given = (
        ("for", value.uid) if key == "patient" else (key, value)
        for key, value in query.items()
        if value
    )
    return _address(name, variant.code, *given)


@lru_cache(maxsize=2_000)
def _address(name: str, code: str, *query: tuple[str, Any]) -> str:
    """The same few addresses are on every page of times."""
    path = _path(name, code)
    return f"{path}?{urlencode(query)}" if query else path


@lru_cache(maxsize=1_000)
def _path(name: str, code: str) -> str:
    return reverse(f"bookings:{name}", args=[code])


def iso(moment: datetime, place: Location) -> str:
    """The instant with the place's offset, to the minute."""
    return moment.astimezone(place.tz).isoformat(timespec="minutes")


def one_start_page(on_behalf: Patient | None) -> str:
    """A patient holds a time first; the desk books it at once."""
    return "confirm" if on_behalf else "hold"


def confirm_addresses(
    asked: Asked, on_behalf: Patient | None
) -> Callable[[slots.Slot], str]:
    """Where each of many slots is held or booked; what they share is written once."""
    path = address(
        one_start_page(on_behalf),
        asked.variant,
        place=asked.place.slug,
        patient=on_behalf,
    )

    def of(slot: slots.Slot) -> str:
        at = quote_plus(iso(slot.start, asked.place))
        return f"{path}&practitioner={slot.practitioner.slug}&at={at}"

    return of


def start_value(at: datetime, who: Practitioner | None, place: Location) -> str:
    """A start as the buttons that hold it send it (`forms.StartField`)."""
    return f"{iso(at, place)} {who.slug if who else ''}"


def shown(findings: Sequence[Finding], place: Location) -> list[dict[str, Any]]:
    """Findings as a page shows them, with the first possible time in words."""
    return [{"finding": finding, "place": place} for finding in findings]


def sight(request: HttpRequest) -> dict[str, bool]:
    """Staff read their own words for it; technical detail is for those who decide."""
    user = request.user
    return {
        "sees_desk": access.is_front_desk(user) or access.is_practitioner(user),
        "sees_detail": access.is_admin(user) or access.is_clinician(user),
    }
