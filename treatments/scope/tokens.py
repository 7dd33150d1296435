"""Which row says what meets a token of a scope row."""

from collections.abc import Iterable
from typing import Any

from clinic import qualifications
from treatments.scope.questions import Asked, places_of


def fitting(token: str, asked: Asked, tokens: Iterable[Any]) -> Any | None:
    """The row of `token` that fits role, place and treatment most closely, if any."""

    def closeness(row: Any) -> tuple[bool, int, bool]:
        places = row.jurisdictions
        place = next(
            rank
            for rank, name in enumerate(places_of(asked.jurisdiction))
            if name == "*" or qualifications.named(name, places)
        )
        role = not qualifications.named(asked.role, row.roles)
        return role, place, not qualifications.named(asked.treatment, row.treatments)

    rows = [row for row in tokens if row.token == token and fits(row, asked)]
    return min(rows, key=closeness, default=None)


def fits(row: Any, asked: Asked) -> bool:
    """Is this row of a token for that role, place and treatment?"""
    return (
        row.review_state != "withdrawn"
        and qualifications.listed(asked.role, row.roles)
        and qualifications.listed(asked.treatment, row.treatments)
        and any(
            qualifications.listed(place, row.jurisdictions)
            for place in places_of(asked.jurisdiction)[:2]
        )
    )


def is_national(paper: Any, asked: Asked, tokens: Iterable[Any]) -> bool:
    """Do the tokens name the paper's country for its kind, as one place?

    A registration of Great Britain reaches its parts; of a country whose states license
    by themselves there is no paper that would.
    """
    return any(
        fits(row, asked)
        and paper.kind.code in codes(row)
        and qualifications.named(paper.jurisdiction, row.jurisdictions)
        for row in tokens
    )


def codes(row: Any) -> set[str]:
    """The kinds of credential any one of which meets a token's row."""
    return {code.strip() for code in row.satisfied_by.split("|")}
