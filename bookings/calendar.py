"""Lays days out as a calendar: where each thing stands in an SVG, in pixels.

Standard library only. Heights are minutes that pass, never differences of wall
clocks: ninety minutes are three times as tall as thirty on every day. A column is
hung up by its noon, so that columns of days with 23, 24 and 25 hours share one axis.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import NamedTuple
from unicodedata import east_asian_width
from zoneinfo import ZoneInfo

from bookings.timeline import Stretch, from_minute, local_minute, midnight

HOUR = 60
USUAL = (8 * HOUR, 18 * HOUR)  # shown at least
PX = 1.5  # a minute; every whole minute is exact in pixels
HEAD = 60  # above columns that have headings
BARE = 14  # above those that have none
GUTTER = 60  # left of the columns, for the hours
FOOT, LINE = 12, 17
INSET = 4  # between the edge of a column and its events
PADDING = 10  # between the edge of an event and its words
BOLD = 0.88  # of what fits in ordinary letters, fits in bold ones


class Event(NamedTuple):
    """Something that stands in a column, with the words on it."""

    first: int
    until: int
    title: str
    detail: str = ""
    status: str = "booked"
    family: str = ""
    href: str = ""
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A day of somebody: hours, leave and events, all in minutes."""

    day: date
    head: str = ""
    sub: str = ""
    is_today: bool = False
    hours: tuple[Stretch, ...] = ()
    leave: tuple[Stretch, ...] = ()
    leave_word: str = "Away"
    events: tuple[Event, ...] = ()


class Box(NamedTuple):
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


class Mark(NamedTuple):
    """A line across, with the hour beside it."""

    y: float
    label: str = ""


class Words(NamedTuple):
    """A line of text on an event."""

    y: float
    time: str = ""
    title: str = ""
    text: str = ""


class DrawnEvent(NamedTuple):
    event: Event
    box: Box
    words: tuple[Words, ...]

    @property
    def frame(self) -> Box:
        """Inside the box, so that the line around it adds nothing to its height."""
        x, y, width, height = self.box
        return Box(x + 1, y + 1, max(width - 2, 0), max(height - 2, 0))


class DrawnColumn(NamedTuple):
    """A column in its place. `own_hours` are its labels where the axis is not its."""

    column: Column
    head: str
    sub: str
    box: Box
    hours: tuple[Box, ...]
    leave: tuple[Box, ...]
    events: tuple[DrawnEvent, ...]
    own_hours: tuple[Mark, ...]
    now_y: float | None


class Calendar(NamedTuple):
    width: float
    height: float
    columns: tuple[DrawnColumn, ...]
    hours: tuple[Mark, ...]
    gutter: float = GUTTER


class Axis(NamedTuple):
    """What is shown, in positions: minutes counted from 12 hours before noon."""

    zone: ZoneInfo
    first: int
    until: int
    top: float

    def y(self, position: int) -> float:
        return self.top + (position - self.first) * PX


def lay_out(
    columns: Sequence[Column],
    *,
    zone: ZoneInfo,
    now: int | None = None,
    column_width: float = 200,
) -> Calendar:
    """Place `columns` side by side: all of one day, or one a day."""
    axis = _axis(columns, zone)
    labels = dict(_labels(_ordinary(columns, zone), axis))
    return Calendar(
        width=GUTTER + len(columns) * column_width + 1,
        height=axis.y(axis.until) + FOOT,
        columns=tuple(
            _draw(column, GUTTER + at * column_width, column_width, axis, labels, now)
            for at, column in enumerate(columns)
        ),
        hours=tuple(Mark(axis.y(at), label) for at, label in labels.items()),
    )


def clock(minute: int, zone: ZoneInfo) -> str:
    """What clocks show, as people write it: 9:00 AM."""
    shown = from_minute(minute).astimezone(zone)
    return f"{shown.hour % 12 or 12}:{shown:%M} {'AM' if shown.hour < 12 else 'PM'}"


def from_to(first: int, until: int, zone: ZoneInfo) -> str:
    """A stretch, as people write it: 9:00 to 9:30 AM."""
    begins, ends = clock(first, zone), clock(until, zone)
    return f"{begins[:-3] if begins[-2:] == ends[-2:] else begins} to {ends}"


def bounds(day: date, zone: ZoneInfo) -> Stretch:
    """The first minute of `day` and the first after it: 23, 24 or 25 hours."""
    return midnight(day, zone), midnight(day + timedelta(days=1), zone)


def origin_of(day: date, zone: ZoneInfo) -> int:
    """The minute at position 0: midnight, unless clocks change before noon."""
    return local_minute(day, time(12), zone) - 12 * HOUR


def _axis(columns: Sequence[Column], zone: ZoneInfo) -> Axis:
    """From an hour before the first thing to an hour after the last."""
    busy, days = list(USUAL), []
    for column in columns:
        day, origin = bounds(column.day, zone), origin_of(column.day, zone)
        days += [(day[0] - origin) // HOUR * HOUR, -(-(day[1] - origin) // HOUR) * HOUR]
        events = [(event.first, event.until) for event in column.events]
        for first, until in _within([*column.hours, *events], day):
            busy += [first - origin - HOUR, until - origin + HOUR]
    first, until = min(busy) // HOUR * HOUR, -(-max(busy) // HOUR) * HOUR
    top = HEAD if any(column.head for column in columns) else BARE
    return Axis(zone, max(first, min(days)), min(until, max(days)), top)


def _within(stretches: Iterable[Stretch], limit: Stretch) -> Iterator[Stretch]:
    for first, until in stretches:
        if first < limit[1] and limit[0] < until:
            yield max(first, limit[0]), min(until, limit[1])


def _ordinary(columns: Sequence[Column], zone: ZoneInfo) -> date:
    """The day whose clocks label the axis: one of 24 hours, if there is one."""
    for column in columns:
        first, until = bounds(column.day, zone)
        if until - first == 24 * HOUR:
            return column.day
    return columns[0].day


def _labels(day: date, axis: Axis) -> Iterator[tuple[int, str]]:
    """Where each hour of `day` begins on the axis, and what clocks show then."""
    first, until = bounds(day, axis.zone)
    for position in range(axis.first, axis.until + 1, HOUR):
        minute = origin_of(day, axis.zone) + position
        if first <= minute <= until:
            yield position, clock(minute, axis.zone).replace(":00", "")


def _draw(
    column: Column,
    x: float,
    width: float,
    axis: Axis,
    labels: dict[int, str],
    now: int | None,
) -> DrawnColumn:
    origin = origin_of(column.day, axis.zone)
    first, until = bounds(column.day, axis.zone)
    shown = max(first, origin + axis.first), min(until, origin + axis.until)

    def boxes(stretches: Iterable[Stretch]) -> tuple[Box, ...]:
        return tuple(
            Box(x, axis.y(begins - origin), width, (ends - begins) * PX)
            for begins, ends in _within(stretches, shown)
        )

    line = boxes([(now, now + 1)] if now is not None else [])
    return DrawnColumn(
        column=column,
        head=fitted(column.head, width - 16),
        sub=fitted(column.sub, width - 16),
        box=boxes([shown])[0],
        hours=boxes(column.hours),
        leave=boxes(column.leave),
        events=tuple(
            _event(event, lane, boxes([event[:2]])[0], axis.zone)
            for event, lane in _lanes(column.events)
        ),
        own_hours=tuple(
            Mark(axis.y(at), label)
            for at, label in _labels(column.day, axis)
            if labels.get(at) != label
        ),
        now_y=line[0].y if line else None,
    )


def _lanes(events: Iterable[Event]) -> Iterator[tuple[Event, tuple[int, int]]]:
    """Each event with its lane and how many lanes stand side by side there."""
    cluster: list[tuple[Event, int]] = []
    ends: list[int] = []  # of the last event in each lane
    for event in sorted(events):
        if ends and event.first >= max(ends):
            yield from ((each, (lane, len(ends))) for each, lane in cluster)
            cluster, ends = [], []
        lane = next((n for n, end in enumerate(ends) if end <= event.first), len(ends))
        ends[lane : lane + 1] = [event.until]
        cluster.append((event, lane))
    yield from ((each, (lane, len(ends))) for each, lane in cluster)


def _event(
    event: Event, lane: tuple[int, int], whole: Box, zone: ZoneInfo
) -> DrawnEvent:
    width = (whole.width - 2 * INSET) / lane[1]
    box = whole._replace(x=whole.x + INSET + lane[0] * width, width=width - 2)
    room = width - 2 * PADDING
    starts, span = clock(event.first, zone)[:-3], from_to(*event[:2], zone)
    if box.height >= 3 * LINE + 12:
        rows = [
            Words(18, time=fitted(span, room)),
            Words(18 + LINE, title=fitted(event.title, room * BOLD)),
            Words(18 + 2 * LINE, text=fitted(event.detail, room)),
        ]
    else:
        title = fitted(event.title, room * BOLD - measure(f"{starts}  "))
        rows = [Words(16, starts, title)]
        rows += [Words(16 + LINE, text=fitted(event.detail, room))]
    rows = rows[: int((box.height - 1) // LINE)]
    return DrawnEvent(event, box, tuple(w._replace(y=box.y + w.y) for w in rows))


def measure(text: str) -> float:
    """Roughly how wide `text` is at 13 pixels, rather more than less."""
    wide = {"W": 13.5, "F": 13.5}
    return sum(wide.get(east_asian_width(ch), 9 if ch.isupper() else 7) for ch in text)


def fitted(text: str, room: float) -> str:
    """`text`, cut with an ellipsis where it does not fit into `room` pixels."""
    if measure(text) <= room:
        return text
    while text and measure(text) + 9 > room:
        text = text[:-1]
    return f"{text.rstrip()}…" if text else ""
