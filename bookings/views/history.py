"""What happened to an appointment, from its audit rows: who did what, and when.

A patient reads "You" and "The clinic", and nothing of what staff decide among them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bookings.calendar import clock
from bookings.models import Appointment, Cause
from bookings.rulebook import Rulebook
from bookings.templatetags.local import money, short_day_at
from bookings.timeline import to_minute
from clinic.models import AuditEvent, Location

Detail = dict[str, Any]


@dataclass(frozen=True)
class Event:
    """One line of the history; `more` are words besides, for whoever may read them."""

    at: datetime
    who: str
    what: str
    more: str = ""


@dataclass(frozen=True)
class Reader:
    """Who reads it: the patient, the desk, or a practitioner."""

    user_id: int
    is_staff: bool
    sees_fees: bool


def history(found: Appointment, book: Rulebook, reader: Reader) -> list[Event]:
    """From the first to the last, in one statement."""
    rows = AuditEvent.objects.filter(
        subject_kind=Appointment._meta.label_lower, subject_id=str(found.pk)
    )
    events = []
    for row in rows.select_related("by").order_by("at", "pk"):
        what, more = _told(row, found, book, reader)
        if what:
            events.append(Event(row.at, _who(row, found, reader), what, more))
    return events


def _who(row: AuditEvent, found: Appointment, reader: Reader) -> str:
    if reader.is_staff:
        name = str(row.by) if row.by else "By itself"
        own = row.by_id is not None and row.by_id == found.patient.user_id
        return f"{name} (patient)" if own else name
    return "You" if row.by_id == reader.user_id else "The clinic"


def _told(
    row: AuditEvent, found: Appointment, book: Rulebook, reader: Reader
) -> tuple[str, str]:
    """What happened, and more; nothing where it is not for this reader."""
    if row.verb.startswith("fee ") and not reader.sees_fees:
        return "", ""
    if row.verb in WORDS:
        more = _for_staff(row, found) if reader.is_staff else ""
        return WORDS[row.verb](row.detail, found, book), more
    if not reader.is_staff:
        return "", ""
    return row.verb.capitalize(), str(row.detail.get("code", ""))


def _for_staff(row: AuditEvent, found: Appointment) -> str:
    if row.verb == "cancelled":
        cause = dict(Cause.choices).get(row.detail.get("caused_by", ""), "")
        told = [f"Caused by {cause.lower()}" if cause else "", found.cancel_reason]
        return ". ".join(filter(None, told))
    if row.verb == "entered-in-error":
        return found.error_reason
    if row.verb == "fee waived":
        fee = getattr(found, "fee", None)
        return fee.waived_because if fee else ""
    return ""


def _when(text: str | None, place: Location) -> str:
    if not text:
        return ""
    at = datetime.fromisoformat(text)
    return f"{short_day_at(at, place)}, {clock(to_minute(at), place.tz)}"


def _for_a_time(verb: str) -> Callable[[Detail, Appointment, Rulebook], str]:
    def told(detail: Detail, found: Appointment, book: Rulebook) -> str:
        when = _when(detail.get("starts_at"), found.place)
        return f"{verb} for {when}" if when else verb

    return told


def _moved(detail: Detail, found: Appointment, book: Rulebook) -> str:
    """Both times, each on the clocks of its place, and who or where if that changed."""
    before, after = detail["before"], detail["after"]
    other_place = before["place"] != after["place"]
    other_person = before["practitioner"] != after["practitioner"]

    def of(end: dict[str, str]) -> str:
        place = book.places.get(end["place"], found.place)
        words = [_when(end["starts_at"], place)]
        if other_person:
            person = book.practitioners.get(end["practitioner"])
            words.append(f"with {person.name}" if person else "")
        if other_place:
            words.append(f"in {place.name}")
        return " ".join(filter(None, words))

    return f"Moved from {of(before)} to {of(after)}"


def _plain(words: str) -> Callable[[Detail, Appointment, Rulebook], str]:
    return lambda detail, found, book: words


def _fee(words: str) -> Callable[[Detail, Appointment, Rulebook], str]:
    def told(detail: Detail, found: Appointment, book: Rulebook) -> str:
        fee = getattr(found, "fee", None)
        return f"{words}: {money(fee.amount_usd)}" if fee else words

    return told


WORDS: dict[str, Callable[[Detail, Appointment, Rulebook], str]] = {
    "book": _for_a_time("Booked"),
    "hold": _for_a_time("Held"),
    "confirm": _for_a_time("Confirmed"),
    "let go": _plain("Let go"),
    "move": _moved,
    "arrived": _plain("Arrived"),
    "fulfilled": _plain("Done"),
    "cancelled": _plain("Cancelled"),
    "noshow": _plain("Did not come"),
    "entered-in-error": _plain("Marked as entered in error"),
    "fee owed": _fee("Fee owed"),
    "fee waived": _fee("Fee waived"),
    "fee paid": _fee("Fee paid"),
}
