"""The hours of one date, whatever the week says."""

from collections.abc import Sequence
from datetime import date, datetime

from bookings.actions.hours import Span, check_spans
from bookings.actions.locks import lock
from bookings.models import SingleDay
from bookings.turnstile import in_line
from clinic import audit
from clinic.changes import watching
from clinic.models import PractitionerRole, User


def set_day(
    *,
    role: PractitionerRole,
    day: date,
    spans: Sequence[Span],
    by: User | None,
    now: datetime,
) -> None:
    """Give a role exactly these hours on one date, perhaps none.

    Wall clock of the place; an end of 00:00 is the midnight after. They stay as they
    are when the weekly hours change. Raises HoursUnclear.
    """
    ordered = sorted(spans)
    check_spans(ordered)
    with in_line(), watching(by=by, now=now, what=_what(role)):
        lock(role.practitioner_id)
        SingleDay.objects.filter(role=role, day=day).delete()
        SingleDay.objects.bulk_create(
            [
                SingleDay(role=role, day=day),
                *(
                    SingleDay(role=role, day=day, start_time=start, end_time=end)
                    for start, end in ordered
                ),
            ]
        )
        audit.record(
            by=by,
            verb="set day",
            subject=role,
            now=now,
            day=day,
            spans=[f"{start:%H:%M}-{end:%H:%M}" for start, end in ordered],
        )


def clear_day(
    *, role: PractitionerRole, day: date, by: User | None, now: datetime
) -> None:
    """Let the weekly hours hold on a date again, and nothing besides."""
    with in_line(), watching(by=by, now=now, what=_what(role)):
        lock(role.practitioner_id)
        if SingleDay.objects.filter(role=role, day=day).delete()[0]:
            audit.record(by=by, verb="clear day", subject=role, now=now, day=day)


def _what(role: PractitionerRole) -> str:
    return f"a day of {role.practitioner} at {role.location}"
