"""What a random small clinic is made of: plain values, which know nothing of Django."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Place:
    slug: str
    zone: ZoneInfo
    jurisdiction: str
    grid: int
    notice: int
    horizon: int
    is_open: bool
    keeps: bool  # public holidays
    days: tuple[tuple[date, bool], ...]  # open or closed, whatever else


@dataclass(frozen=True)
class Variant:
    code: str
    treatment: str
    visit: str
    minutes: int
    prep: int
    cleanup: int
    depth: Decimal | None
    offered: bool
    rooms: tuple[str, ...]  # a kind for each room that it needs
    devices: tuple[str, ...]
    around_rooms: tuple[int | None, int | None]  # or as the practitioner
    around_devices: tuple[int | None, int | None]

    def around(self, what: str) -> tuple[int, int]:
        """Minutes before and after for which a "room" or a "device" is needed."""
        own = self.around_rooms if what == "room" else self.around_devices
        usual = (self.prep, self.cleanup)
        return tuple(u if o is None else o for o, u in zip(own, usual, strict=True))


@dataclass(frozen=True)
class Rule:
    """A row of scope; `token` is what it asks for beside the licence."""

    role: str
    treatment: str
    jurisdiction: str
    status: str = "allowed"
    token: str = ""
    hours: int | None = None
    years: int | None = None
    cap: Decimal | None = None
    supervision: str = "none"
    agreed: bool = False  # asks for an agreement by a token of its own
    order: str = ""
    delegates: bool = True  # whether whoever it allows may answer for others
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Paper:
    kind: str  # "licence" or "course"
    role: str | None
    jurisdiction: str
    first: date | None
    last: date | None
    verified: bool
    treatment: str = ""
    hours: int = 0


@dataclass(frozen=True)
class Privilege:
    variant: str
    place: str | None
    depth: Decimal | None
    first: date | None
    last: date | None


@dataclass(frozen=True)
class Agreement:
    person: str
    supervisors: tuple[str, ...]
    variant: str | None  # or else all of the treatment
    treatment: str
    place: str | None
    depth: Decimal | None
    first: date | None
    last: date | None


@dataclass(frozen=True)
class Order:
    """For a patient, standing for a person, or for both; by a person or outside."""

    kind: str
    patient: int | None
    person: str | None
    prescriber: str | None
    treatment: str
    place: str | None
    depth: Decimal | None
    first: date
    last: date | None


@dataclass(frozen=True)
class Span:
    weekday: int
    start: time
    end: time
    first: date | None
    last: date | None


@dataclass(frozen=True)
class Single:
    """Hours of one date; without times, the week does not hold on it."""

    day: date
    start: time | None
    end: time | None


@dataclass(frozen=True)
class Role:
    code: str
    place: Place
    first: date | None
    last: date | None
    spans: tuple[Span, ...]
    singles: tuple[Single, ...] = ()


@dataclass(frozen=True)
class Person:
    slug: str
    active: bool
    roles: tuple[Role, ...]
    papers: tuple[Paper, ...]
    privileges: tuple[Privilege, ...]
    leave: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True)
class Thing:
    """A room or a device of a place."""

    what: str
    slug: str
    place: str
    kinds: tuple[str, ...]
    active: bool
    out: tuple[tuple[datetime, datetime | None], ...]


@dataclass(frozen=True)
class Visit:
    """An appointment that is there already."""

    person: str
    role: Role
    variant: Variant
    patient: int
    start: datetime
    status: str
    takes: tuple[Thing, ...]
    session: int | None = None  # of the course that is asked about

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.variant.minutes)

    @property
    def occupied(self) -> tuple[datetime, datetime]:
        before, after = self.variant.prep, self.variant.cleanup
        return self.start - timedelta(minutes=before), self.end + timedelta(
            minutes=after
        )

    def occupies(self, what: str) -> tuple[datetime, datetime]:
        before, after = self.variant.around(what)
        return self.start - timedelta(minutes=before), self.end + timedelta(
            minutes=after
        )


@dataclass(frozen=True)
class Course:
    """The session that is asked about, and others of the course that are assumed."""

    number: int
    least: int
    most: int
    assumed: tuple[tuple[int, datetime, ZoneInfo], ...]
    to_follow: bool


@dataclass(frozen=True)
class Plan:
    now: datetime
    first_day: date
    days: int
    places: tuple[Place, ...]
    variants: tuple[Variant, ...]
    rules: tuple[Rule, ...]
    people: tuple[Person, ...]
    agreements: tuple[Agreement, ...]
    orders: tuple[Order, ...]
    ways: tuple[tuple[str, str, int], ...]  # minutes from place to place
    things: tuple[Thing, ...]
    visits: tuple[Visit, ...]
    # what is asked
    variant: Variant
    place: Place
    patient: int | None
    areas: tuple[str, ...]
    depth: Decimal | None
    ignored: int | None
    course: Course | None = None

    def midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(0), self.place.zone).astimezone(UTC)

    @property
    def window(self) -> tuple[datetime, datetime]:
        last = self.first_day + timedelta(days=self.days)
        return self.midnight(self.first_day), self.midnight(last)
