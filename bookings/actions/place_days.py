"""Days on which a place is open or closed, other than it usually is."""

from datetime import date, datetime

from bookings.actions.locks import lock
from bookings.turnstile import in_line
from clinic import audit
from clinic.changes import watching
from clinic.models import Location, PlaceDay, PractitionerRole, User


def set_place_day(
    *,
    place: Location,
    day: date,
    is_open: bool,
    reason: str = "",
    by: User | None,
    now: datetime,
) -> PlaceDay:
    """Say that a place is open or closed on a day, holiday or not.

    Appointments that stand on it stay as they are, at risk.
    """
    with in_line(), watching(by=by, now=now, what=f"a day of {place}"):
        _lock_all(place)
        row, _ = PlaceDay.objects.update_or_create(
            location=place, day=day, defaults={"is_open": is_open, "reason": reason}
        )
        verb = "open on a day" if is_open else "close on a day"
        audit.record(by=by, verb=verb, subject=place, now=now, day=day)
    return row


def clear_place_day(
    *, place: Location, day: date, by: User | None, now: datetime
) -> None:
    """Let a day be as it usually is again."""
    with in_line(), watching(by=by, now=now, what=f"a day of {place}"):
        _lock_all(place)
        if PlaceDay.objects.filter(location=place, day=day).delete()[0]:
            audit.record(by=by, verb="day as usual", subject=place, now=now, day=day)


def _lock_all(place: Location) -> None:
    """Queue with every booking of whoever works there."""
    roles = PractitionerRole.objects.filter(location=place)
    lock(*set(roles.values_list("practitioner", flat=True)))
