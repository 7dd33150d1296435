"""Why a day, a week or a practitioner has no times, and what to do instead.

Asked only where there is nothing to offer. The closures of the rules are the same that
closed the starts; here they are weighed: of the starts within hours, on the grid, which
finding closes most of them, and which most of what is then left.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bookings import evaluator, slots
from bookings.findings import NOTE, Closure, Finding
from bookings.question import Asked
from bookings.reason_words import (
    IN_SHORT,
    OF_THE_DAY,
    OF_THE_PATIENT,
    TALK,
    Told,
    of_all,
    of_each,
    of_one,
)
from bookings.slots import Slot
from bookings.timeline import local_day, midnight, minute_from, to_minute
from bookings.wanted import Wanted
from clinic.models import Practitioner
from treatments.models import TreatmentVariant

DAY = timedelta(days=1)
MOST = 2  # findings that are told of one person
AHEAD = 28  # days within which somebody or somewhere else is looked for
QUARTER = 15
FRAME = {"OUTSIDE_HOURS", "OFF_GRID"}
OF_THE_PLACE = {"PLACE_CLOSED_THAT_DAY", "BEYOND_HORIZON"}
ABOUT_TIME = {*IN_SHORT, *OF_THE_DAY, *OF_THE_PLACE, *OF_THE_PATIENT}
# Of findings that close as much, these are told only where no other is.
LAST = ("PRACTITIONER_ON_LEAVE", "OUTSIDE_HOURS", "IN_THE_PAST", "OVERLAP_PATIENT")


@dataclass(frozen=True)
class Nothing:
    """The answer: sentences for the patient, more for staff, and ways on.

    `told` says of each person what keeps them; `others` are the first times with
    somebody else here and at each other place; `talks` are consultations, where a talk
    comes first; `remedy` is that of what closes most.
    """

    sentences: tuple[str, ...]
    told: tuple[tuple[Practitioner, Finding], ...]
    remedy: str
    others: tuple[Slot, ...]
    talks: tuple[TreatmentVariant, ...]


@dataclass(frozen=True)
class _Kept:
    """What keeps one role from every start, the most of it first.

    `never` where it is nothing that another hour or an empty calendar would lift.
    `days` are the first and the last on which there was a start to be closed.
    """

    wanted: Wanted
    findings: tuple[Finding, ...]
    days: tuple[date, date]

    @property
    def never(self) -> bool:
        return any(each.code not in ABOUT_TIME for each in self.findings)

    @property
    def code(self) -> str:
        return self.findings[0].code


def nothing(asked: Asked, *, first_day: date, days: int, now: datetime) -> Nothing:
    """Say why none of these days has a time, in a fixed number of statements."""
    zone = asked.place.tz
    first, until = (midnight(day, zone) for day in (first_day, first_day + days * DAY))
    wanteds = asked.wanteds(first, until)
    answers = zip(wanteds, evaluator.ask(wanteds, now), strict=True)
    kept = [_kept(wanted, closures) for wanted, closures in answers]
    kept = [each for each in kept if each.findings]
    near = [each for each in kept if not each.never] or kept
    codes = [code for code, _ in Counter(each.code for each in near).most_common()]
    leading = next((each.findings[0] for each in near if each.code == codes[0]), None)
    if leading is None:
        leading = slots.not_at_place(asked)
    return Nothing(
        sentences=tuple(_sentences(asked, near, codes, leading, first_day, days)),
        told=_of_each_person(kept),
        remedy=leading.remedy,
        others=tuple(_elsewhere(asked, max(first, to_minute(now)), now)),
        talks=tuple(_talks(asked)) if TALK & set(codes) else (),
    )


def _kept(wanted: Wanted, closures: Sequence[Closure]) -> _Kept:
    frame = [closure for closure in closures if closure.finding.code in FRAME]
    starts = list(evaluator.open_starts(frame, wanted))
    if not starts:  # never there: any start is as good to ask about
        starts = list(range(wanted.first, wanted.until, QUARTER))
    masks = _masks(starts, closures)
    left = (1 << len(starts)) - 1
    found: list[Finding] = []
    while left and masks and len(found) < MOST:
        _, key = min((_weight(key, masks[key][1] & left), key) for key in masks)
        finding, mask = masks.pop(key)
        if not mask & left:
            break
        found.append(finding)
        left &= ~mask
    zone = wanted.place.tz
    days = local_day(starts[0], zone), local_day(starts[-1], zone)
    return _Kept(wanted, tuple(found), days)


def _masks(
    starts: Sequence[int], closures: Sequence[Closure]
) -> dict[tuple[str, str], tuple[Finding, int]]:
    """By code and subject, which of the starts it closes: a bit for each."""
    found: dict[tuple[str, str], tuple[Finding, int]] = {}
    for closure in closures:
        finding = closure.finding
        if finding.severity == NOTE or closure.step:
            continue
        begin = bisect_left(starts, closure.first)
        end = bisect_left(starts, closure.until)
        first, mask = found.get(finding.key, (finding, 0))
        found[finding.key] = first, mask | (1 << end) - (1 << begin)
    return found


def _weight(key: tuple[str, str], mask: int) -> tuple[int, int]:
    """What closes most is told first; of as much, what no other hour would lift."""
    code = key[0]
    if code in LAST:
        return -mask.bit_count(), 3 + LAST.index(code)
    if code in OF_THE_PLACE:
        return -mask.bit_count(), 1
    return -mask.bit_count(), 2 if code in ABOUT_TIME else 0


def _sentences(
    asked: Asked,
    near: Sequence[_Kept],
    codes: Sequence[str],
    leading: Finding,
    first_day: date,
    days: int,
) -> Iterator[str]:
    last_day = first_day + (days - 1) * DAY
    told = Told(
        what=asked.variant.label,
        place=asked.place.name,
        when=_when(first_day, last_day),
        message=leading.message,
    )
    people = {each.wanted.practitioner.pk for each in near}
    if len(people) > 1:
        yield from of_each(codes, told) if codes[1:] else [of_all(codes[0], told)]
        return
    if not near:
        yield leading.message
        return
    one = min(near, key=lambda each: len(each.findings))
    when = _when(*one.days)
    told = replace(
        told,
        when=when,
        who=one.wanted.practitioner.name,
        until=_until(one.wanted, one.days[1]) or when,
    )
    for finding in one.findings:
        message = finding.message.replace("on that day", told.when)
        yield of_one(finding.code, replace(told, message=message))


def _when(first: date, last: date) -> str:
    if first == last:
        return f"on {_day(first)}"
    return f"from {first:%B} {first.day} to {last:%B} {last.day}"


def _day(day: date) -> str:
    return f"{day:%A, %B} {day.day}"


def _until(wanted: Wanted, last_day: date) -> str:
    """The last day of the leave that goes on behind `last_day`, if one does."""
    zone = wanted.place.tz
    begins, ends = (midnight(day, zone) for day in (last_day, last_day + DAY))
    for row in wanted.book.leave.get(wanted.practitioner.pk, ()):
        until = minute_from(row.ends_at)
        if to_minute(row.starts_at) < ends and until > begins:
            last = local_day(until - 1, zone)
            if last > last_day:
                return f"until {_day(last)}"
    return ""


def _of_each_person(kept: Sequence[_Kept]) -> tuple[tuple[Practitioner, Finding], ...]:
    return tuple(
        (each.wanted.practitioner, finding)
        for each in sorted(kept, key=lambda each: each.wanted.practitioner.name)
        for finding in each.findings
    )


def _elsewhere(asked: Asked, first: int, now: datetime) -> Iterator[Slot]:
    """The first time with anybody else here, and at each other place: one question."""
    until = first + AHEAD * 24 * 60
    places = [place for place in asked.book.places.values() if place != asked.place]
    if asked.practitioner:
        places.insert(0, asked.place)
    questions = [replace(asked, place=place, practitioner=None) for place in places]
    wanteds = [
        each
        for question in questions
        for each in question.wanteds(first, until)
        if each.place != asked.place or each.practitioner != asked.practitioner
    ]
    found: dict[int, Slot] = {}
    for wanted, starts in zip(wanteds, evaluator.opened(wanteds, now), strict=True):
        known = found.get(wanted.place.pk)
        if starts and (known is None or starts[0] < known.minute):
            found[wanted.place.pk] = Slot(
                wanted.practitioner,
                wanted.role,
                wanted.place,
                starts[0],
                wanted.minutes,
            )
    yield from (found[place.pk] for place in places if place.pk in found)


def _talks(asked: Asked) -> list[TreatmentVariant]:
    """The consultations that most of those hold who do what is asked for."""
    doing: dict[int, set[int]] = {}
    for practitioner, variant in asked.book.privileges:
        doing.setdefault(variant, set()).add(practitioner)
    able = doing.get(asked.variant.pk, set())
    talks = {
        variant: len(able & doing.get(variant.pk, set()))
        for variant in asked.book.variants.values()
        if variant.treatment.family == "consultation"
        and variant.is_offered
        and variant != asked.variant
    }
    most = max(talks.values(), default=0)
    return [variant for variant, holders in talks.items() if holders == most]
