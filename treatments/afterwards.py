"""How long ago a session was, and which part of the aftercare that is.

Standard library only. Time runs from the end of the session, for six weeks. Source of
the parts: section 6 of the domain notes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
# Where each part begins and ends. None: where the part before it ends, of those that
# a treatment has, so that nobody is without advice in between.
SPANS: dict[str, tuple[timedelta | None, timedelta]] = {
    "0-4h": (timedelta(0), 4 * HOUR),
    "24h": (None, DAY),
    "48-72h": (DAY, 3 * DAY),
    "week1": (None, WEEK),
    "weeks2-6": (WEEK, 6 * WEEK),
}


class State(StrEnum):
    PAST = "past"
    NOW = "now"
    COMING = "coming"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the time after a session: `[begins, ends)`, aware, in UTC."""

    code: str
    begins: datetime
    ends: datetime
    state: State


def parts(codes: Sequence[str], session_ended: datetime, now: datetime) -> list[Part]:
    """The parts of these codes, in their order. Before the end all are to come."""
    found: list[Part] = []
    until = timedelta(0)
    for code, (begins, ends) in SPANS.items():
        if code not in codes:
            continue
        first = session_ended + (until if begins is None else begins)
        last = session_ended + ends
        found.append(Part(code, first, last, _state(first, last, now)))
        until = ends
    return found


def _state(begins: datetime, ends: datetime, now: datetime) -> State:
    if now < begins:
        return State.COMING
    return State.NOW if now < ends else State.PAST


def goes_on(days: int, session_ended: datetime, now: datetime) -> bool:
    """Whether advice still holds that lasts for so many days since the session."""
    return now < session_ended + days * DAY


def ago(session_ended: datetime, now: datetime) -> str:
    """How long ago, in words; rounded down, so never more than it is."""
    since = now - session_ended
    if since < HOUR:
        return "less than an hour ago"
    for size, word in ((WEEK, "week"), (DAY, "day"), (HOUR, "hour")):
        # Up to two weeks are counted in days: "9 days ago" says more than a week.
        if since >= (2 * WEEK if size == WEEK else size):
            count = since // size
            return f"{count} {word}{'s' if count > 1 else ''} ago"
    raise AssertionError  # an hour or more fits one of the sizes
