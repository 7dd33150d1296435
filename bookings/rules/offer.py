"""Is this offered at all: the variant, the place, the person, the areas?"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from bookings.findings import Closure, Finding
from bookings.rules.scope import within
from bookings.rules.scope_words import OTHER
from bookings.wanted import Wanted
from clinic.models import ReviewState


class Offered:
    """Closes what is not on offer, whatever the time."""

    settled = True

    def read(self, wanteds: Sequence[Wanted], now: datetime) -> None:
        return None

    def closures(self, facts: None, wanted: Wanted) -> Iterable[Closure]:
        whole = partial(Closure, wanted.first, wanted.until)
        for finding in (*_catalogue(wanted), *_areas(wanted), *_depth(wanted)):
            yield whole(finding)
        yield from _role(wanted)


def _catalogue(wanted: Wanted) -> Iterable[Finding]:
    variant, place = wanted.variant, wanted.place
    withdrawn = ReviewState.WITHDRAWN in {
        variant.review_state,
        variant.treatment.review_state,
    }
    if withdrawn or not variant.is_offered:
        yield Finding(
            "NOT_OFFERED",
            variant.code,
            f"{variant.label} is not offered at the moment.",
            "Choose another treatment, or call us.",
            desk="Withdrawn from the catalogue.",
        )
    if not place.is_open:
        yield Finding(
            "PLACE_CLOSED",
            place.slug,
            f"{place.name} takes no bookings at the moment.",
            "Choose another place, or call us.",
        )
    if wanted.role.role.review_state == ReviewState.WITHDRAWN:
        yield Finding(
            "ROLE_NOT_HELD",
            wanted.practitioner.slug,
            f"{wanted.practitioner.name} takes no bookings at the moment "
            f"({wanted.role.role.label}).",
            OTHER,
            desk=f"The role “{wanted.role.role.label}” is withdrawn.",
        )
    if not wanted.practitioner.is_active:
        yield Finding(
            "PRACTITIONER_INACTIVE",
            wanted.practitioner.slug,
            f"{wanted.practitioner.name} takes no bookings at the moment.",
            "Choose another practitioner.",
        )


def _areas(wanted: Wanted) -> Iterable[Finding]:
    treatment = wanted.variant.treatment
    family = "muscle" if treatment.family == "musculoskeletal" else "skin"
    among = wanted.variant.areas_planned
    remedy = "Choose other areas, or book a consultation."
    for planned in wanted.areas:
        area = wanted.book.areas[planned.code]
        if area.review_state == ReviewState.WITHDRAWN:
            message = f"We do not treat this area at the moment: {area.label}."
            yield Finding("AREA_NOT_FOR_TREATMENT", area.code, message, remedy)
        if among and planned.code not in among:
            message = f"{wanted.variant.label} does not include: {area.label}."
            yield Finding("AREA_NOT_IN_VARIANT", area.code, message, remedy)
        if area.family not in {"both", family} and treatment.family != "consultation":
            message = f"{treatment.name} is not done at: {area.label}."
            yield Finding("AREA_NOT_FOR_TREATMENT", area.code, message, remedy)
        if area.is_group:
            message = f"“{area.label}” is too wide to be booked as one area."
            yield Finding("AREA_TOO_WIDE", area.code, message, "Choose a part of it.")
        if planned.side and not area.side_applies:
            message = f"“{area.label}” has no left or right side."
            remedy_side = "Choose it without a side."
            yield Finding("AREA_SIDE_UNKNOWN", area.code, message, remedy_side)


def _depth(wanted: Wanted) -> Iterable[Finding]:
    most = wanted.variant.max_depth_mm
    if wanted.depth_mm is not None and most is not None and wanted.depth_mm > most:
        yield Finding(
            "DEPTH_OVER_VARIANT",
            wanted.variant.code,
            f"{wanted.variant.label} goes no deeper than {most} mm.",
            "Choose the deeper treatment, or book a consultation.",
        )


def _role(wanted: Wanted) -> Iterable[Closure]:
    """The days on which the practitioner does not hold this role here."""
    role = wanted.role
    finding = Finding(
        "ROLE_NOT_HELD",
        wanted.practitioner.slug,
        f"{wanted.practitioner.name} does not work here on that day.",
        OTHER,
        detail=f"role {role.valid_from or '…'} to {role.valid_until or '…'}",
    )
    opens, ends = within(role, wanted)
    yield from wanted.closing(wanted.first, opens, finding)
    yield from wanted.closing(ends, wanted.until, finding)
