"""Dates for the sessions of a course, so that none leads into a corner.

Standard library only. Which starts of a session are good is worked out backwards: one
is reachable while the session after it has a reachable start within the days between
the two. Whoever goes forward over reachable starts alone comes to the end.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple


class Start(NamedTuple):
    """A start as it matters here; `wall` are minutes on the clock, `who` anybody's id."""

    minute: int
    day: date
    wall: int
    who: int


class Apart(NamedTuple):
    """Least and most days between a session and the one that is chosen after it."""

    least: int
    most: int


def reachable(
    days: Sequence[Iterable[date]], apart: Sequence[Apart]
) -> list[frozenset[date]]:
    """The days of each session from which all sessions after it can be reached.

    `apart` has one entry less than `days`.
    """
    found = [frozenset(days[-1])]
    for own, (least, most) in zip(reversed(days[:-1]), reversed(apart), strict=True):
        later = sorted(day.toordinal() for day in found[-1])
        good = set()
        for day in own:
            first = bisect_left(later, day.toordinal() + least)
            if first < len(later) and later[first] <= day.toordinal() + most:
                good.add(day)
        found.append(frozenset(good))
    return found[::-1]


def choices(
    starts: Sequence[Start],
    days: frozenset[date],
    before: Start | None,
    apart: Apart | None,
) -> list[Start]:
    """The starts on reachable `days` that come rightly after the one `before` them."""
    if before is None or apart is None:
        return [start for start in starts if start.day in days]
    return [
        start
        for start in starts
        if start.day in days
        and apart.least <= (start.day - before.day).days <= apart.most
    ]


def propose(
    starts: Sequence[Sequence[Start]],
    apart: Sequence[Apart],
    *,
    wishes: Sequence[Start | None],
    like: Start | None = None,
) -> list[Start]:
    """One start of each session, or none at all where there is no way through.

    A wish is kept where it leads on; else the same practitioner, weekday and time of
    day as `like`, or as the session before, are sought, and then the earliest day.
    """
    days = reachable([{start.day for start in each} for each in starts], apart)
    found: list[Start] = []
    for number, own in enumerate(starts):
        before = found[-1] if found else None
        left = choices(own, days[number], before, apart[number - 1] if found else None)
        if not left:
            return []
        wish = wishes[number]
        model = like or (found[0] if found else None)
        found.append(wish if wish in left else _most_like(left, model))
    return found


def _most_like(starts: Sequence[Start], model: Start | None) -> Start:
    if model is None:
        return min(starts)

    def differs(start: Start) -> tuple[bool, bool, int, Start]:
        return (
            start.who != model.who,
            start.day.weekday() != model.day.weekday(),
            abs(start.wall - model.wall),
            start,
        )

    return min(starts, key=differs)
