"""The aftercare of a treatment, as every page and the PDF show it."""

import re
from dataclasses import dataclass
from datetime import datetime

from clinic.models import ReviewState, Source
from treatments import afterwards
from treatments.afterwards import Part, State
from treatments.models import ALL_TREATMENTS, AftercareStep, RedFlag, Treatment

Kind, Phase = AftercareStep.Kind, AftercareStep.Phase
# What radiofrequency and PRP add says "as for micro-needling": its rows hold for them.
BASE = "microneedling"
ADDS = re.compile(
    r"^(Same warnings as|As for) micro-needling, (plus|and) (?P<first>\w)"
)


@dataclass(frozen=True, slots=True)
class Chapter:
    """What to expect, to do and to avoid in a stretch of time since the session."""

    code: str
    label: str
    lists: tuple[tuple[str, str, tuple[str, ...]], ...]  # kind, its words, sentences
    lasting: tuple[tuple[str, int], ...] = ()  # of these sentences, and for which days


@dataclass(frozen=True, slots=True)
class Sheet:
    """All of it: when to call for help first, then by time, then what always holds."""

    treatment: Treatment
    urgent: tuple[str, ...]
    flags: tuple[tuple[str, str], ...]  # a sign, and what to do
    chapters: tuple[Chapter, ...]
    always: Chapter | None
    source_codes: tuple[str, ...]
    is_approved: bool

    @property
    def sources(self) -> list[str]:
        rows = Source.objects.filter(code__in=self.source_codes)
        return list(rows.order_by("code").values_list("what", flat=True))


@dataclass(frozen=True, slots=True)
class Moment:
    """A sheet at a moment: its chapters with their times, and what holds just then."""

    timeline: tuple[tuple[Chapter, Part], ...]
    still: tuple[str, ...]  # from a chapter that is over, and goes on
    not_yet: tuple[str, ...]  # to be avoided from some later time on, so now, too

    @property
    def current(self) -> tuple[Chapter, Part] | None:
        return next(
            (each for each in self.timeline if each[1].state == State.NOW), None
        )

    @property
    def coming(self) -> Part | None:
        parts = (part for _, part in self.timeline)
        return next((part for part in parts if part.state == State.COMING), None)

    @property
    def is_quiet(self) -> bool:
        return not (self.current or self.still or self.not_yet)


def at(sheet: Sheet, ended: datetime, now: datetime) -> Moment:
    """What of a sheet holds now, when the session ended at `ended`."""
    chapters = {chapter.code: chapter for chapter in sheet.chapters}
    parts = afterwards.parts(list(chapters), ended, now)
    timeline = [(chapters[part.code], part) for part in parts]
    return Moment(
        timeline=tuple(timeline),
        still=tuple(
            text
            for chapter, part in timeline
            if part.state == State.PAST
            for text, days in chapter.lasting
            if afterwards.goes_on(days, ended, now)
        ),
        not_yet=tuple(
            text
            for chapter, part in timeline
            if part.state == State.COMING
            for kind, _, texts in chapter.lists
            if kind == Kind.DONT
            for text in texts
        ),
    )


def sheet_of(treatment: Treatment) -> Sheet:
    """Read the aftercare of a treatment that has not been withdrawn: two queries."""
    steps, flags = _rows(treatment)
    timely = [step for step in steps if step.phase != Phase.ANY]
    any_time = [
        step for step in steps if step.phase == Phase.ANY and step.kind != Kind.URGENT
    ]
    rows = [*steps, *flags]
    return Sheet(
        treatment=treatment,
        urgent=tuple(step.text for step in steps if step.kind == Kind.URGENT),
        flags=tuple((flag.sign, flag.action) for flag in flags),
        chapters=tuple(
            _chapter(phase, timely)
            for phase in Phase
            if any(step.phase == phase for step in timely)
        ),
        always=_chapter(Phase.ANY, any_time) if any_time else None,
        source_codes=tuple({code: None for row in rows for code in row.source_codes}),
        is_approved=all(row.review_state == ReviewState.APPROVED for row in rows),
    )


def _rows(treatment: Treatment) -> tuple[list[AftercareStep], list[RedFlag]]:
    """What is the treatment's own comes before what holds for several."""
    base = {BASE} if treatment.limited_by_depth else set()
    codes = {treatment.code, ALL_TREATMENTS} | base
    steps = list(_standing(AftercareStep, codes))
    signs = _standing(RedFlag, codes).filter(for_staff=False)
    if not treatment.uses_needles:
        signs = signs.exclude(only_needles=True)
    if base:
        for step in steps:  # "as for micro-needling, and ...": that stands beside it
            step.text = ADDS.sub(lambda found: found["first"].upper(), step.text)
    steps.sort(key=lambda step: step.treatment != treatment.code)
    return steps, sorted(signs, key=lambda flag: flag.treatment != treatment.code)


def _standing(model, codes):  # type: ignore[no-untyped-def]  # either of two models
    rows = model.objects.exclude(review_state=ReviewState.WITHDRAWN)
    return rows.filter(treatment__in=codes).order_by("code")


def _chapter(phase: AftercareStep.Phase, steps: list[AftercareStep]) -> Chapter:
    lists, lasting = [], []
    for kind in (Kind.EXPECT, Kind.DO, Kind.DONT):
        found = [s for s in steps if s.phase == phase and s.kind == kind]
        lasting += [(s.text, s.lasts_days) for s in found if s.lasts_days]
        if found:
            texts = tuple(step.text for step in found)
            lists.append((kind.value, str(kind.label), texts))
    return Chapter(phase.value, str(phase.label), tuple(lists), tuple(lasting))
