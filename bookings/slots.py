"""Which times somebody can have, and why not another one: one question, three uses.

Everything that lists, books or explains comes through here, so they cannot differ.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from bookings import evaluator
from bookings.findings import Closure, Finding
from bookings.question import Asked
from bookings.timeline import from_minute, local_day, midnight, minute_from, to_minute
from clinic.models import Location, Practitioner, PractitionerRole

MOST_DAYS = 92
FIRST_YEAR, LAST_YEAR = 1950, 2200
WEEK = 7


class RangeTooLong(Exception):
    """More days than can be asked for at once."""

    def __init__(self) -> None:
        super().__init__(f"Ask for 1 to {MOST_DAYS} days at a time.")


class NoSuchMoment(Exception):
    """A moment that nobody can book: too far off, or between two minutes."""


class Slot(NamedTuple):
    """A time that can be booked: `minutes` of visible time from a minute on.

    `start` and `end` are aware, in UTC.
    """

    practitioner: Practitioner
    role: PractitionerRole
    place: Location
    minute: int
    minutes: int

    @property
    def start(self) -> datetime:
        return from_minute(self.minute)

    @property
    def end(self) -> datetime:
        return from_minute(self.minute + self.minutes)


def open_slots(
    asked: Asked, *, first_day: date, days: int, now: datetime
) -> list[Slot]:
    """The times that can be booked, by start and name.

    Raises RangeTooLong, NoSuchMoment.
    """
    if not 1 <= days <= MOST_DAYS:
        raise RangeTooLong
    _check_year(first_day)
    first = midnight(first_day, asked.place.tz)
    until = midnight(first_day + timedelta(days=days), asked.place.tz)
    return _open(asked, first, until, now)


def _check_year(day: date) -> None:
    if not FIRST_YEAR < day.year < LAST_YEAR:
        raise NoSuchMoment("Choose a day in this century.")


def _open(asked: Asked, first: int, until: int, now: datetime) -> list[Slot]:
    wanteds = asked.wanteds(first, until)
    found: dict[tuple[int, str, int], tuple[Practitioner, PractitionerRole]] = {}
    for wanted, starts in zip(wanteds, evaluator.opened(wanteds, now), strict=True):
        who = wanted.practitioner
        name, pk, both = who.name, who.pk, (who, wanted.role)
        for minute in starts:
            # Somebody in two roles is one person: any of them will do.
            found.setdefault((minute, name, pk), both)
    place, minutes = asked.place, asked.minutes
    return [Slot(*found[key], place, key[0], minutes) for key in sorted(found)]


def first_open(
    asked: Asked, *, now: datetime, since: date | None = None
) -> Slot | None:
    """The first time that can be booked, from the day `since` on, up to the horizon."""
    for day, days in windows(asked.place, now=now, since=since):
        found = open_slots(asked, first_day=day, days=days, now=now)
        if found:
            return found[0]
    return None


def windows(
    place: Location, *, now: datetime, since: date | None = None
) -> Iterator[tuple[date, int]]:
    """A first day and how many: windows that double, from today to the horizon."""
    today = local_day(to_minute(now), place.tz)
    day, days = max(today, since or today), WEEK
    while day <= today + timedelta(days=place.horizon_days):
        yield day, days
        day += timedelta(days=days)
        days = min(2 * days, MOST_DAYS)


def why_not(
    asked: Asked, *, at: datetime, now: datetime, notes: bool = False
) -> list[Finding]:
    """Everything that speaks against a start with the practitioner asked for.

    Empty when it can be booked. Of several roles the one with the fewest reasons
    answers. Raises NoSuchMoment.
    """
    minute = minute_asked(at)
    until = minute + 24 * 60 * MOST_DAYS
    wanteds = asked.wanteds(minute, until)
    if not wanteds:
        return [not_at_place(asked)]
    answers = [
        [
            _with_hope(finding, closures, minute, until)
            for finding in evaluator.findings_at(closures, minute, notes=notes)
        ]
        for closures in evaluator.ask(wanteds, now)
    ]
    return min(answers, key=len)


def _with_hope(
    finding: Finding, closures: Sequence[Closure], minute: int, until: int
) -> Finding:
    moment = evaluator.lets_go(closures, finding, minute, until)
    return finding.possible_from(moment) if moment else finding


def minute_asked(at: datetime) -> int:
    """The minute of a start that somebody asks for. Raises NoSuchMoment."""
    if at.tzinfo is None:
        raise NoSuchMoment(
            "Say the time with its offset, such as 2026-11-23T10:00-07:00."
        )
    _check_year(at)
    minute = to_minute(at)
    if minute_from(at) != minute:
        raise NoSuchMoment("Appointments start on a whole minute.")
    return minute


def not_at_place(asked: Asked) -> Finding:
    if asked.practitioner is None:
        return Finding(
            "NOT_AT_PLACE",
            asked.place.slug,
            f"Nobody works at {asked.place.name} yet.",
            "Choose another place, or call us.",
        )
    who, book = asked.practitioner, asked.book
    held = [role for role in book.roles.values() if role.practitioner_id == who.pk]
    roles = ", ".join(sorted({role.role.label for role in held}))
    where = ", ".join(sorted({role.location.name for role in held}))
    return Finding(
        "NOT_AT_PLACE",
        who.slug,
        f"{who.name}{roles and f' ({roles})'} does not work at {asked.place.name}.",
        "Choose another place or another practitioner.",
        desk=f"{who.name} works at {where}." if where else f"{who.name} has no role.",
    )
