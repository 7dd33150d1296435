"""May this role perform this treatment, here, on that day? The check of section 4.1.

Standard library only: rows come in, refusals go out, nothing is fetched. Default is
deny. Everything is asked of one day of the place, the day of the appointment's end.
Source of the order of the questions: section 4.1 of the domain notes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from clinic import qualifications

BOOKABLE = frozenset({"allowed", "allowed_with_conditions"})
CLOSED = {
    "not_allowed": "SCOPE_NOT_ALLOWED",
    "pending_rules": "SCOPE_PENDING_RULES",
    "silent": "SCOPE_SILENT",
}
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


@dataclass(frozen=True, slots=True)
class Refusal:
    """A code, what it is about, and the technical reason for staff."""

    code: str
    subject: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who wants to do what, where: the part of the question that has no date."""

    role: str
    treatment: str
    jurisdiction: str
    limited_by_depth: bool
    needs_hours: bool
    floor_hours: Decimal
    np_independent: bool
    depth_mm: Decimal | None
    areas: tuple[Any, ...]
    depth_caps: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    rule: Any | None
    refusals: tuple[Refusal, ...]


def places_of(jurisdiction: str) -> list[str]:
    """Where to look for a rule, nearest first: the place, its country, anywhere."""
    return list(dict.fromkeys([jurisdiction, jurisdiction.split("-")[0], "*"]))


def effective(row: Any, day: date) -> bool:
    begun = row.effective_from is None or row.effective_from <= day
    ended = row.effective_until is not None and row.effective_until < day
    return begun and not ended and row.review_state != "withdrawn"


def look_up(asked: Asked, rules: Iterable[Any], day: date) -> Verdict:
    """Find the row that decides, or the refusal that there is none.

    Of several rows at one place the one with the smallest cap that holds the planned
    depth is taken; rows without a cap come last.
    """
    mine = [
        row
        for row in rules
        if row.role == asked.role
        and row.treatment == asked.treatment
        and effective(row, day)
    ]
    for place in places_of(asked.jurisdiction):
        rows = [row for row in mine if row.jurisdiction == place]
        if rows:
            return _choose(asked, rows)
    where = f"{asked.role}, {asked.treatment}, {asked.jurisdiction}"
    return Verdict(None, (Refusal("NO_SCOPE_RULE", asked.role, where),))


def _choose(asked: Asked, rows: list[Any]) -> Verdict:
    depth = asked.depth_mm or Decimal(0)
    capped = [row for row in rows if row.max_depth_mm is not None]
    deep_enough = [row for row in capped if row.max_depth_mm >= depth]
    uncapped = [row for row in rows if row.max_depth_mm is None]
    # Of rows that differ in nothing but their status the strictest decides.
    candidates = sorted(
        deep_enough or uncapped,
        key=lambda row: (row.max_depth_mm or 0, row.status in BOOKABLE, row.rule_id),
    )
    if candidates:
        return Verdict(candidates[0], ())
    deepest = max(capped, key=lambda row: row.max_depth_mm)
    detail = f"depth {depth} mm > {deepest.max_depth_mm} mm ({deepest.rule_id})"
    return Verdict(deepest, (Refusal("OUTSIDE_SCOPE", deepest.rule_id, detail),))


def decide(
    asked: Asked,
    day: date,
    *,
    rules: Iterable[Any],
    tokens: Sequence[Any],
    papers: Sequence[Any],
    premises: Sequence[Any],
) -> Verdict:
    """Answer with the row that decided and everything that speaks against it."""
    about_areas = _areas(asked)
    found = look_up(asked, rules, day)
    if found.rule is None or found.refusals:
        return Verdict(found.rule, (*found.refusals, *about_areas))
    rule = found.rule
    if rule.status not in BOOKABLE:
        code = CLOSED.get(rule.status, "SCOPE_UNKNOWN")
        detail = f"{rule.rule_id}: {rule.status}. {rule.other_conditions}".strip()
        return Verdict(rule, (Refusal(code, rule.rule_id, detail), *about_areas))
    check = _Check(asked, rule, day, tokens, papers, premises)
    refusals = (
        *_depth(asked, rule),
        *check.credentials(),
        *check.counts(),
        *check.years(),
        *_supervision(asked, rule),
        *_orders(rule),
        *check.insurance(),
        *about_areas,
    )
    return Verdict(rule, tuple(dict.fromkeys(refusals)))


def _depth(asked: Asked, rule: Any) -> Iterable[Refusal]:
    if not asked.limited_by_depth:
        return
    if asked.depth_mm is None:
        yield Refusal("DEPTH_UNKNOWN", asked.treatment, "no planned depth")
    if rule.max_depth_mm is None:
        yield Refusal("SCOPE_WITHOUT_CAP", rule.rule_id, "the rule names no depth")


def _areas(asked: Asked) -> tuple[Refusal, ...]:
    refusals = []
    for area in asked.areas:
        barred = qualifications.listed(asked.treatment, area.never_treat_treatments)
        if area.never_treat and barred:
            refusals.append(Refusal("AREA_NEVER_TREATED", area.code, area.note))
        cap = asked.depth_caps.get(area.code) if asked.limited_by_depth else None
        if cap is not None and asked.depth_mm is not None and asked.depth_mm > cap:
            detail = f"depth {asked.depth_mm} mm > {cap} mm at {area.label}"
            refusals.append(Refusal("DEPTH_OVER_AREA", area.code, detail))
    return tuple(refusals)


def _supervision(asked: Asked, rule: Any) -> Iterable[Refusal]:
    needed = rule.supervision
    if needed == "per_state_np_rule":
        needed = "none" if asked.np_independent else "general"
    # Empty means that no duty was seen in the text; the row's status speaks then.
    if needed not in {"", "none"}:
        detail = f"{rule.rule_id}: {needed} supervision"
        yield Refusal("SUPERVISION_REQUIRED", rule.rule_id, detail)


def _orders(rule: Any) -> Iterable[Refusal]:
    # A duty to tell a physician is recorded with the session and blocks nothing.
    if rule.referral_or_order in {"", "physician_communication"}:
        return
    code = "REFERRAL" if rule.referral_or_order == "referral" else "ORDER"
    detail = f"{rule.rule_id}: {rule.referral_or_order}"
    yield Refusal(f"{code}_REQUIRED", rule.rule_id, detail)


def fitting(token: str, asked: Asked, tokens: Iterable[Any]) -> Any | None:
    """The row of `token` that fits role, place and treatment most closely, if any."""

    def closeness(row: Any) -> tuple[bool, int, bool]:
        places = row.jurisdictions
        place = next(
            rank
            for rank, name in enumerate(places_of(asked.jurisdiction))
            if name == "*" or qualifications.named(name, places)
        )
        role = not qualifications.named(asked.role, row.roles)
        return role, place, not qualifications.named(asked.treatment, row.treatments)

    rows = [row for row in tokens if row.token == token and _fits(row, asked)]
    return min(rows, key=closeness, default=None)


def _fits(row: Any, asked: Asked) -> bool:
    """Is this row of a token for that role, place and treatment?"""
    return (
        row.review_state != "withdrawn"
        and qualifications.listed(asked.role, row.roles)
        and qualifications.listed(asked.treatment, row.treatments)
        and any(
            qualifications.listed(place, row.jurisdictions)
            for place in places_of(asked.jurisdiction)[:2]
        )
    )


def _codes(row: Any) -> set[str]:
    """The kinds of credential any one of which meets a token's row."""
    return {code.strip() for code in row.satisfied_by.split("|")}


@dataclass(frozen=True, slots=True)
class _Check:
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
        row = fitting(name, self.asked, self.tokens)
        if row is None:
            detail = f"{self.rule.rule_id}: {name} is mapped to nothing here"
            yield Refusal("TOKEN_UNMAPPED", name, detail)
        elif row.type == "agreement":
            yield Refusal("AGREEMENT_REQUIRED", name, self.rule.rule_id)
        elif row.type == "order":
            code = "REFERRAL_REQUIRED" if name == "referral" else "ORDER_REQUIRED"
            yield Refusal(code, name, self.rule.rule_id)
        elif row.type == "counter":
            # The number itself is compared in `counts`; some there must be.
            if not self._counted(self._own(), "supervised_sessions"):
                yield Refusal("SUPERVISED_SESSIONS_SHORT", name, "0 on file")
        else:
            yield from self._credential(name, row)

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
        codes = _codes(row)
        held: list[Any] = []
        if "practitioner" in row.held_by:
            held += [paper for paper in self.papers if self._fits_role(paper)]
        if "premises" in row.held_by:
            held += self.premises
        return [
            paper
            for paper in held
            if paper.kind.code in codes
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
        return qualifications.covers(paper.jurisdiction, self.asked.jurisdiction)

    def _own(self) -> list[Any]:
        """The papers whose hours and sessions count for this treatment, that day.

        A kind that meets no token here, such as a beauty diploma, counts for nothing.
        """
        rows = [row for row in self.tokens if _fits(row, self.asked)]
        known = {code for row in rows for code in _codes(row)}
        return [
            paper
            for paper in self.papers
            if paper.kind.kind != "licence"
            and paper.kind.code in known
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
        row = fitting("licence", self.asked, self.tokens)
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
        covers = [
            {flag.strip() for flag in paper.exclusions.split(",") if flag.strip()}
            for paper in self.papers
            if paper.kind.kind == "insurance"
            and self._fits_role(paper)
            and self._fits_place(paper)
            and qualifications.counts(paper, self.day)
        ]
        for area in self.asked.areas:
            flags = set(area.region_flags.split(","))
            if covers and all(flags & excluded for excluded in covers):
                yield Refusal("INSURANCE_EXCLUDES_AREA", area.code, area.region_flags)


def turning_days(
    asked: Asked,
    *,
    rules: Iterable[Any],
    papers: Iterable[Any],
    premises: Iterable[Any],
) -> set[date]:
    """Every day on which the answer of `decide` may differ from the day before."""
    days: set[date] = set()
    years = {0}
    for row in rules:
        if row.role == asked.role and row.treatment == asked.treatment:
            days.update(_turns(row.effective_from, row.effective_until))
            years.add(row.min_years_licensed or 0)
    for paper in [*papers, *premises]:
        days.update(_turns(paper.valid_from, paper.valid_until))
        if paper.valid_from:
            days.update(
                qualifications.years_later(paper.valid_from, count) for count in years
            )
    return days


def _turns(first: date | None, last: date | None) -> Iterable[date]:
    if first:
        yield first
    if last and last < date.max:
        yield last + qualifications.DAY
