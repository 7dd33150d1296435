"""When a practitioner is there: weekly hours and leave."""

from collections.abc import Sequence
from datetime import datetime, time
from itertools import pairwise

from django.db import transaction

from bookings.actions.locks import lock
from bookings.models import AvailableTime, NotAvailableTime
from bookings.turnstile import in_line
from clinic import audit
from clinic.models import Practitioner, PractitionerRole, User

Span = tuple[time, time]


class HoursUnclear(Exception):
    """The times do not make sense. Its text is a sentence for a person."""


def set_hours(
    *,
    role: PractitionerRole,
    weekday: int,
    spans: Sequence[Span],
    by: User | None,
    now: datetime,
) -> list[AvailableTime]:
    """Give a role these hours on a weekday, in place of those it had.

    Wall clock of the place; an end of 00:00 is the midnight after. Raises
    HoursUnclear.
    """
    ordered = sorted(spans)
    _check(ordered)
    with in_line(), transaction.atomic():
        lock(role.practitioner_id)
        AvailableTime.objects.filter(role=role, weekday=weekday).delete()
        rows = AvailableTime.objects.bulk_create(
            AvailableTime(role=role, weekday=weekday, start_time=start, end_time=end)
            for start, end in ordered
        )
        audit.record(
            by=by,
            verb="set hours",
            subject=role,
            now=now,
            weekday=weekday,
            spans=[f"{start:%H:%M}-{end:%H:%M}" for start, end in ordered],
        )
    return rows


def _check(ordered: Sequence[Span]) -> None:
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

    Appointments that stand in that time stay as they are; the page shows them.
    """
    if ends_at <= starts_at:
        raise HoursUnclear("Leave must end after it begins.")
    with in_line(), transaction.atomic():
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
    with in_line(), transaction.atomic():
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
