"""Reads the shipped files: a list of lines each, every cell of which is text."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class LoadRefused(ValueError):
    """The files cannot be loaded; the text names the file, the line and the cell."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a file, and where it stands in it."""

    file: str
    number: int
    cells: dict[str, str]

    @property
    def sources(self) -> list[str]:
        return self.codes("source", "+")

    def refused(self, why: str) -> LoadRefused:
        return LoadRefused(f"{self.file}, line {self.number}: {why}")

    def codes(self, column: str, separator: str = ",") -> list[str]:
        """The codes in a cell that holds several; none for `*`."""
        words = [word.strip() for word in self.cells[column].split(separator)]
        return [word for word in words if word not in {"", "*"}]


def read(folder: Path, file: str, columns: Iterable[str]) -> list[Line]:
    """Read a file that must have all of `columns`; others in it are left alone."""
    try:
        with (folder / file).open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle, strict=True)
            missing = set(columns) - set(reader.fieldnames or [])
            if missing:
                raise LoadRefused(
                    f"{file}, line 1: there is no column {', '.join(sorted(missing))}."
                )
            return [_line(file, _first_line(reader, c), c) for c in reader]
    except OSError as problem:
        raise LoadRefused(f"{file}: cannot be read ({problem.strerror}).") from None
    except (UnicodeDecodeError, csv.Error) as problem:
        raise LoadRefused(f"{file}: is no UTF-8 CSV file ({problem}).") from None


def _first_line(reader: "csv.DictReader[str]", cells: dict[str, Any]) -> int:
    """Where the row that was just read begins; a text may go over several lines."""
    texts = (cell for cell in cells.values() if isinstance(cell, str))
    return reader.line_num - sum(text.count("\n") for text in texts)


def _line(file: str, number: int, cells: dict[str, str]) -> Line:
    line = Line(file, number, cells)
    if None in cells or None in cells.values():
        raise line.refused("it has more or fewer cells than the first line.")
    cells = {name: cell.strip().replace("\r\n", "\n") for name, cell in cells.items()}
    return Line(file, number, cells)
