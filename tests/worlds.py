"""Clinics for tests: the shipped rules, and people put together from a few words.

Everybody works every day from eight to six, may perform every variant as far as the
clinic is concerned, and holds what the test gives them and nothing else.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.db import models

import treatments
from bookings import slots
from bookings.models import AvailableTime
from bookings.question import ask
from clinic.models import CredentialKind, Role
from tests import factories
from treatments import loader
from treatments.loader.shipped import read_all
from treatments.loader.tables import TABLES
from treatments.models import Privilege, TreatmentVariant

DATA = Path(treatments.__file__).parent / "data"
NOW = datetime(2026, 1, 5, 16, tzinfo=UTC)
MONDAY = date(2026, 2, 2)
MONDAY_10 = datetime(2026, 2, 2, 17, tzinfo=UTC)  # ten o'clock in Denver
VERIFIED = date(2026, 1, 2)
OPENS, SHUTS = time(8), time(18)


def load_shipped() -> None:
    """Bring the shipped rules into the database."""
    loader.load(DATA, now=NOW)


@cache
def _lines() -> dict[str, list[Any]]:
    return read_all(DATA)


def shipped(model: type[models.Model], **wanted: Any) -> list[Any]:
    """The shipped rows of a model without a database; `wanted` narrows them."""
    table = next(table for table in TABLES if table.model is model)
    rows = []
    for line in _lines()[table.file]:
        values = {
            name: model._meta.get_field(name).to_python(value)
            for name, value in table.values(line).items()
            if not isinstance(model._meta.get_field(name), models.ForeignKey)
        }
        if all(values[name] == value for name, value in wanted.items()):
            rows.append(model(**values))
    return rows


@dataclass(frozen=True)
class Paper:
    """A paper on file, before anybody holds it: its kind and what is written on it.

    A licence names role and jurisdiction of its holder unless it names others.
    """

    kind: str
    fields: dict[str, Any] = field(default_factory=dict)
    verified: bool = True

    def but(self, **fields: Any) -> "Paper":
        """The same paper with other fields."""
        return Paper(self.kind, {**self.fields, **fields}, self.verified)

    def unverified(self) -> "Paper":
        return Paper(self.kind, self.fields, verified=False)


LICENCES = {
    "aesthetician": "esthetics_licence",
    "master_aesthetician": "master_esthetics",
}


def paper(kind: str, **fields: Any) -> Paper:
    return Paper(kind, fields)


def licence(role: str, jurisdiction: str, **fields: Any) -> Paper:
    """The licence of a role in a place, for 2020 to 2030."""
    years = {"valid_from": date(2020, 1, 1), "valid_until": date(2030, 12, 31)}
    kind = LICENCES.get(role, "state_licence")
    return paper(kind, role=role, jurisdiction=jurisdiction, **{**years, **fields})


def course(hours: float | str, **fields: Any) -> Paper:
    """A dry needling course of so many hours."""
    return paper("dn_course", specific_hours=Decimal(str(hours)), **fields)


def file(practitioner: Any, papers: Iterable[Paper], verifier: Any) -> list[Any]:
    """Put papers on a practitioner's file."""
    rows = []
    for given in papers:
        fields = dict(given.fields)
        role = fields.pop("role", None)
        rows.append(
            factories.QualificationFactory(
                practitioner=practitioner,
                kind=CredentialKind.objects.get(code=given.kind),
                role=role and Role.objects.get(code=role),
                verified_by=verifier if given.verified else None,
                **{
                    "jurisdiction": "",
                    "valid_from": None,
                    "valid_until": None,
                    **fields,
                },
            )
        )
    return rows


def place(jurisdiction: str = "US-UT", zone: str = "America/Denver", **fields: Any):
    """A place of the clinic, named after where it lies."""
    return factories.LocationFactory(
        slug=jurisdiction.lower(), jurisdiction=jurisdiction, zone=zone, **fields
    )


def somebody(role: str, where: Any, *papers: Paper, slug: str = "somebody") -> Any:
    """A practitioner in a role at a place, with papers, hours and every privilege."""
    practitioner = factories.PractitionerFactory(slug=slug)
    row = factories.PractitionerRoleFactory(
        practitioner=practitioner, role=Role.objects.get(code=role), location=where
    )
    AvailableTime.objects.bulk_create(
        AvailableTime(role=row, weekday=day, start_time=OPENS, end_time=SHUTS)
        for day in range(7)
    )
    Privilege.objects.bulk_create(
        Privilege(practitioner=practitioner, variant=variant, granted_at=NOW)
        for variant in TreatmentVariant.objects.all()
    )
    file(practitioner, papers, factories.UserFactory(is_staff=True))
    return practitioner


def plain(slug: str = "somebody", **place_fields: Any) -> tuple[Any, Any]:
    """A physical therapist who may do all there is, and the place; no shipped rules.

    There is one treatment, an assessment, as "visit" (any, 30 minutes, 5 before and
    10 after), "first" and "follow_up" (the same without these).
    """
    factories.RoleFactory()
    treatment = factories.TreatmentFactory(
        code="consultation_msk", family="consultation"
    )
    for code, visit, before, after in [
        ("visit", "any", 5, 10),
        ("first", "first", 0, 0),
        ("follow_up", "follow_up", 0, 0),
    ]:
        factories.TreatmentVariantFactory(
            code=code,
            treatment=treatment,
            visit=visit,
            prep_min=before,
            cleanup_min=after,
        )
    factories.CredentialKindFactory()
    factories.CredentialTokenFactory()
    factories.ScopeOfPracticeFactory(
        rule_id="CM-ANY-PT",
        treatment=treatment.code,
        jurisdiction="*",
        credential_kind="licence",
    )
    where = place(**place_fields)
    paper_on_file = licence("physical_therapist", where.jurisdiction)
    return somebody("physical_therapist", where, paper_on_file, slug=slug), where


def asked(variant: str, where: Any, practitioner: Any = None, **more: Any):
    """The question as a door would put it."""
    who = practitioner.slug if practitioner else None
    return ask(variant=variant, place=where.slug, practitioner=who, **more)


def codes(findings: Iterable[Any]) -> set[str]:
    return {finding.code for finding in findings}


def why(
    variant: str,
    where: Any,
    practitioner: Any,
    *,
    at: datetime = MONDAY_10,
    now: datetime = NOW,
    **more: Any,
) -> set[str]:
    """The codes of everything that speaks against a start."""
    question = asked(variant, where, practitioner, **more)
    return codes(slots.why_not(question, at=at, now=now))


def starts(question: Any, day: date, *, days: int = 1, now: datetime = NOW) -> list:
    """The starts that are offered, at the place's own clock."""
    zone = question.place.tz
    found = slots.open_slots(question, first_day=day, days=days, now=now)
    return [slot.start.astimezone(zone) for slot in found]
