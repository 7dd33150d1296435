"""Writes what the files say, except where a person has said otherwise.

A row is the loader's own while its values are those that it last wrote (`shipped`)
and nobody has reviewed it. Any other row is kept, and how it differs is reported.
Nothing is ever deleted.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import models

from clinic import audit
from clinic.actions import lock_everybody
from clinic.changes import watching
from clinic.models import ReviewState, Sourced
from treatments.loader.editions import load_editions
from treatments.loader.files import Line
from treatments.loader.report import Difference, Report
from treatments.loader.shipped import read_all
from treatments.loader.tables import TABLES, Table, plain

GONE = "(the row)"
Values = dict[str, Any]


def load(folder: Path, *, now: datetime) -> Report:
    """Load all files of `folder`, or none of them; raises LoadRefused."""
    shipped = read_all(folder)
    report = Report()
    with watching(by=None, now=now, what="loaded the shipped rules"):
        lock_everybody()
        for table in TABLES:
            load_table(table, shipped[table.file], report, now=now)
        load_editions(shipped, report, now=now)
    return report


def load_table(
    table: Table, lines: list[Line], report: Report, *, now: datetime
) -> None:
    """Bring one file into its table: one select, one insert, one update."""
    rows = table.model._default_manager.select_related(*references(table))
    here = {key_of(table, values_of(table, row)): row for row in rows}
    read_value = reader(table)
    new: list[models.Model] = []
    changed: list[models.Model] = []
    for line in lines:
        shipped = table.values(line)
        row = here.pop(key_of(table, shipped), None)
        if row is None:
            row = table.model()
            new.append(row)
        elif not is_ours(table, row):
            report.differences += differences(table, row, shipped)
            continue
        elif values_of(table, row) == shipped:
            continue
        else:
            changed.append(row)
        write(row, {name: read_value(name, shipped[name]) for name in shipped}, shipped)
    report.differences += left_over(table, here)
    save(table, new, changed, now=now)
    report.rows[table.file] = len(lines)
    report.created[table.file] = len(new)
    report.updated[table.file] = len(changed)


def references(table: Table) -> list[str]:
    """The fields of a table that refer to rows of another."""
    return [
        name
        for name in table.fields
        if isinstance(table.model._meta.get_field(name), models.ForeignKey)
    ]


def reader(table: Table) -> Callable[[str, Any], Any]:
    """A function that turns a plain value into what the model holds."""
    others = {}
    for name in references(table):
        target = table.model._meta.get_field(name).related_model
        others[name] = {row.code: row for row in target._default_manager.all()}  # type: ignore[union-attr]

    def read_value(name: str, value: Any) -> Any:
        if name in others:
            return others[name][value]
        return table.model._meta.get_field(name).to_python(value)  # type: ignore[union-attr]

    return read_value


def values_of(table: Table, row: models.Model) -> Values:
    return {name: plain(table.model, name, getattr(row, name)) for name in table.fields}


def key_of(table: Table, values: Values) -> str:
    return " ".join(str(values[name]) for name in table.key)


def is_ours(table: Table, row: models.Model) -> bool:
    """Whether nobody has changed or reviewed the row since the loader wrote it."""
    if not isinstance(row, Sourced):
        return True  # a list of sources is looked at, and not edited here
    values = values_of(table, row)
    untouched = all(
        values[name] == value for name, value in row.shipped.items() if name in values
    )
    return bool(row.shipped) and row.review_state == ReviewState.SAMPLE and untouched


def write(row: models.Model, values: Values, shipped: Values) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    if isinstance(row, Sourced):
        row.shipped = shipped


def differences(
    table: Table, row: models.Model, shipped: Values
) -> Iterator[Difference]:
    """Where a row that was kept differs from the file."""
    values = values_of(table, row)
    for name, value in shipped.items():
        if values[name] != value:
            key = key_of(table, values)
            yield Difference(table.file, key, name, values[name], value)


def left_over(table: Table, here: dict[str, models.Model]) -> Iterator[Difference]:
    """Rows that a file once brought and that it no longer has."""
    for key, row in here.items():
        if isinstance(row, Sourced) and row.shipped:
            yield Difference(table.file, key, GONE, "here", "no longer")


def save(
    table: Table, new: list[models.Model], changed: list[models.Model], *, now: datetime
) -> None:
    table.model._default_manager.bulk_create(new)
    if not changed:
        return
    fields = [*table.fields, *(["shipped"] if issubclass(table.model, Sourced) else [])]
    table.model._default_manager.bulk_update(changed, fields, batch_size=100)
    audit.record_each(
        by=None, verb="loaded", subjects=changed, now=now, file=table.file
    )
