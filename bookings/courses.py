"""The days between the sessions of a course: pure arithmetic of local dates.

Standard library only. Days between two sessions are the difference of their local
dates, in the place of the later one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bookings.timeline import local_day, midnight

DAY = timedelta(days=1)


class Sitting(NamedTuple):
    """A session of a course, with the minute of its start and the zone of its place."""

    number: int
    minute: int
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class InCourse:
    """Which session of a course is wanted, and how far apart its sessions lie.

    `course` is the course's id, None while it is not written. `assumed` are sessions
    that take the place of those that the database has of the same number. A session
    is `to_follow` where one before it will be chosen first.
    """

    number: int
    least_days: int
    most_days: int
    course: int | None = None
    assumed: tuple[Sitting, ...] = ()
    to_follow: bool = False

    def others(self, known: Iterable[Sitting]) -> list[Sitting]:
        """The other sessions: those assumed, and those known of other numbers."""
        replaced = {self.number, *(sitting.number for sitting in self.assumed)}
        mine = [sitting for sitting in self.assumed if sitting.number != self.number]
        return mine + [each for each in known if each.number not in replaced]

    def follows(self, known: Iterable[Sitting]) -> bool:
        """Whether a session before this one is booked, or is about to be."""
        return self.to_follow or any(
            other.number < self.number for other in self.others(known)
        )


class Bounds(NamedTuple):
    """What one neighbour leaves open: the starts in `[first, until)`, in minutes."""

    neighbour: Sitting
    first: int
    until: int


def bounds(
    asked: InCourse, zone: ZoneInfo, known: Iterable[Sitting]
) -> tuple[Bounds | None, Bounds | None]:
    """What the nearest sessions before and after leave open to one at `zone`.

    Two sessions lie at least `least_days` apart whatever happens to those between
    them, and at most as many times `most_days` as there are steps from one to the
    other.
    """
    placed = asked.others(known)
    before = [each for each in placed if each.number < asked.number]
    after = [each for each in placed if each.number > asked.number]
    return (
        _behind(max(before), asked, zone) if before else None,
        _ahead_of(min(after), asked) if after else None,
    )


def _behind(neighbour: Sitting, asked: InCourse, zone: ZoneInfo) -> Bounds:
    day = local_day(neighbour.minute, zone)
    most = (asked.number - neighbour.number) * asked.most_days
    return Bounds(
        neighbour,
        midnight(day + asked.least_days * DAY, zone),
        midnight(day + (most + 1) * DAY, zone),
    )


def _ahead_of(neighbour: Sitting, asked: InCourse) -> Bounds:
    """The neighbour is the later one, so the dates are those of its place."""
    zone = neighbour.zone
    day = local_day(neighbour.minute, zone)
    most = (neighbour.number - asked.number) * asked.most_days
    return Bounds(
        neighbour,
        midnight(day - most * DAY, zone),
        midnight(day - (asked.least_days - 1) * DAY, zone),
    )


def is_lapsed(
    asked: InCourse, zone: ZoneInfo, known: Iterable[Sitting], now: int
) -> bool:
    """Whether a session that nobody comes to can no longer be booked in its place."""
    limits = bounds(asked, zone, list(known))
    return any(limit is not None and limit.until <= now for limit in limits)
