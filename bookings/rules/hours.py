"""When the practitioner is there: hours, the grid of starts, leave."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bookings.findings import Closure, Finding
from bookings.models import AvailableTime
from bookings.rulebook import Rulebook
from bookings.timeline import (
    Stretch,
    Timeline,
    local_day,
    local_minute,
    midnight,
    minute_from,
    to_minute,
)
from bookings.wanted import Wanted
from clinic.models import PractitionerRole
from clinic.qualifications import in_force

DAY = timedelta(days=1)


def spans(
    book: Rulebook, role: PractitionerRole, first: int, until: int
) -> list[Stretch]:
    """The hours of a role around a window of minutes, each span whole.

    Hours are wall clock in the place's zone. From the day before the window, whose
    hours may reach into it, to the day after, into which an appointment may reach.
    """
    zone = role.location.tz
    day = local_day(first, zone) - DAY
    last = local_day(until, zone) + DAY
    return book.worked_out(
        ("hours", role.pk, day, last), lambda: _spans(book, role, day, last)
    )


def _spans(
    book: Rulebook, role: PractitionerRole, day: date, last: date
) -> list[Stretch]:
    zone = role.location.tz
    weekly: dict[int, list[AvailableTime]] = {}
    for row in book.hours.get(role.pk, []):
        weekly.setdefault(row.weekday, []).append(row)
    single = book.single_days.get(role.pk, {})
    found = []
    while day <= last:
        rows = single.get(day, ())
        if all(row.adds for row in rows):  # or else the week does not hold that day
            found += [
                _span(day, row.start_time, row.end_time, zone)
                for row in weekly.get(day.weekday(), ())
                if in_force(row, day)
            ]
        found += [
            _span(day, row.start_time, row.end_time, zone)
            for row in rows
            if row.start_time is not None and row.end_time is not None
        ]
        day += DAY
    return found


def _span(day: date, begins: time, ends: time, zone: ZoneInfo) -> Stretch:
    """Of a time shown twice, hours open at the first and close at the second; a day that
    is open to its end closes where the next one begins.
    """
    begin = local_minute(day, begins, zone)
    if ends == time(0):
        return begin, midnight(day + DAY, zone)
    return begin, local_minute(day, ends, zone, latest=True)


def _around(wanted: Wanted) -> list[Stretch]:
    return spans(wanted.book, wanted.role, wanted.first, wanted.until)


class Hours:
    """Closes every start whose visible time does not lie within one stretch of hours.

    Spans that touch are one stretch: nobody goes home between them.
    """

    settled = True
    about_time = True

    def read(self, wanteds: Sequence[Wanted], now: datetime) -> None:
        return None

    def closures(self, facts: None, wanted: Wanted) -> Iterable[Closure]:
        there = Timeline(_around(wanted))
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
    """Closes starts between the marks, counted from the beginning of each span."""

    settled = True
    about_time = True
    about_making = True

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
        for first, until in _around(wanted):
            if first < wanted.until and wanted.first < until:
                yield Closure(first, until, finding, step)


class Leave:
    """Closes starts whose visible time meets a leave of the practitioner."""

    settled = True
    about_time = True

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
