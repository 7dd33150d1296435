"""The regions of the body from which a patient chooses where it hurts."""

from functools import partial
from typing import Any

from bookings.rulebook import Rulebook
from clinic.models import ReviewState
from treatments.models import TreatmentVariant


def area_choices(book: Rulebook, variant: TreatmentVariant) -> list[dict[str, Any]]:
    """The regions from which a patient chooses, where the variant leaves it open."""
    if variant.areas_planned or variant.treatment.family != "musculoskeletal":
        return []
    return book.worked_out(area_choices, partial(_regions, book))


def _regions(book: Rulebook) -> list[dict[str, Any]]:
    regions = [
        area
        for area in book.areas.values()
        if area.family == "both"
        and not area.is_group
        and not area.never_treat
        and area.review_state != ReviewState.WITHDRAWN
    ]
    wider = {area.parent for area in regions}
    sides = ("left", "right")
    return [
        {
            "area": area,
            "codes": [f"{area.code}:{side}" for side in sides]
            if area.side_applies
            else [area.code],
        }
        for area in regions
        if area.code not in wider
    ]


def offered(choices: list[dict[str, Any]]) -> frozenset[str]:
    """The codes that a form may send."""
    return frozenset(code for choice in choices for code in choice["codes"])
