"""Time as whole minutes: conversion at the edges, arithmetic in between.

Standard library only. A minute is an integer counted from the epoch in UTC, so that
lengths can be added without a thought of clock changes. A stretch is half-open:
it holds its first minute and not its `until`.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
Stretch = tuple[int, int]
FIRST_DAY = date.min + timedelta(days=2)
LAST_DAY = date.max - timedelta(days=2)


def to_minute(moment: datetime) -> int:
    """The minute that holds an aware `moment`."""
    return (moment - EPOCH) // MINUTE


def minute_from(moment: datetime) -> int:
    """The first whole minute that is not before an aware `moment`."""
    return -((EPOCH - moment) // MINUTE)


def from_minute(minute: int) -> datetime:
    """The aware moment, in UTC, at which a minute begins."""
    return EPOCH + minute * MINUTE


def local_day(minute: int, zone: ZoneInfo) -> date:
    return from_minute(minute).astimezone(zone).date()


@lru_cache(maxsize=20_000)
def local_minute(day: date, wall: time, zone: ZoneInfo, *, latest: bool = False) -> int:
    """The minute at which clocks in `zone` show `wall` on `day`.

    A time that clocks skip becomes the moment at which they skip it; of a time that
    they show twice it is the first, or the second if `latest`.
    """
    aware = datetime.combine(day, wall, zone)
    early, late = (aware.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if late >= early:  # an ordinary time, or one that is shown twice
        return to_minute(late if latest else early)
    before, after = to_minute(late), to_minute(early)
    offset = from_minute(before).astimezone(zone).utcoffset()
    while after - before > 1:
        middle = (before + after) // 2
        if from_minute(middle).astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def midnight(day: date, zone: ZoneInfo) -> int:
    """The first minute of `day` in `zone`; at the calendar's ends a day or two off.

    Such a day stands for no beginning or no end, and has no UTC in every zone.
    """
    return local_minute(min(max(day, FIRST_DAY), LAST_DAY), time(0), zone)


NEVER, FOREVER = -(2**62), 2**62  # before and after all minutes


class Timeline:
    """A set of minutes, kept as sorted stretches that neither touch nor overlap."""

    __slots__ = ("stretches",)

    def __init__(self, stretches: Iterable[Stretch] = ()) -> None:
        joined: list[Stretch] = []
        begin = end = NEVER
        for first, until in sorted(stretches):
            if first >= until:
                continue
            if first > end:
                if end > NEVER:
                    joined.append((begin, end))
                begin, end = first, until
            elif until > end:
                end = until
        if end > NEVER:
            joined.append((begin, end))
        self.stretches = joined

    @classmethod
    def of(cls, stretches: list[Stretch]) -> "Timeline":
        """Of stretches that are in order already, and apart."""
        found = cls.__new__(cls)
        found.stretches = stretches
        return found

    def __iter__(self) -> Iterator[Stretch]:
        return iter(self.stretches)

    def __bool__(self) -> bool:
        return bool(self.stretches)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Timeline) and self.stretches == other.stretches

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Timeline({self.stretches})"

    def __contains__(self, minute: int) -> bool:
        return any(first <= minute < until for first, until in self.stretches)

    def __or__(self, other: "Timeline") -> "Timeline":
        return Timeline([*self.stretches, *other.stretches])

    def __and__(self, other: "Timeline") -> "Timeline":
        both: list[Stretch] = []
        theirs, at = other.stretches, 0
        for first, until in self.stretches:
            while at < len(theirs) and theirs[at][1] <= first:
                at += 1
            while at < len(theirs) and theirs[at][0] < until:
                both.append((max(first, theirs[at][0]), min(until, theirs[at][1])))
                if theirs[at][1] > until:
                    break
                at += 1
        return self.of(both)

    def __sub__(self, other: "Timeline") -> "Timeline":
        left: list[Stretch] = []
        cuts = other.stretches
        at = 0
        for first, until in self.stretches:
            while at < len(cuts) and cuts[at][1] <= first:
                at += 1
            cursor, index = first, at
            while index < len(cuts) and cuts[index][0] < until:
                if cuts[index][0] > cursor:
                    left.append((cursor, cuts[index][0]))
                cursor = max(cursor, cuts[index][1])
                index += 1
            if cursor < until:
                left.append((cursor, until))
        return self.of(left)
