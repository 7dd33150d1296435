"""Times for several sessions of a course at once, from the evaluator that books them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bookings import slots
from bookings.courses import InCourse, Sitting, bounds
from bookings.proposal import Apart, Start, choices, propose, reachable
from bookings.question import Asked
from bookings.slots import MOST_DAYS, Slot, windows
from bookings.timeline import from_minute, local_day, to_minute

DAY = timedelta(days=1)
Wish = tuple[datetime, str]


@dataclass(frozen=True, slots=True)
class Planning:
    """Sessions that are to be chosen together, and how each is asked for.

    `asked` is the question without a session; its practitioner is asked alone, if
    there is one. `standing` are the other sessions of the `course`, by its id.
    """

    asked: Asked
    numbers: tuple[int, ...]
    least_days: int
    most_days: int
    course: int | None = None
    standing: tuple[Sitting, ...] = ()

    def question(self, number: int) -> Asked:
        return replace(self.asked, course=self.session(number))

    def session(self, number: int) -> InCourse:
        return InCourse(
            number,
            self.least_days,
            self.most_days,
            self.course,
            to_follow=number != self.numbers[0],
        )

    @property
    def apart(self) -> list[Apart]:
        """The days between each session that is chosen and the next of them."""
        return [
            Apart(self.least_days, (later - number) * self.most_days)
            for number, later in pairwise(self.numbers)
        ]


class Proposed(NamedTuple):
    """A session with its time, and all the times that it could have instead."""

    number: int
    slot: Slot
    others: list[Slot]


Window = tuple[date, date]


def first_slots(
    planning: Planning, *, first_day: date, days: int, now: datetime
) -> list[Slot]:
    """The times of the first session from which all the others can be reached."""
    windows = _windows(planning, (first_day, first_day + (days - 1) * DAY))
    found = _found(planning, windows, now)
    zone = planning.asked.place.tz
    good = reachable(
        [{local_day(slot.minute, zone) for slot in each} for each in found],
        planning.apart,
    )
    return [slot for slot in found[0] if local_day(slot.minute, zone) in good[0]]


def first_reachable(
    planning: Planning, *, now: datetime, since: date | None = None
) -> Slot | None:
    """The first of them, from the day `since` on, up to the horizon."""
    for day, days in windows(planning.asked.place, now=now, since=since):
        found = first_slots(planning, first_day=day, days=days, now=now)
        if found:
            return found[0]
    return None


def proposal(
    planning: Planning,
    *,
    wishes: Mapping[int, Wish],
    like: Wish | None = None,
    now: datetime,
) -> list[Proposed]:
    """A time for each session; empty where not all can have one.

    A wish, a start and a practitioner's slug by the number of the session, is kept
    where it can be. `like` is a start whose weekday, time and practitioner are sought.
    """
    zone = planning.asked.place.tz
    opening = planning.numbers[0]
    today = local_day(to_minute(now), zone)
    if opening in wishes:
        day = wishes[opening][0].astimezone(zone).date()
        window = (day, day)
    else:
        window = (today, today + planning.asked.place.horizon_days * DAY)
    found = _found(planning, _windows(planning, window), now)
    by_start = [{_start(slot): slot for slot in each} for each in found]
    wished = [_wished(planning, wishes.get(number)) for number in planning.numbers]
    chosen = propose(
        [list(each) for each in by_start],
        planning.apart,
        wishes=wished,
        like=_wished(planning, like),
    )
    good = reachable(
        [{start.day for start in each} for each in by_start], planning.apart
    )
    befores = [None, *chosen[:-1]]
    aparts = [None, *planning.apart]
    return [
        Proposed(
            planning.numbers[at],
            by_start[at][start],
            [
                by_start[at][other]
                for other in choices(
                    list(by_start[at]), good[at], befores[at], aparts[at]
                )
            ],
        )
        for at, start in enumerate(chosen)
    ]


def _wished(planning: Planning, wish: Wish | None) -> Start | None:
    people = planning.asked.book.practitioners
    if wish is None or wish[1] not in people:
        return None
    return _at(to_minute(wish[0]), planning.asked.place.tz, people[wish[1]].pk)


def _start(slot: Slot) -> Start:
    return _at(slot.minute, slot.place.tz, slot.practitioner.pk)


def _at(minute: int, zone: ZoneInfo, who: int) -> Start:
    shown = from_minute(minute).astimezone(zone)
    return Start(minute, shown.date(), shown.hour * 60 + shown.minute, who)


def _windows(planning: Planning, opening: Window) -> list[Window]:
    """From when to when each session can lie, if the first lies in `opening`."""
    windows: list[Window] = []
    first, last = opening
    for number, apart in zip(
        planning.numbers, [Apart(0, 0), *planning.apart], strict=True
    ):
        first, last = first + apart.least * DAY, last + apart.most * DAY
        first, last = _clipped(planning, number, (first, last))
        windows.append((first, last))
    return windows


def _clipped(planning: Planning, number: int, window: Window) -> Window:
    """Within what the standing neighbours leave open: there is no need to look else."""
    zone = planning.asked.place.tz
    first, last = window
    for limit in bounds(planning.session(number), zone, planning.standing):
        if limit is not None:
            first = max(first, local_day(limit.first, zone))
            last = min(last, local_day(limit.until - 1, zone))
    return first, last


def _found(
    planning: Planning, windows: Sequence[Window], now: datetime
) -> list[list[Slot]]:
    """The open times of each session within its window."""
    return [
        _open(planning.question(number), *window, now)
        for number, window in zip(planning.numbers, windows, strict=True)
    ]


def _open(asked: Asked, first: date, last: date, now: datetime) -> list[Slot]:
    found: list[Slot] = []
    while first <= last:
        days = min((last - first).days + 1, MOST_DAYS)
        found += slots.open_slots(asked, first_day=first, days=days, now=now)
        first += days * DAY
    return found
