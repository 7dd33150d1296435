"""Rows with a source as lines of a file: concerns, aftercare, red flags, fields.

A file is the whole list: a row that it has not is withdrawn, never deleted, and one
that was withdrawn comes back with it.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from clinic import audit
from clinic.days import first_place_day
from clinic.models import ReviewState, Sourced, User
from treatments.loader.files import Line
from treatments.loader.shipped import (
    ABOUT_ONE,
    check_keys,
    check_sources,
    check_strengths,
    check_treatment,
)
from treatments.loader.tables import TABLES, Table, plain
from treatments.models import AftercareStep, CatalogueField, Concern, Effect, RedFlag

MODELS = (CatalogueField, Concern, AftercareStep, RedFlag, Effect)
ROWS = tuple(
    replace(table, columns=(*table.columns, "review_state"))
    for table in TABLES
    if table.model in MODELS
)


def columns_of(table: Table) -> list[str]:
    return list(table.columns)


def live(table: Table) -> list[list[str]]:
    """The cells of every row that is not withdrawn."""
    manager = table.model._default_manager
    rows = manager.exclude(review_state=ReviewState.WITHDRAWN)
    return [cells_of(table, _values(table, row)) for row in rows]


def _values(table: Table, row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in table.fields}


def cells_of(table: Table, values: dict[str, Any]) -> list[str]:
    return [_cell(plain(table.model, name, values[name])) for name in table.fields]


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def take_rows(
    table: Table,
    lines: list[Line],
    treatments: set[str],
    sources: set[str],
    by: User,
    now: datetime,
) -> int:
    """Let a table say what a file says; how many rows that changed."""
    check_keys([table.fields[name] for name in table.key], lines)
    check_sources(sources, lines)
    if table.model is Concern:
        check_strengths(treatments, lines)
    elif table.file in ABOUT_ONE:
        check_treatment(treatments, table.file, lines)
    here: dict[str, Any] = {
        each.code: each  # type: ignore[attr-defined]  # each of these has one
        for each in table.model._default_manager.all()
    }
    changed = []
    for line in lines:
        values = table.values(line)
        row: Any = here.pop(values["code"], None) or table.model()
        if row.pk is None or cells_of(table, _values(table, row)) != cells_of(
            table, values
        ):
            _write(row, values, by, now)
            changed.append(row)
    for row in here.values():
        if row.review_state != ReviewState.WITHDRAWN:
            _write(row, {"review_state": ReviewState.WITHDRAWN}, by, now)
            changed.append(row)
    audit.record_each(
        by=by, verb="imported", subjects=changed, now=now, file=table.file
    )
    return len(changed)


def _write(row: Sourced, values: dict[str, Any], by: User, now: datetime) -> None:
    before = row.review_state
    for name, value in values.items():
        setattr(row, name, row._meta.get_field(name).to_python(value))  # type: ignore[union-attr]
    if row.review_state != before:
        sample = row.review_state == ReviewState.SAMPLE
        row.reviewed_by = None if sample else by
        row.reviewed_on = None if sample else first_place_day(now)
    row.save()
