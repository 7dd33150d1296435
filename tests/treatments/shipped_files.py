"""A copy of the shipped files that a test may change."""

import csv


def edit(folder, file, row, **cells):
    """Change cells of the row whose first cell is `row`; None drops the row."""
    path = folder / file
    with path.open(encoding="utf-8-sig", newline="") as handle:
        lines = list(csv.DictReader(handle))
    first = next(iter(lines[0]))
    for line in lines:
        if line[first] == row:
            line.update(cells)
    kept = [line for line in lines if line[first] != row or cells]
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, lines[0].keys())
        writer.writeheader()
        writer.writerows(kept)
