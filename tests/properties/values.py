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
class Role:
    code: str
    place: Place
    first: date | None
    last: date | None
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Person:
    slug: str
    active: bool
    roles: tuple[Role, ...]
    papers: tuple[Paper, ...]
    privileges: tuple[Privilege, ...]
    leave: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True)
class Visit:
    """An appointment that is there already."""

    person: str
    role: Role
    variant: Variant
    patient: int
    start: datetime
    status: str

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.variant.minutes)

    @property
    def occupied(self) -> tuple[datetime, datetime]:
        before, after = self.variant.prep, self.variant.cleanup
        return self.start - timedelta(minutes=before), self.end + timedelta(
            minutes=after
        )


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
    visits: tuple[Visit, ...]
    # what is asked
    variant: Variant
    place: Place
    patient: int | None
    areas: tuple[str, ...]
    depth: Decimal | None
    ignored: int | None

    def midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(0), self.place.zone).astimezone(UTC)

    @property
    def window(self) -> tuple[datetime, datetime]:
        last = self.first_day + timedelta(days=self.days)
        return self.midnight(self.first_day), self.midnight(last)
