"""When a practitioner is there: weekly hours and leave."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from bookings.actions.locks import lock
from bookings.models import AvailableTime, NotAvailableTime
from bookings.timeline import local_day, to_minute
from bookings.turnstile import in_line
from clinic import audit
from clinic.changes import watching
from clinic.models import Practitioner, PractitionerRole, User

DAY = timedelta(days=1)
Span = tuple[time, time]


class HoursUnclear(Exception):
    """The times do not make sense. Its text is a sentence for a person."""


def set_hours(
    *,
    role: PractitionerRole,
    weekday: int,
    spans: Sequence[Span],
    from_day: date | None = None,
    until_day: date | None = None,
    by: User | None,
    now: datetime,
) -> list[AvailableTime]:
    """Give a role these hours on a weekday, from a day to a day, both included.

    Wall clock of the place; an end of 00:00 is the midnight after. What holds outside
    the period stays: older hours end the day before `from_day`, and hours dated for
    later begin when they were to begin, so that without `until_day` the new ones end
    the day before these. Without `from_day` they take the place of all hours that have
    begun. Raises HoursUnclear.
    """
    ordered = sorted(spans)
    check_spans(ordered)
    if from_day and until_day and until_day < from_day:
        raise HoursUnclear("The last day must not be before the first.")
    what = f"hours of {role.practitioner} at {role.location}"
    with in_line(), watching(by=by, now=now, what=what):
        lock(role.practitioner_id)
        known = list(AvailableTime.objects.filter(role=role, weekday=weekday))
        begun = from_day or local_day(to_minute(now), role.location.tz)
        last = until_day or _day_before_next(known, begun)
        _make_room(known, from_day, last)
        rows = AvailableTime.objects.bulk_create(
            AvailableTime(
                role=role,
                weekday=weekday,
                start_time=start,
                end_time=end,
                valid_from=from_day,
                valid_until=last,
            )
            for start, end in ordered
        )
        audit.record(
            by=by,
            verb="set hours",
            subject=role,
            now=now,
            weekday=weekday,
            spans=[f"{start:%H:%M}-{end:%H:%M}" for start, end in ordered],
            from_day=from_day,
            until_day=last,
        )
    return rows


def _day_before_next(known: Sequence[AvailableTime], day: date) -> date | None:
    """The last day before hours that are dated for later; none if there are none."""
    later = [row.valid_from for row in known if row.valid_from and row.valid_from > day]
    return min(later) - DAY if later else None


def _make_room(
    known: Sequence[AvailableTime], first: date | None, last: date | None
) -> None:
    """Cut a period out of rows; what lies before it and behind it stays."""
    for row in known:
        begins, ends = row.valid_from, row.valid_until
        over = first and ends and ends < first
        to_come = last and begins and begins > last
        if over or to_come:
            continue
        row.delete()
        kept: list[tuple[date | None, date | None]] = []
        if first and (begins is None or begins < first):
            kept.append((begins, first - DAY))
        if last and (ends is None or ends > last):
            kept.append((last + DAY, ends))
        for valid_from, valid_until in kept:
            row.pk = None
            row.valid_from, row.valid_until = valid_from, valid_until
            row.save(force_insert=True)


def check_spans(ordered: Sequence[Span]) -> None:
    """Refuse, with HoursUnclear, hours of one day that make no sense."""
    for start, end in ordered:
        if end <= start and end != time(0):
            raise HoursUnclear(f"{end:%H:%M} is not after {start:%H:%M}.")
    for (_, end), (start, _) in pairwise(ordered):
        if end == time(0) or start < end:
            raise HoursUnclear("The hours of one day must not overlap.")


def take_leave(
    *,
    practitioner: Practitioner,
    starts_at: datetime,
    ends_at: datetime,
    reason: str = "",
    by: User | None,
    now: datetime,
) -> NotAvailableTime:
    """Put down that a practitioner is away. Raises HoursUnclear.

    Appointments that stand in that time stay as they are, at risk.
    """
    if ends_at <= starts_at:
        raise HoursUnclear("Leave must end after it begins.")
    what = f"leave of {practitioner}"
    with in_line(), watching(by=by, now=now, what=what):
        lock(practitioner.pk)
        leave = NotAvailableTime.objects.create(
            practitioner=practitioner,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=reason[:120],
        )
        audit.record(
            by=by,
            verb="take leave",
            subject=practitioner,
            now=now,
            starts_at=starts_at,
            ends_at=ends_at,
        )
    return leave


def end_leave(*, leave: NotAvailableTime, by: User | None, now: datetime) -> None:
    """Take a leave back."""
    what = f"leave of {leave.practitioner} taken back"
    with in_line(), watching(by=by, now=now, what=what):
        lock(leave.practitioner_id)
        audit.record(
            by=by,
            verb="end leave",
            subject=leave.practitioner,
            now=now,
            starts_at=leave.starts_at,
            ends_at=leave.ends_at,
        )
        leave.delete()
