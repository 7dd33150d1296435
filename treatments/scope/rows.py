"""Which row of ScopeOfPractice decides."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from treatments.scope.questions import Asked, Refusal, Verdict, places_of

BOOKABLE = frozenset({"allowed", "allowed_with_conditions"})


def effective(row: Any, day: date) -> bool:
    begun = row.effective_from is None or row.effective_from <= day
    ended = row.effective_until is not None and row.effective_until < day
    return begun and not ended and row.review_state != "withdrawn"


def look_up(asked: Asked, rules: Iterable[Any], day: date) -> Verdict:
    """Find the row that decides, or the refusal that there is none.

    Of several rows at one place the one with the smallest cap that holds the planned
    depth is taken; rows without a cap come last.
    """
    mine = [
        row
        for row in rules
        if row.role == asked.role
        and row.treatment == asked.treatment
        and effective(row, day)
    ]
    for place in places_of(asked.jurisdiction):
        rows = [row for row in mine if row.jurisdiction == place]
        if rows:
            return _choose(asked, rows)
    where = f"{asked.role}, {asked.treatment}, {asked.jurisdiction}"
    return Verdict(None, (Refusal("NO_SCOPE_RULE", asked.role, where),))


def _choose(asked: Asked, rows: list[Any]) -> Verdict:
    depth = asked.depth_mm or Decimal(0)
    capped = [row for row in rows if row.max_depth_mm is not None]
    deep_enough = [row for row in capped if row.max_depth_mm >= depth]
    uncapped = [row for row in rows if row.max_depth_mm is None]
    # Of rows that differ in nothing but their status the strictest decides.
    candidates = sorted(
        deep_enough or uncapped,
        key=lambda row: (row.max_depth_mm or 0, row.status in BOOKABLE, row.rule_id),
    )
    if candidates:
        return Verdict(candidates[0], ())
    deepest = max(capped, key=lambda row: row.max_depth_mm)
    detail = f"depth {depth} mm > {deepest.max_depth_mm} mm ({deepest.rule_id})"
    return Verdict(deepest, (Refusal("OUTSIDE_SCOPE", deepest.rule_id, detail),))
