"""What a load did, and what it left as it was."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where this clinic differs from the shipped files."""

    file: str
    key: str
    field: str
    here: Any
    shipped: Any

    def __str__(self) -> str:
        return (
            f"{self.file} {self.key} {self.field}: "
            f"here {self.here!r}, shipped {self.shipped!r}"
        )


@dataclass(slots=True)
class Report:
    """How many rows of each file are new or changed, and what was kept."""

    rows: dict[str, int] = field(default_factory=dict)
    created: dict[str, int] = field(default_factory=dict)
    updated: dict[str, int] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
