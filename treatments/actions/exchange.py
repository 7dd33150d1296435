"""The catalogue as CSV files, out and in again.

Treatments and variants come in as drafts, which somebody else publishes; the other
files are taken as they are, as if their rows had been edited. All of it or nothing.
A cell on which a spreadsheet would compute is written behind an apostrophe.
"""

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import models, transaction

from clinic.models import ReviewState, Source, User
from treatments.actions.checks import check_may_write, wrong_with
from treatments.actions.editions import start_draft_saying
from treatments.actions.rows import ROWS, cells_of, columns_of, live, take_rows
from treatments.actions.terms import VARIANT_TERMS, Said, Values, said_by
from treatments.loader.files import Line, LoadRefused, read
from treatments.loader.shipped import check_keys
from treatments.loader.tables import Table
from treatments.models import (
    CatalogueField,
    Edition,
    EditionVariant,
    Treatment,
    TreatmentVariant,
)

TREATMENTS = Table("treatments.csv", Edition, ("code",), ("name", "family", "summary"))
VARIANTS = Table("variants.csv", EditionVariant, ("code",), ("code", *VARIANT_TERMS))
RESERVED = ("code", *TREATMENTS.columns)
FILES = (TREATMENTS.file, VARIANTS.file, *(table.file for table in ROWS))
COMPUTED = re.compile(r"'*[=+\-@\t\r]")


@dataclass(slots=True)
class Taken:
    """What an import did: drafts by treatment code, rows changed by file."""

    drafts: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)


def export() -> dict[str, str]:
    """What is published, and every row that is not withdrawn, by file name."""
    published = (
        Treatment.objects.exclude(edition=None)
        .select_related("edition")
        .prefetch_related("edition__texts__field", "edition__variants")
        .order_by("position", "code")
    )
    codes = field_codes()
    order = dict(TreatmentVariant.objects.values_list("code", "pk"))
    treatments, variants = [], []
    for treatment in published:
        said = said_by(treatment.edition)  # type: ignore[arg-type]  # not None above
        texts = [said.texts.get(code, "") for code in codes]
        treatments.append([treatment.code, *said.terms.values(), *texts])
        for code in sorted(said.variants, key=lambda code: order.get(code, 0)):
            cells = cells_of(VARIANTS, {"code": code, **said.variants[code]})
            variants.append([treatment.code, *cells])
    files = {
        TREATMENTS.file: written([[*RESERVED, *codes], *treatments]),
        VARIANTS.file: written([["treatment", *VARIANTS.columns], *variants]),
    }
    for table in ROWS:
        files[table.file] = written([columns_of(table), *live(table)])
    return files


def field_codes() -> list[str]:
    fields = CatalogueField.objects.exclude(review_state=ReviewState.WITHDRAWN)
    return list(fields.values_list("code", flat=True))


def written(rows: list[list[str]]) -> str:
    handle = io.StringIO()
    writer = csv.writer(handle, lineterminator="\n")
    writer.writerows([[guarded(cell) for cell in row] for row in rows])
    return handle.getvalue()


def guarded(cell: str) -> str:
    """A cell as text for every spreadsheet; `unguarded` gives it back."""
    cell = cell.replace("\r\n", "\n").strip()
    return f"'{cell}" if COMPUTED.match(cell) else cell


def unguarded(cell: str) -> str:
    guarded = cell.startswith("'") and COMPUTED.match(cell)
    return cell[1:] if guarded else cell


@transaction.atomic
def take_in(folder: Path, *, by: User, now: datetime) -> Taken:
    """Take in the files of the catalogue that `folder` has, or none of them.

    Raises LoadRefused with file and line, MayNot.
    """
    check_may_write(by)
    files = _read_all(folder)
    taken = Taken()
    known = set(Treatment.objects.values_list("code", flat=True))
    sources = set(Source.objects.values_list("code", flat=True))
    for table in ROWS:
        if table.file in files:
            lines = files[table.file]
            taken.rows[table.file] = take_rows(table, lines, known, sources, by, now)
    for treatment, line, said in _wanted(files, known):
        _check_terms(treatment, said, files.get(VARIANTS.file, []))
        open_draft = treatment.editions.exclude(state=Edition.State.PUBLISHED).first()
        if open_draft is None:
            start_draft_saying(treatment=treatment, said=said, by=by, now=now)
            taken.drafts.append(treatment.code)
        elif cleaned(said_by(open_draft)) != said:
            raise line.refused(
                f"{treatment.code} has an open draft. Publish or discard it first."
            )
    return taken


def _read_all(folder: Path) -> dict[str, list[Line]]:
    found = sorted(path.name for path in folder.iterdir() if path.suffix == ".csv")
    strange = [name for name in found if name not in FILES]
    if strange or not found:
        raise LoadRefused(
            f"{', '.join(strange) or 'No file'}: give files of the catalogue, which "
            f"are {', '.join(FILES)}."
        )
    needed: dict[str, list[str]] = {table.file: columns_of(table) for table in ROWS}
    needed[TREATMENTS.file] = list(RESERVED)
    needed[VARIANTS.file] = ["treatment", *VARIANTS.columns]
    return {
        name: [
            Line(name, line.number, {k: unguarded(v) for k, v in line.cells.items()})
            for line in read(folder, name, needed[name])
        ]
        for name in found
    }


def _wanted(
    files: dict[str, list[Line]], known: set[str]
) -> list[tuple[Treatment, Line, Said]]:
    """Each treatment of which the files say something else than what is published."""
    lines = _lines_of_treatments(files, known)
    found = Treatment.objects.select_related("edition").filter(code__in=lines)
    wanted = []
    for treatment in found.order_by("position", "code"):
        edition = treatment.edition
        current = cleaned(said_by(edition)) if edition else Said({})
        said = Said(dict(current.terms), dict(current.texts), dict(current.variants))
        for line in lines[treatment.code]:
            _say(said, line)
        if VARIANTS.file in files:
            said.variants = {
                line.cells["code"]: _read_values(VARIANTS, line)
                for line in files[VARIANTS.file]
                if line.cells["treatment"] == treatment.code
            }
        if said != current:
            wanted.append((treatment, lines[treatment.code][0], said))
    return wanted


def _lines_of_treatments(
    files: dict[str, list[Line]], known: set[str]
) -> dict[str, list[Line]]:
    """The lines about each treatment, its own first; every code is there."""
    fields = set(CatalogueField.objects.values_list("code", flat=True))
    lines: dict[str, list[Line]] = {}
    for file, column in ((TREATMENTS.file, "code"), (VARIANTS.file, "treatment")):
        check_keys(("code",), files.get(file, []))
        for line in files.get(file, []):
            code = line.cells[column]
            if code not in known:
                raise line.refused(
                    f"there is no treatment “{code}”. Add it in the back office first."
                )
            for name in set(line.cells) - fields - set(RESERVED):
                if file == TREATMENTS.file:
                    raise line.refused(f"“{name}” is no field of the catalogue.")
            lines.setdefault(code, []).append(line)
    return lines


def _say(said: Said, line: Line) -> None:
    """Let `said` say what a line of treatments.csv does."""
    if line.file != TREATMENTS.file:
        return
    said.terms = _read_values(TREATMENTS, line)
    for name in line.cells.keys() - set(RESERVED):
        said.texts.pop(name, None)
        if line.cells[name]:
            said.texts[name] = line.cells[name]


def _read_values(table: Table, line: Line) -> Values:
    """A line's values as the model holds them, without its key."""
    model: type[models.Model] = table.model
    values: dict[str, Any] = table.values(line)
    values.pop("code", None)
    return {
        name: model._meta.get_field(name).to_python(value)  # type: ignore[union-attr]
        for name, value in values.items()
    }


def _check_terms(treatment: Treatment, said: Said, lines: list[Line]) -> None:
    for line in lines:
        code = line.cells["code"]
        if line.cells["treatment"] == treatment.code:
            variant = EditionVariant(code=code, **said.variants[code])
            for sentence in wrong_with(variant, treatment):
                raise line.refused(f"{code}: {sentence}")


def cleaned(said: Said) -> Said:
    """What an edition says, as a file would say it."""
    texts = {code: unguarded(guarded(text)) for code, text in said.texts.items()}
    return Said(said.terms, texts, said.variants)
