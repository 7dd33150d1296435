"""What the practitioner's papers, and those of the premises, say against it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from clinic import qualifications
from treatments.scope import tokens as token_rows
from treatments.scope.questions import Asked, Refusal

# Licences, registrations and the like are given by a place; courses are not.
BOUND_TO_A_PLACE = frozenset(
    {
        "licence",
        "endorsement",
        "registration",
        "authorisation",
        "roster",
        "local_licence",
        "premises_licence",
    }
)
COUNTERS = {
    "FOUNDATION_HOURS_SHORT": ("min_foundation_hours", "foundation_hours"),
    "SPECIFIC_HOURS_SHORT": ("min_specific_hours", "specific_hours"),
    "IN_PERSON_HOURS_SHORT": ("min_in_person_hours", "in_person_hours"),
    "SUPERVISED_SESSIONS_SHORT": ("min_supervised_sessions", "supervised_sessions"),
}


COUNTED_BY = {column: (code, held) for code, (column, held) in COUNTERS.items()}
TRAINED_BY = "course"  # the token whose papers show hours, whatever else a row asks for


@dataclass(frozen=True, slots=True)
class Papers:
    """The part of the check that reads the practitioner's papers."""

    asked: Asked
    rule: Any
    day: date
    tokens: Sequence[Any]
    papers: Sequence[Any]
    premises: Sequence[Any]

    def credentials(self) -> Iterable[Refusal]:
        # Section 4.1 item 1 asks for the licence whatever the row's tokens name.
        names = [name for name in self.rule.credential_kind.split("+") if name]
        for name in dict.fromkeys(["licence", *names]):
            yield from self._token(name)

    def _token(self, name: str) -> Iterable[Refusal]:
        row = token_rows.fitting(name, self.asked, self.tokens)
        if row is None:
            detail = f"{self.rule.rule_id}: {name} is mapped to nothing here"
            yield Refusal("TOKEN_UNMAPPED", name, detail)
        elif row.type in {"agreement", "order"}:
            return  # no paper of the practitioner: see needs.py
        elif row.type == "counter":
            yield from self._counter(name, row)
        else:
            yield from self._credential(name, row)

    def _counter(self, name: str, row: Any) -> Iterable[Refusal]:
        """A number is compared in `counts`; without one, some there must be."""
        minimum = row.satisfied_by.strip()
        if minimum not in COUNTED_BY:
            detail = f"{self.rule.rule_id}: {name} names no column that is counted"
            yield Refusal("TOKEN_UNMAPPED", name, detail)
            return
        code, column = COUNTED_BY[minimum]
        if not getattr(self.rule, minimum) and not self._counted(self._own(), column):
            yield Refusal(code, name, "0 on file")

    def _credential(self, name: str, row: Any) -> Iterable[Refusal]:
        held = self._serving(row)
        if any(qualifications.counts(paper, self.day) for paper in held):
            return
        if not held and row.held_by == "premises":
            yield Refusal("PREMISES_LICENCE_MISSING", name, self.rule.rule_id)
        elif not held:
            detail = f"{self.rule.rule_id}: no {name} on file ({row.satisfied_by})"
            yield Refusal("CREDENTIAL_MISSING", name, detail)
        elif any(qualifications.in_force(paper, self.day) for paper in held):
            detail = f"{name} is on file and not verified"
            yield Refusal("CREDENTIAL_NOT_VERIFIED", name, detail)
        else:
            periods = ", ".join(
                f"{paper.kind.code} {paper.valid_from or '…'} to "
                f"{paper.valid_until or '…'}"
                for paper in held
            )
            yield Refusal("CREDENTIAL_NOT_VALID_ON_DATE", name, periods)

    def _serving(self, row: Any) -> list[Any]:
        """The papers that meet a token's row, whatever their dates."""
        codes = token_rows.codes(row)
        held: list[Any] = []
        if "practitioner" in row.held_by:
            held += [paper for paper in self.papers if self._fits_role(paper)]
        if "premises" in row.held_by:
            held += self.premises
        return [
            paper
            for paper in held
            if paper.kind.code in codes
            and paper.kind.review_state != "withdrawn"
            and qualifications.listed(self.asked.treatment, paper.kind.treatments)
            and self._fits_place(paper)
        ]

    def _fits_role(self, paper: Any) -> bool:
        if not qualifications.listed(self.asked.role, paper.kind.roles):
            return False
        if paper.role is not None:
            return bool(paper.role.code == self.asked.role)
        # A licence names the one role it was issued for, where several are possible.
        several = paper.kind.roles.strip() == "*" or "," in paper.kind.roles
        return paper.kind.kind != "licence" or not several

    def _fits_place(self, paper: Any) -> bool:
        if not paper.jurisdiction:
            return paper.kind.kind not in BOUND_TO_A_PLACE
        if paper.jurisdiction == self.asked.jurisdiction:
            return True
        return qualifications.covers(paper.jurisdiction, self.asked.jurisdiction) and (
            paper.kind.kind not in BOUND_TO_A_PLACE
            or token_rows.is_national(paper, self.asked, self.tokens)
        )

    def _own(self) -> list[Any]:
        """The papers whose hours and sessions count for this treatment, that day.

        Those of the courses, and of what else the rule asks for by name. A kind that
        meets no such token, such as a beauty diploma, counts for nothing.
        """
        names = {TRAINED_BY, *self.rule.credential_kind.split("+")}
        rows = [token_rows.fitting(name, self.asked, self.tokens) for name in names]
        known = {code for row in rows if row for code in token_rows.codes(row)}
        return [
            paper
            for paper in self.papers
            if paper.kind.kind != "licence"
            and paper.kind.code in known
            and paper.kind.review_state != "withdrawn"
            and qualifications.named(self.asked.treatment, paper.kind.treatments)
            and self._fits_role(paper)
            and self._fits_place(paper)
            and qualifications.counts(paper, self.day)
        ]

    @staticmethod
    def _counted(papers: Sequence[Any], column: str) -> Decimal:
        return qualifications.counted(papers, column)

    def counts(self) -> Iterable[Refusal]:
        own = self._own()
        for code, (minimum, column) in COUNTERS.items():
            needed = getattr(self.rule, minimum)
            has = self._counted(own, column)
            if needed is not None and has < needed:
                detail = f"{self.rule.rule_id}: {has} of {needed} ({column})"
                yield Refusal(code, self.rule.rule_id, detail)
        shows_none = (
            self.rule.min_foundation_hours is None
            and self.rule.min_specific_hours is None
        )
        has = self._counted(own, "specific_hours")
        if self.asked.needs_hours and shows_none and has < self.asked.floor_hours:
            detail = f"{has} of {self.asked.floor_hours} hours (the clinic's floor)"
            yield Refusal("CLINIC_FLOOR_HOURS_SHORT", self.rule.rule_id, detail)

    def licences(self) -> list[Any]:
        row = token_rows.fitting("licence", self.asked, self.tokens)
        return [] if row is None else self._serving(row)

    def years(self) -> Iterable[Refusal]:
        needed = self.rule.min_years_licensed
        if not needed:
            return
        since = qualifications.unbroken_since(self.licences(), self.day)
        if since is None or qualifications.years_later(since, needed) > self.day:
            detail = (
                f"{self.rule.rule_id}: licensed since {since}, {needed} years asked"
            )
            yield Refusal("YEARS_LICENSED_SHORT", self.rule.rule_id, detail)

    def insurance(self) -> Iterable[Refusal]:
        """Nothing that a consultation would need: there a licence is enough."""
        if self.asked.is_talk:
            return
        covers = [
            {
                flag
                for flag in paper.exclusions.lower().replace(" ", "").split(",")
                if flag
            }
            for paper in self.papers
            if paper.kind.kind == "insurance"
            and paper.kind.review_state != "withdrawn"
            and qualifications.listed(self.asked.treatment, paper.kind.treatments)
            and self._fits_role(paper)
            and self._fits_place(paper)
            and qualifications.counts(paper, self.day)
        ]
        for area in self.asked.areas:
            flags = {flag.strip() for flag in area.region_flags.split(",")}
            if covers and all(flags & excluded for excluded in covers):
                yield Refusal("INSURANCE_EXCLUDES_AREA", area.code, area.region_flags)
