"""The check of scope on shipped rules without a database: who holds what, on a day."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from clinic.models import CredentialKind, PremisesLicence, Qualification, Role
from tests import worlds
from treatments import scope
from treatments.models import (
    AreaDepth,
    BodyArea,
    CredentialToken,
    ScopeOfPractice,
    Treatment,
)

DAY = date(2026, 2, 2)
VERIFIER = 1
RULES = worlds.shipped(ScopeOfPractice)
TOKENS = worlds.shipped(CredentialToken)
KINDS = {row.code: row for row in worlds.shipped(CredentialKind)}
ROLES = {row.code: row for row in worlds.shipped(Role)}
TREATMENTS = {row.code: row for row in worlds.shipped(Treatment)}
AREAS = {row.code: row for row in worlds.shipped(BodyArea)}
CAPS = {row.area: row.max_mm for row in worlds.shipped(AreaDepth)}


def held(given: worlds.Paper) -> Qualification:
    """A paper in somebody's hands."""
    fields = dict(given.fields)
    role = fields.pop("role", None)
    return Qualification(
        kind=KINDS[given.kind],
        role=ROLES[role] if role else None,
        verified_by_id=VERIFIER if given.verified else None,
        **fields,
    )


def of_premises(given: worlds.Paper) -> PremisesLicence:
    """A licence in a place's hands."""
    return PremisesLicence(
        kind=KINDS[given.kind],
        verified_by_id=VERIFIER if given.verified else None,
        **given.fields,
    )


def asked(role: str, treatment: str, jurisdiction: str, **more: Any) -> scope.Asked:
    depth = more.pop("depth", None)
    areas = tuple(AREAS[code] for code in more.pop("areas", ()))
    question = scope.Asked(
        role=role,
        treatment=treatment,
        jurisdiction=jurisdiction,
        limited_by_depth=TREATMENTS[treatment].limited_by_depth,
        needs_hours=TREATMENTS[treatment].needs_hours,
        floor_hours=Decimal(54),
        np_independent=False,
        depth_mm=None if depth is None else Decimal(str(depth)),
        areas=areas,
        depth_caps=CAPS,
    )
    return replace(question, **more)


def verdict(
    question: scope.Asked,
    *papers: worlds.Paper,
    day: date = DAY,
    rules: Any = RULES,
    tokens: Any = TOKENS,
    premises: Any = (),
) -> scope.Verdict:
    return scope.decide(
        question,
        day,
        rules=rules,
        tokens=tokens,
        papers=[held(given) for given in papers],
        premises=[of_premises(given) for given in premises],
    )


def refused(question: scope.Asked, *papers: worlds.Paper, **more: Any) -> set[str]:
    """The codes of what speaks against it; empty when nothing does."""
    return {refusal.code for refusal in verdict(question, *papers, **more).refusals}
