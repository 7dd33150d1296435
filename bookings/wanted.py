"""What somebody wants: the question that every rule is asked."""

from dataclasses import dataclass
from decimal import Decimal

from bookings.rulebook import Rulebook
from clinic.models import Location, Patient, Practitioner, PractitionerRole
from treatments.areas import PlannedArea
from treatments.models import TreatmentVariant


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """A variant, with a practitioner in a role at a place, for somebody, some time.

    The window `[first, until)` holds starts, in minutes since the epoch (UTC).
    Without a patient the patient's own rules are not asked. Appointments in
    `ignoring` (ids) count as if they were not there. `book` is the rulebook in which
    variant and role were looked up.
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

    @property
    def place(self) -> Location:
        return self.role.location

    @property
    def practitioner(self) -> Practitioner:
        return self.role.practitioner

    @property
    def minutes(self) -> int:
        """The visible length."""
        return self.variant.duration_min
