"""Who may do what, where, on a day; and when each of them is free next.

The evaluator that lists and books answers here too: what is left are the findings
that no other hour would lift. Of the rules only this is known here: which of their codes
speak of depth, so that "less deep" can be asked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from bookings import evaluator
from bookings.findings import Finding
from bookings.question import Asked, ask
from bookings.rulebook import Rulebook
from bookings.slots import Slot
from bookings.timeline import midnight
from bookings.wanted import Wanted
from clinic.models import Location, Practitioner, PractitionerRole
from treatments.models import TreatmentVariant, VisitKind

NOON = 12 * 60
WITHDRAWN = "NOT_OFFERED"
# Only of these it can be said: less deep, and it may be done.
TOO_DEEP = frozenset(
    {
        *("DEPTH_OVER_PRIVILEGE", "OUTSIDE_SCOPE", "DEPTH_OVER_AREA"),
        "DEPTH_OVER_AGREEMENT",
    }
)


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether somebody may perform a variant at a place on a day, and why not.

    Of several roles the one with the fewest findings answers. `only_to_mm` is the
    depth to which they may where the variant itself goes deeper.
    """

    role: PractitionerRole
    variant: TreatmentVariant
    findings: tuple[Finding, ...]
    only_to_mm: Decimal | None = None

    @property
    def may(self) -> bool:
        return not self.findings

    @property
    def practitioner(self) -> Practitioner:
        return self.role.practitioner

    @property
    def place(self) -> Location:
        return self.role.location


def who_may(
    book: Rulebook,
    place: Location,
    day: date,
    *,
    now: datetime,
    variants: Iterable[TreatmentVariant] | None = None,
    practitioner: Practitioner | None = None,
) -> list[Answer]:
    """An answer for everybody at the place and each variant, by name and variant."""
    asked = book.variants.values() if variants is None else variants
    wanteds = [
        wanted
        for variant in asked
        for wanted in _on(book, variant, place, day, practitioner)
    ]
    best: dict[tuple[int, int], Answer] = {}
    for answer in _answers(wanteds, now):
        key = answer.practitioner.pk, answer.variant.pk
        known = best.get(key)
        if known is None or len(answer.findings) < len(known.findings):
            best[key] = answer
    return sorted(best.values(), key=_by_name)


def performing(asked: Asked, *days: date) -> list[Practitioner]:
    """Who performs what is asked for on one of these days, as far as papers decide."""
    everybody = replace(asked, practitioner=None)
    what = (asked.place.pk, asked.variant.pk, asked.areas, asked.depth_mm)

    def work() -> list[Practitioner]:
        noons = [midnight(day, asked.place.tz) + NOON for day in days]
        found = {
            wanted.practitioner
            for noon in noons
            for wanted in everybody.wanteds(noon, noon + 1)
            if not evaluator.settled_findings(wanted)
        }
        return sorted(found, key=lambda person: (person.name, person.pk))

    return asked.book.worked_out(("performing", *what, *days), work)


def _by_name(answer: Answer) -> tuple[str, int]:
    return answer.practitioner.name, answer.practitioner.pk


def _on(
    book: Rulebook,
    variant: TreatmentVariant,
    place: Location,
    day: date,
    practitioner: Practitioner | None,
) -> list[Wanted]:
    """The question for noon of the day: what is left of rules is about the day."""
    asked = ask(
        book=book,
        variant=variant.code,
        place=place.slug,
        practitioner=practitioner.slug if practitioner else None,
    )
    noon = midnight(day, place.tz) + NOON
    return asked.wanteds(noon, noon + 1)


def _answers(wanteds: Sequence[Wanted], now: datetime) -> list[Answer]:
    answers: list[Answer] = []
    shallower: list[tuple[int, Wanted]] = []
    for wanted, findings in zip(wanteds, _findings(wanteds, now), strict=True):
        if findings and {finding.code for finding in findings} <= TOO_DEEP:
            found = [
                (len(answers), replace(wanted, depth_mm=depth))
                for depth in _depths(wanted)
            ]
            shallower += found
        answers.append(Answer(wanted.role, wanted.variant, findings))
    again = [wanted for _, wanted in shallower]
    for (at, wanted), findings in zip(shallower, _findings(again, now), strict=True):
        deepest = answers[at].only_to_mm
        depth = wanted.depth_mm
        if not findings and depth and (deepest is None or depth > deepest):
            answers[at] = replace(answers[at], only_to_mm=depth)
    return answers


def _findings(wanteds: Sequence[Wanted], now: datetime) -> list[tuple[Finding, ...]]:
    return [
        tuple(evaluator.findings_at(closures, wanted.first))
        for wanted, closures in zip(
            wanteds, evaluator.who_may(wanteds, now), strict=True
        )
    ]


def _depths(wanted: Wanted) -> set[Decimal]:
    """Every depth at which an answer can turn and that is less than the planned one."""
    book, most = wanted.book, wanted.depth_mm
    granted = book.privileges.get((wanted.practitioner.pk, wanted.variant.pk), ())
    caps = {row.max_depth_mm for row in granted}
    agreed = book.agreements.get(wanted.practitioner.pk, ())
    caps |= {row.max_depth_mm for row in agreed}
    caps |= {
        row.max_depth_mm
        for row in book.scope
        if row.role == wanted.role.role.code
        and row.treatment == wanted.variant.treatment.code
    }
    caps |= set(book.depth_caps(wanted.variant.treatment.code).values())
    return {cap for cap in caps if cap and (most is None or cap < most)}


def first_times(
    book: Rulebook,
    asked: Iterable[tuple[TreatmentVariant, Location]],
    *,
    practitioner: Practitioner | None = None,
    first_day: date,
    days: int,
    now: datetime,
) -> list[tuple[TreatmentVariant, Slot]]:
    """The first time within these days of each variant, place and practitioner.

    By start, those first that somebody can have who has never been. All are asked at
    once, so the number of queries is always the same.
    """
    wanteds = []
    for variant, place in asked:
        question = ask(
            book=book,
            variant=variant.code,
            place=place.slug,
            practitioner=practitioner.slug if practitioner else None,
        )
        first = midnight(first_day, place.tz)
        until = midnight(first_day + timedelta(days=days), place.tz)
        wanteds += question.wanteds(first, until)
    found = [
        (
            wanted.variant,
            Slot(
                wanted.practitioner,
                wanted.role,
                wanted.place,
                starts[0],
                wanted.minutes,
            ),
        )
        for wanted, starts in zip(wanteds, evaluator.opened(wanteds, now), strict=True)
        if starts
    ]

    def order(each: tuple[TreatmentVariant, Slot]) -> tuple[bool, int, str]:
        variant, slot = each
        is_later = variant.visit == VisitKind.FOLLOW_UP
        return is_later, slot.minute, slot.practitioner.name

    return sorted(found, key=order)
