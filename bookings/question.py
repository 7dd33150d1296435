"""What somebody looks for: names looked up in the rulebook, and kept with it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bookings import rulebook
from bookings.courses import InCourse
from bookings.rulebook import Rulebook
from bookings.wanted import Wanted
from clinic.models import Location, Patient, Practitioner, PractitionerRole
from treatments.areas import PlannedArea
from treatments.models import TreatmentVariant


class UnknownName(Exception):
    """A name that stands for nothing here. Its text is a sentence for a person."""

    def __init__(self, what: str, name: str) -> None:
        super().__init__(f"There is no {what} called “{name[:60]}” here.")
        self.what = what


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for. Without a practitioner, anybody will do.

    `depth_mm` is in millimetres. `named_areas` and `named_depth_mm` are as somebody
    asked for them, and nothing where those of the variant are meant. What is booked
    already keeps its length: `booked_min`. `held_from` is the minute since which the
    start has been kept for the patient.
    """

    book: Rulebook
    variant: TreatmentVariant
    place: Location
    practitioner: Practitioner | None = None
    patient: Patient | None = None
    areas: tuple[PlannedArea, ...] = ()
    depth_mm: Decimal | None = None
    named_areas: tuple[PlannedArea, ...] = ()
    named_depth_mm: Decimal | None = None
    ignoring: frozenset[int] = frozenset()
    course: InCourse | None = None
    booked_min: int | None = None
    held_from: int | None = None

    @property
    def minutes(self) -> int:
        """The visible length."""
        return self.booked_min or self.variant.duration_min

    def roles(self) -> list[PractitionerRole]:
        """Whom to ask: everybody at the place, or the one person in every role."""
        return [
            role
            for role in self.book.roles_at(self.place.pk)
            if self.practitioner is None or role.practitioner_id == self.practitioner.pk
        ]

    def wanteds(self, first: int, until: int) -> list[Wanted]:
        """A question for each role, about the starts in `[first, until)` (minutes)."""
        return [
            Wanted(
                book=self.book,
                variant=self.variant,
                role=role,
                first=first,
                until=until,
                areas=self.areas,
                depth_mm=self.depth_mm,
                patient=self.patient,
                ignoring=self.ignoring,
                course=self.course,
                booked_min=self.booked_min,
                held_from=self.held_from,
            )
            for role in self.roles()
        ]

    def afresh(self, book: Rulebook) -> "Asked":
        """The same question, put to a rulebook that was read later.

        Raises UnknownName where a name stands for something else meanwhile, or nothing.
        """
        if book is self.book:
            return self
        now = ask(
            book=book,
            variant=self.variant.code,
            place=self.place.slug,
            practitioner=self.practitioner.slug if self.practitioner else None,
            areas=self.named_areas,
            depth_mm=self.named_depth_mm,
        )
        for what, is_now, was in (
            ("treatment", now.variant, self.variant),
            ("place", now.place, self.place),
            ("practitioner", now.practitioner, self.practitioner),
        ):
            if is_now != was:
                raise UnknownName(what, str(was))
        return replace(
            now,
            patient=self.patient,
            ignoring=self.ignoring,
            course=self.course,
            booked_min=self.booked_min,
            held_from=self.held_from,
        )


def ask(
    *,
    variant: str,
    place: str,
    practitioner: str | None = None,
    patient: Patient | None = None,
    areas: Sequence[PlannedArea] = (),
    depth_mm: Decimal | None = None,
    book: Rulebook | None = None,
) -> Asked:
    """Look the names up, in the current rulebook or in `book`. Raises UnknownName.

    Without areas those of the variant are planned, without a depth the variant's.
    """
    book = book or rulebook.current()
    if variant not in book.variants:
        raise UnknownName("treatment", variant)
    if place not in book.places:
        raise UnknownName("place", place)
    if practitioner and practitioner not in book.practitioners:
        raise UnknownName("practitioner", practitioner)
    wanted = book.variants[variant]
    planned = tuple(areas) or tuple(map(PlannedArea, wanted.areas_planned))
    for area in planned:
        if area.code not in book.areas:
            raise UnknownName("area", area.code)
    return Asked(
        book=book,
        variant=wanted,
        place=book.places[place],
        practitioner=book.practitioners[practitioner] if practitioner else None,
        patient=patient,
        areas=tuple(_sided(area, book) for area in planned),
        depth_mm=wanted.max_depth_mm if depth_mm is None else depth_mm,
        named_areas=tuple(areas),
        named_depth_mm=depth_mm,
    )


def _sided(planned: PlannedArea, book: Rulebook) -> PlannedArea:
    """Where an area has two sides and none is named, both are meant."""
    if book.areas[planned.code].side_applies and not planned.side:
        return PlannedArea(planned.code, "both")
    return planned
