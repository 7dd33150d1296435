"""Which file fills which model, and how a cell becomes a value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from clinic.models import CredentialKind, Role, Source
from clinic.models.sourced import Confidence
from treatments.loader.files import Line
from treatments.models import (
    AftercareStep,
    AreaDepth,
    BodyArea,
    CatalogueField,
    Concern,
    CoursePlan,
    CredentialToken,
    Effect,
    RedFlag,
    ScopeOfPractice,
    Treatment,
    TreatmentVariant,
)

YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True)
class Table:
    """A file and the model that it fills.

    `columns` are those of the file, which are the model's fields unless `called` says
    otherwise. `key` are the fields that find a row again.
    """

    file: str
    model: type[models.Model]
    key: tuple[str, ...]
    columns: tuple[str, ...]
    called: Mapping[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, str]:
        """The column of each field."""
        return {self.called.get(column, column): column for column in self.columns}

    def values(self, line: Line) -> dict[str, Any]:
        """A line's values, each in the form in which `plain` gives a stored one."""
        return {
            name: plain(self.model, name, _clean(self.model, name, line, column))
            for name, column in self.fields.items()
        }


def _clean(model: type[models.Model], name: str, line: Line, column: str) -> Any:
    """Read one cell as the model's field would, or refuse the line."""
    target: Any = model._meta.get_field(name)
    cell: Any = line.cells[column]
    if name == "confidence":
        cell = cell or Confidence.UNVERIFIED
    if isinstance(target, models.ForeignKey):
        return cell  # a code; that it is there is checked with the other references
    if isinstance(target, models.BooleanField):
        if cell not in YES_NO:
            raise line.refused(f"{column} is “{cell}”; write yes or no.")
        return YES_NO[cell]
    if cell == "" and target.null:
        return None
    try:
        value = target.clean(cell, None)
    except ValidationError as problem:
        raise line.refused(f"{column} is “{cell}”. {problem.messages[0]}") from None
    if isinstance(value, int | Decimal) and value < 0:
        raise line.refused(f"{column} is “{cell}”; it cannot be below zero.")
    return value


def plain(model: type[models.Model], name: str, value: Any) -> Any:
    """A value as it is kept in `shipped`, the same however it was written down."""
    if isinstance(value, Decimal):
        places = model._meta.get_field(name).decimal_places  # type: ignore[union-attr]
        return f"{value:.{places}f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, models.Model):
        return value.code  # type: ignore[attr-defined]  # what we refer to has one
    return value


SOURCED = ("source", "confidence")
TABLES = (
    Table(
        "sources.csv",
        Source,
        ("code",),
        ("source_id", "grade", "what", "where"),
        {"source_id": "code"},
    ),
    Table(
        "roles.csv",
        Role,
        ("code",),
        (
            *("code", "label", "nucc_taxonomy", "regulated_by", "groups", "notes"),
            *SOURCED,
        ),
    ),
    Table(
        "credentials.csv",
        CredentialKind,
        ("code",),
        (
            *("code", "label", "kind", "treatment", "roles", "issuer"),
            *("hours_or_level", "expires", *SOURCED),
        ),
        {"treatment": "treatments"},
    ),
    Table(
        "treatments.csv",
        Treatment,
        ("code",),
        (
            *("code", "name", "family", "position", "summary"),
            *("limited_by_depth", "needs_hours", "uses_needles", *SOURCED),
        ),
    ),
    Table(
        "variants.csv",
        TreatmentVariant,
        ("code",),
        (
            *("code", "treatment", "label", "visit", "duration_min", "prep_min"),
            *("cleanup_min", "needs_room", "needs_device", "room_prep_min"),
            *("room_cleanup_min", "device_prep_min", "device_cleanup_min"),
            *("default_areas", "max_depth_mm", "price_usd", "note", *SOURCED),
        ),
    ),
    Table(
        "course_plans.csv",
        CoursePlan,
        ("code",),
        (
            *("code", "treatment", "name", "sessions_least", "sessions_usual"),
            *("sessions_most", "least_days", "most_days", "note", *SOURCED),
        ),
    ),
    Table(
        "areas.csv",
        BodyArea,
        ("code",),
        (
            *("code", "label", "parent", "family", "side_applies", "region_flags"),
            *("svg_view", "never_treat", "never_treat_treatments", "also_covers"),
            *("is_group", "note", *SOURCED),
        ),
    ),
    Table(
        "depth_by_area.csv",
        AreaDepth,
        ("area", "treatment"),
        ("area", "treatment", "min_mm", "typical_mm", "max_mm_demo", "note", *SOURCED),
        {"max_mm_demo": "max_mm"},
    ),
    Table(
        "credential_tokens.csv",
        CredentialToken,
        ("t_id",),
        (
            *("t_id", "token", "type", "roles", "jurisdictions", "treatments"),
            *("satisfied_by", "held_by", "note", *SOURCED),
        ),
    ),
    Table(
        "scope_rules.csv",
        ScopeOfPractice,
        ("rule_id",),
        (
            *("rule_id", "role", "treatment", "jurisdiction", "status"),
            *("credential_kind", "min_foundation_hours", "min_specific_hours"),
            *("min_in_person_hours", "min_supervised_sessions"),
            *("min_years_licensed", "max_depth_mm", "depth_basis", "supervision"),
            *("delegable", "referral_or_order", "written_consent"),
            *("other_conditions", "effective_from", "effective_until", *SOURCED),
        ),
    ),
    Table(
        "catalogue_fields.csv",
        CatalogueField,
        ("code",),
        (
            *("code", "label", "help", "shown", "is_required", "is_compared"),
            *("position", *SOURCED),
        ),
    ),
    Table(
        "concerns.csv",
        Concern,
        ("code",),
        (
            *("code", "label", "family", "description", "treatments", "wording"),
            *("position", *SOURCED),
        ),
    ),
    Table(
        "aftercare.csv",
        AftercareStep,
        ("code",),
        ("a_id", "treatment", "phase", "kind", "text", "lasts_days", *SOURCED),
        {"a_id": "code"},
    ),
    Table(
        "red_flags.csv",
        RedFlag,
        ("code",),
        (
            *("r_id", "treatment", "sign", "action", "for_staff", "only_needles"),
            *SOURCED,
        ),
        {"r_id": "code"},
    ),
    Table(
        "expected_and_adverse_effects.csv",
        Effect,
        ("code",),
        ("ae_id", "treatment", "event", "rate_text", "severity", *SOURCED),
        {"ae_id": "code"},
    ),
)
