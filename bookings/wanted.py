"""What somebody wants: the question that every rule is asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bookings.courses import InCourse
from bookings.findings import Closure, Finding
from bookings.rulebook import Rulebook
from clinic.models import (
    Device,
    Location,
    Patient,
    Practitioner,
    PractitionerRole,
    Room,
)
from treatments.areas import PlannedArea
from treatments.models import TreatmentVariant


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """A variant, with a practitioner in a role at a place, for somebody, some time.

    The window `[first, until)` holds starts, in minutes since the epoch (UTC).
    Without a patient the patient's own rules are not asked. Appointments in
    `ignoring` (ids) count as if they were not there. `book` is the rulebook in which
    variant and role were looked up. What is booked already keeps its length,
    `booked_min`, in minutes. `held_from` is the minute since which the start has
    been kept for the patient, if it is. `despite` are the findings that close its one
    start and were overridden; a rule never reads them. `rooms` and `devices` are those
    that a start which is about to be written takes; None until they are chosen.
    """

    book: Rulebook
    variant: TreatmentVariant
    role: PractitionerRole
    first: int
    until: int
    areas: tuple[PlannedArea, ...] = ()
    depth_mm: Decimal | None = None
    patient: Patient | None = None
    ignoring: frozenset[int] = frozenset()
    course: InCourse | None = None
    despite: tuple[Finding, ...] = ()
    rooms: tuple[Room, ...] | None = None
    devices: tuple[Device, ...] | None = None
    booked_min: int | None = None
    held_from: int | None = None

    @property
    def place(self) -> Location:
        return self.role.location

    @property
    def practitioner(self) -> Practitioner:
        return self.role.practitioner

    @property
    def minutes(self) -> int:
        """The visible length."""
        return self.booked_min or self.variant.duration_min

    def closing(self, first: int, until: int, finding: Finding) -> Iterator[Closure]:
        """The starts `[first, until)` closed, as far as they lie in the window."""
        first, until = max(first, self.first), min(until, self.until)
        if first < until:
            yield Closure(first, until, finding)
