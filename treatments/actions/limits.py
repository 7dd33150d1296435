"""Periods and depths that contradict themselves, refused with a sentence."""

from datetime import date
from decimal import Decimal

from clinic.actions import Refused
from treatments.models import Treatment

HUNDREDTH = Decimal("0.01")


def check_limits(
    refused: type[Refused],
    treatment: Treatment,
    depth: Decimal | None,
    first: date | None,
    last: date | None,
) -> None:
    """Raises `refused` with a sentence; `depth` is in millimetres."""
    if first and last and last < first:
        raise refused(
            f"It would end on {last}, before it begins on {first}. "
            "Give an end that is not before the beginning."
        )
    if depth is None:
        return
    if not treatment.limited_by_depth:
        raise refused(f"{treatment} has no depth. Leave the depth out.")
    if not 0 < depth < 100 or depth != depth.quantize(HUNDREDTH):
        raise refused(
            "Give a depth in millimetres between 0 and 100, with two decimals at most."
        )
