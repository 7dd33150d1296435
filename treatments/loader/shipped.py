"""The shipped files together: read, joined, and checked against each other."""

import re
from collections.abc import Container, Iterable, Sequence
from pathlib import Path

from clinic.models.sourced import Confidence
from treatments.loader.files import Line, read
from treatments.loader.tables import TABLES
from treatments.models.aftercare import ALL_TREATMENTS
from treatments.models.concerns import Concern
from treatments.models.scope import ScopeOfPractice

Shipped = dict[str, list[Line]]

RULES = ("limited_by_depth", "needs_hours", "uses_needles")
# What the clinic's own files add to a treatment, and to an area.
ADDED = {
    "treatments.csv": {"position", "summary", *RULES},
    "areas.csv": {"is_group"},
    "catalogue_fields.csv": {"position"},
    "concerns.csv": {"position"},
    "aftercare.csv": {"lasts_days"},
    "red_flags.csv": {"for_staff", "only_needles"},
}
TEXT_COLUMNS = ("treatment", "field", "text", "source", "confidence")
GROUP_ONLY = "Group only"
SURE = [*Confidence.values]
PLACE = re.compile(r"\*|[A-Z]{2}(-[A-Z0-9]{1,3})?")
# Which column of which file names codes of which other file; lists with commas.
REFERENCES = [
    ("credentials.csv", "treatment", "treatments.csv"),
    ("credentials.csv", "roles", "roles.csv"),
    ("variants.csv", "treatment", "treatments.csv"),
    ("variants.csv", "default_areas", "areas.csv"),
    ("course_plans.csv", "treatment", "treatments.csv"),
    ("areas.csv", "parent", "areas.csv"),
    ("areas.csv", "never_treat_treatments", "treatments.csv"),
    ("areas.csv", "also_covers", "areas.csv"),
    ("depth_by_area.csv", "area", "areas.csv"),
    ("depth_by_area.csv", "treatment", "treatments.csv"),
    ("credential_tokens.csv", "roles", "roles.csv"),
    ("credential_tokens.csv", "treatments", "treatments.csv"),
    ("scope_rules.csv", "role", "roles.csv"),
    ("scope_rules.csv", "treatment", "treatments.csv"),
    ("texts.csv", "treatment", "treatments.csv"),
    ("texts.csv", "field", "catalogue_fields.csv"),
]
# Files whose rows are about one treatment each, and what else they may be about.
ABOUT_ONE: dict[str, set[str]] = {
    "aftercare.csv": {ALL_TREATMENTS},
    "red_flags.csv": {ALL_TREATMENTS},
    "expected_and_adverse_effects.csv": set(),
}


def read_all(folder: Path) -> Shipped:
    """Read every file, or refuse them all with a sentence."""
    shipped = {
        table.file: read(
            folder, table.file, set(table.columns) - ADDED.get(table.file, set())
        )
        for table in TABLES
    }
    for line in shipped["areas.csv"]:
        group = line.cells["note"].startswith(GROUP_ONLY)
        line.cells["is_group"] = "yes" if group else "no"
    shipped["texts.csv"] = read(folder, "texts.csv", TEXT_COLUMNS)
    for file in ("treatments.csv", "catalogue_fields.csv", "concerns.csv"):
        for position, line in enumerate(shipped[file]):
            line.cells["position"] = str(position)
    _join_treatments(folder, shipped["treatments.csv"])
    _mark_flags(folder, "staff_flags.csv", "for_staff", shipped["red_flags.csv"])
    _mark_flags(folder, "needle_flags.csv", "only_needles", shipped["red_flags.csv"])
    _join_lasting(folder, shipped["aftercare.csv"])
    for table in TABLES:
        columns = [table.fields[name] for name in table.key]
        check_keys(columns, shipped[table.file])
    _check_texts(shipped["texts.csv"])
    _check_sources(shipped)
    _check_references(shipped)
    _check_tokens(shipped)
    _check_scope(shipped["scope_rules.csv"])
    known = {line.cells["code"] for line in shipped["treatments.csv"]}
    check_strengths(known, shipped["concerns.csv"])
    return shipped


def _join_treatments(folder: Path, treatments: list[Line]) -> None:
    """Give each treatment our summary, and what limits it."""
    by_code = {line.cells["code"]: line for line in treatments}
    more = [
        *read(folder, "summaries.csv", ["code", "summary", "source", "confidence"]),
        *read(folder, "treatment_rules.csv", ["code", *RULES]),
    ]
    for line in more:
        treatment = by_code.get(line.cells["code"])
        if treatment is None:
            raise line.refused(f"there is no treatment “{line.cells['code']}”.")
        if line.file == "summaries.csv":
            _join_source(treatment, line)
            treatment.cells["checked_on"] = line.cells.get("checked_on", "")
        treatment.cells.update(
            {
                name: line.cells[name]
                for name in line.cells.keys() & ADDED["treatments.csv"]
            }
        )
    for line in treatments:
        missing = ADDED["treatments.csv"] - line.cells.keys()
        if missing:
            raise line.refused(
                f"{line.cells['code']} has no {', '.join(sorted(missing))}: "
                "add it to summaries.csv and treatment_rules.csv."
            )


def _mark_flags(folder: Path, file: str, column: str, flags: list[Line]) -> None:
    """Say yes in a column for the signs that a file of ours names, and no for others."""
    lines = read(folder, file, ["r_id", "why"])
    known = {flag.cells["r_id"] for flag in flags}
    for line in lines:
        if line.cells["r_id"] not in known:
            raise line.refused(f"there is no sign “{line.cells['r_id']}”.")
    named = {line.cells["r_id"] for line in lines}
    for flag in flags:
        flag.cells[column] = "yes" if flag.cells["r_id"] in named else "no"


def _join_lasting(folder: Path, steps: list[Line]) -> None:
    """Tell of advice that goes on when its phase is over for how many days it does."""
    lines = read(folder, "aftercare_lasting.csv", ["a_id", "days", "words"])
    check_keys(("a_id",), lines)
    texts = {step.cells["a_id"]: step.cells["text"] for step in steps}
    for line in lines:
        code, words = line.cells["a_id"], line.cells["words"]
        if words not in texts.get(code, "") or not words:
            raise line.refused(f"there is no advice “{code}” that says “{words}”.")
    days = {line.cells["a_id"]: line.cells["days"] for line in lines}
    for step in steps:
        step.cells["lasts_days"] = days.get(step.cells["a_id"], "")


def _join_source(treatment: Line, summary: Line) -> None:
    """A treatment rests on the summary's sources too, and is as sure as the lesser."""
    sources = [*treatment.codes("source", "+"), *summary.codes("source", "+")]
    treatment.cells["source"] = "+".join(dict.fromkeys(sources))
    said = [treatment.cells["confidence"], summary.cells["confidence"]]
    if set(said) <= set(SURE):  # what is not is refused where it is read
        treatment.cells["confidence"] = max(said, key=SURE.index)


def check_keys(columns: Sequence[str], lines: Iterable[Line]) -> None:
    seen: dict[tuple[str, ...], int] = {}
    for line in lines:
        key = tuple(line.cells[column] for column in columns)
        if not all(key):
            raise line.refused(f"{' and '.join(columns)} must not be empty.")
        if key in seen:
            raise line.refused(f"{' '.join(key)} stands in line {seen[key]} already.")
        seen[key] = line.number


def _check_texts(lines: Iterable[Line]) -> None:
    check_keys(("treatment", "field"), lines)
    for line in lines:
        if not line.cells["text"]:
            raise line.refused("text must not be empty.")


def _check_sources(shipped: Shipped) -> None:
    known = {line.cells["source_id"] for line in shipped["sources.csv"]}
    for lines in shipped.values():
        check_sources(known, [line for line in lines if "source" in line.cells])


def check_sources(known: Container[str], lines: Iterable[Line]) -> None:
    for line in lines:
        for code in line.sources:
            if code not in known:
                raise line.refused(f"there is no source “{code}” in sources.csv.")


def _check_references(shipped: Shipped) -> None:
    for file, column, other in REFERENCES:
        known = {line.cells["code"] for line in shipped[other]}
        check_codes(known, shipped[file], column, other)
    treatments = {line.cells["code"] for line in shipped["treatments.csv"]}
    for file in ABOUT_ONE:
        check_treatment(treatments, file, shipped[file])


def check_codes(
    known: Container[str], lines: Iterable[Line], column: str, other: str
) -> None:
    for line in lines:
        for code in line.codes(column):
            if code not in known:
                raise line.refused(f"{column} names “{code}”, not in {other}.")


def check_treatment(known: set[str], file: str, lines: Iterable[Line]) -> None:
    """Two codes in one cell are none: no page would find such a row."""
    for line in lines:
        code = line.cells["treatment"]
        if code not in known | ABOUT_ONE[file]:
            raise line.refused(f"treatment names “{code}”, not in treatments.csv.")


def _check_tokens(shipped: Shipped) -> None:
    """An unmapped token fails the load: nobody could ever meet it."""
    tokens = {line.cells["token"] for line in shipped["credential_tokens.csv"]}
    for line in shipped["scope_rules.csv"]:
        for token in line.codes("credential_kind", "+"):
            if token not in tokens:
                raise line.refused(
                    f"credential_kind names “{token}”, which no row of "
                    "credential_tokens.csv maps."
                )
    credentials = {line.cells["code"] for line in shipped["credentials.csv"]}
    columns = {field.name for field in ScopeOfPractice._meta.get_fields()}
    for line in shipped["credential_tokens.csv"]:
        _check_places(line, line.codes("jurisdictions"))
        known = {
            "credential": credentials,
            "insurance": credentials,
            "counter": columns,
        }.get(line.cells["type"])
        for code in line.codes("satisfied_by", "|"):
            if known is not None and code not in known:
                raise line.refused(f"satisfied_by names “{code}”, which is not known.")


def _check_scope(lines: Iterable[Line]) -> None:
    for line in lines:
        _check_places(line, [line.cells["jurisdiction"]])
        first, last = line.cells["effective_from"], line.cells["effective_until"]
        if first and last and last < first:
            raise line.refused("effective_until is before effective_from.")


def check_strengths(known: Container[str], lines: Iterable[Line]) -> None:
    """Each concern names treatments that there are, with a strength that there is."""
    for line in lines:
        for pair in line.codes("treatments"):
            code, _, strength = pair.partition(":")
            if code not in known:
                raise line.refused(f"treatments names “{code}”, not in treatments.csv.")
            if strength not in Concern.Strength.values:
                raise line.refused(
                    f"treatments says “{strength}” of {code}; "
                    f"write one of {', '.join(Concern.Strength.values)}."
                )


def _check_places(line: Line, places: Iterable[str]) -> None:
    for place in places:
        if not PLACE.fullmatch(place):
            raise line.refused(f"“{place}” is no place; write US-UT, US or *.")
