"""May this role perform this treatment, here, on that day? The check of section 4.1.

Standard library only: rows come in, refusals go out, nothing is fetched. Default is
deny. Everything is asked of one day of the place, the day of the appointment's end.
Source of the order of the questions: section 4.1 of the domain notes.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from clinic import qualifications
from treatments.scope import needs
from treatments.scope.needs import ORDERED, SUPERVISED
from treatments.scope.papers import Papers
from treatments.scope.questions import (
    Asked,
    Needs,
    OrderNeed,
    Refusal,
    Verdict,
    places_of,
)
from treatments.scope.rows import BOOKABLE, effective, look_up
from treatments.scope.tokens import fitting

__all__ = [
    "ORDERED",
    "SUPERVISED",
    "Asked",
    "Needs",
    "OrderNeed",
    "Refusal",
    "Verdict",
    "decide",
    "effective",
    "fitting",
    "look_up",
    "places_of",
    "turning_days",
]

CLOSED = {
    "not_allowed": "SCOPE_NOT_ALLOWED",
    "pending_rules": "SCOPE_PENDING_RULES",
    "silent": "SCOPE_SILENT",
}


def decide(
    asked: Asked,
    day: date,
    *,
    rules: Iterable[Any],
    tokens: Sequence[Any],
    papers: Sequence[Any],
    premises: Sequence[Any],
) -> Verdict:
    """Answer with the row that decided and everything that speaks against it."""
    about_areas = _areas(asked)
    found = look_up(asked, rules, day)
    if found.rule is None or found.refusals:
        return Verdict(found.rule, (*found.refusals, *about_areas))
    rule = found.rule
    if rule.status not in BOOKABLE:
        code = CLOSED.get(rule.status, "SCOPE_UNKNOWN")
        detail = f"{rule.rule_id}: {rule.status}. {rule.other_conditions}".strip()
        return Verdict(rule, (Refusal(code, rule.rule_id, detail), *about_areas))
    check = Papers(asked, rule, day, tokens, papers, premises)
    refusals = (
        *_depth(asked, rule),
        *check.credentials(),
        *check.counts(),
        *check.years(),
        *needs.refusals(asked, rule, tokens),
        *check.insurance(),
        *about_areas,
    )
    found_needs = needs.needs_of(asked, rule, tokens)
    return Verdict(rule, tuple(dict.fromkeys(refusals)), found_needs)


def _depth(asked: Asked, rule: Any) -> Iterable[Refusal]:
    if not asked.limited_by_depth:
        return
    if asked.depth_mm is None:
        yield Refusal("DEPTH_UNKNOWN", asked.treatment, "no planned depth")
    if rule.max_depth_mm is None:
        yield Refusal("SCOPE_WITHOUT_CAP", rule.rule_id, "the rule names no depth")


def _areas(asked: Asked) -> tuple[Refusal, ...]:
    refusals = []
    for area in asked.areas:
        barred = qualifications.listed(asked.treatment, area.never_treat_treatments)
        if area.never_treat and barred:
            refusals.append(Refusal("AREA_NEVER_TREATED", area.code, area.note))
        cap = asked.depth_caps.get(area.code) if asked.limited_by_depth else None
        if cap is not None and asked.depth_mm is not None and asked.depth_mm > cap:
            detail = f"depth {asked.depth_mm} mm > {cap} mm at {area.label}"
            refusals.append(Refusal("DEPTH_OVER_AREA", area.code, detail))
    return tuple(refusals)


def turning_days(
    asked: Asked,
    *,
    rules: Iterable[Any],
    papers: Iterable[Any],
    premises: Iterable[Any],
) -> set[date]:
    """Every day on which the answer of `decide` may differ from the day before."""
    days: set[date] = set()
    years = {0}
    for row in rules:
        if row.role == asked.role and row.treatment == asked.treatment:
            days.update(_turns(row.effective_from, row.effective_until))
            years.add(row.min_years_licensed or 0)
    for paper in [*papers, *premises]:
        days.update(_turns(paper.valid_from, paper.valid_until))
        if paper.valid_from:
            days.update(
                qualifications.years_later(paper.valid_from, count) for count in years
            )
    return days


def _turns(first: date | None, last: date | None) -> Iterable[date]:
    if first:
        yield first
    if last and last < date.max:
        yield last + qualifications.DAY
