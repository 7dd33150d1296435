"""Planned areas: a part of the body, with a side where it has one.

Standard library only. Written as `cheeks:left,nose`; whether such an area exists,
and whether it needs a side, is for those who know the areas to say.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

SIDES = ("left", "right", "both")
MOST = 30
CODE = re.compile(r"[a-z0-9_-]{1,60}")


class AreaUnreadable(ValueError):
    """A list of areas is not written as it should be; the text says how."""


@dataclass(frozen=True, slots=True, order=True)
class PlannedArea:
    """An area's code, and the side: left, right, both, or empty for none."""

    code: str
    side: str = ""

    def __str__(self) -> str:
        return f"{self.code}:{self.side}" if self.side else self.code


def parse_area(word: str) -> PlannedArea:
    code, colon, side = word.strip().partition(":")
    if not CODE.fullmatch(code):
        raise AreaUnreadable(
            f"“{code[:60]}” is no area. Choose an area from the list, such as nose."
        )
    if colon and side not in SIDES:
        raise AreaUnreadable(
            f"“{side[:20]}” is no side. Say {code}:left, {code}:right or {code}:both."
        )
    return PlannedArea(code, side)


def parse_areas(text: str) -> tuple[PlannedArea, ...]:
    """Read `cheeks:left,nose`, each area once, in the order given."""
    words = [word for word in text.split(",") if word.strip()]
    areas = tuple(dict.fromkeys(map(parse_area, words[: MOST + 1])))
    if len(words) > MOST:
        raise AreaUnreadable(
            f"That is more than {MOST} areas. Choose {MOST} areas or fewer."
        )
    return areas


def format_areas(areas: Iterable[PlannedArea]) -> str:
    """Write areas as `parse_areas` reads them."""
    return ",".join(map(str, areas))
