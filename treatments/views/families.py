"""Rows in the groups in which pages show them."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol, TypeVar

from treatments.models import Family


class OfFamily(Protocol):
    family: str


Row = TypeVar("Row", bound=OfFamily)


class Group(NamedTuple):
    code: str
    label: str
    rows: list


def by_family(rows: Iterable[Row]) -> list[Group]:
    """The families that have any of these rows, each with its own."""
    given = list(rows)
    groups = (
        Group(
            family.value, family.label, [row for row in given if row.family == family]
        )
        for family in Family
    )
    return [group for group in groups if group.rows]
