"""When the practitioner is there: weekly hours, the grid of starts, leave."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from bookings.findings import Closure, Finding
from bookings.models import AvailableTime
from bookings.rulebook import Rulebook
from bookings.timeline import (
    Timeline,
    local_day,
    local_minute,
    minute_from,
    to_minute,
)
from bookings.wanted import Wanted
from clinic.models import PractitionerRole

DAY = timedelta(days=1)


def hours(book: Rulebook, role: PractitionerRole, first: int, until: int) -> Timeline:
    """The stretches in which the role is there and that begin on days of the window.

    Hours are wall clock in the place's zone. Each stretch comes whole, from its first
    minute, since the grid of starts is counted from there.
    """
    zone = role.location.tz
    day, last = local_day(first, zone) - DAY, local_day(until, zone)
    return book.worked_out(
        ("hours", role.pk, day, last), lambda: _hours(book, role, day, last)
    )


def _hours(book: Rulebook, role: PractitionerRole, day: date, last: date) -> Timeline:
    zone = role.location.tz
    weekly: dict[int, list[AvailableTime]] = {}
    for row in book.hours.get(role.pk, []):
        weekly.setdefault(row.weekday, []).append(row)
    stretches = []
    while day <= last:
        for row in weekly.get(day.weekday(), []):
            if (row.valid_from and day < row.valid_from) or (
                row.valid_until and row.valid_until < day
            ):
                continue
            ends = day if row.end_time != time(0) else day + DAY
            stretches.append(
                (
                    local_minute(day, row.start_time, zone),
                    local_minute(ends, row.end_time, zone, latest=True),
                )
            )
        day += DAY
    return Timeline(stretches)


class Hours:
    """Closes every start whose visible time does not lie within one stretch of hours."""

    def read(self, wanteds: Sequence[Wanted], now: datetime) -> None:
        return None

    def closures(self, facts: None, wanted: Wanted) -> Iterable[Closure]:
        there = hours(wanted.book, wanted.role, wanted.first, wanted.until)
        fitting = Timeline(
            (first, until - wanted.minutes + 1) for first, until in there
        )
        finding = Finding(
            "OUTSIDE_HOURS",
            wanted.practitioner.slug,
            f"{wanted.practitioner.name} does not see patients at that time.",
            "Choose another time, or another practitioner.",
            desk=f"Outside hours at {wanted.place.name}.",
        )
        for first, until in Timeline([(wanted.first, wanted.until)]) - fitting:
            yield Closure(first, until, finding)


class Grid:
    """Closes starts between the marks, counted from the beginning of each stretch."""

    def read(self, wanteds: Sequence[Wanted], now: datetime) -> None:
        return None

    def closures(self, facts: None, wanted: Wanted) -> Iterable[Closure]:
        step = wanted.place.start_grid_min
        finding = Finding(
            "OFF_GRID",
            wanted.place.slug,
            f"Appointments at {wanted.place.name} start every {step} minutes.",
            "Choose one of the times shown.",
        )
        there = hours(wanted.book, wanted.role, wanted.first, wanted.until)
        for first, until in there:
            if first < wanted.until and wanted.first < until:
                yield Closure(first, until, finding, step)


class Leave:
    """Closes starts whose visible time meets a leave of the practitioner."""

    def read(self, wanteds: Sequence[Wanted], now: datetime) -> None:
        return None

    def closures(self, facts: None, wanted: Wanted) -> Iterable[Closure]:
        finding = None
        for row in wanted.book.leave.get(wanted.practitioner.pk, []):
            first = max(to_minute(row.starts_at) - wanted.minutes + 1, wanted.first)
            until = min(minute_from(row.ends_at), wanted.until)
            if first < until:
                finding = finding or Finding(
                    "PRACTITIONER_ON_LEAVE",
                    wanted.practitioner.slug,
                    f"{wanted.practitioner.name} is away at that time.",
                    "Choose another day, or another practitioner.",
                )
                yield Closure(first, until, finding)
