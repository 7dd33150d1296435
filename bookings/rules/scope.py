"""May this role perform this treatment, here, on that day? Asks treatments.scope."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol

from bookings.findings import Closure, Finding
from bookings.rules.scope_words import WORDS
from bookings.timeline import local_day, midnight
from bookings.wanted import Wanted
from clinic.qualifications import day_after
from treatments import scope

DAY = timedelta(days=1)
MET_ELSEWHERE = scope.SUPERVISED | scope.ORDERED


class Period(Protocol):
    """Days of a place, both included; empty is open."""

    @property
    def valid_from(self) -> date | None: ...

    @property
    def valid_until(self) -> date | None: ...


class Scope:
    """Closes the days on which the check of section 4.1 refuses.

    The day is that of the appointment's visible end: a paper valid to 31 March opens
    31 March and not 1 April. What agreements and orders would meet is left to
    the rules that know them (supervision.py, orders.py).
    """

    settled = True

    def read(self, wanteds: Sequence[Wanted], now: datetime) -> None:
        return None

    def closures(self, facts: None, wanted: Wanted) -> Iterable[Closure]:
        for first, until, verdict in answers(wanted):
            for refusal in verdict.refusals:
                if refusal.code not in MET_ELSEWHERE:
                    yield Closure(first, until, finding(refusal, wanted))


def answers(wanted: Wanted) -> list[tuple[int, int, scope.Verdict]]:
    """The window cut where the answer may change: `(first, until, verdict)`."""
    first_day, last_day = days_of(wanted)
    identity = _identity(wanted)
    turns = wanted.book.worked_out(("turns", *identity), lambda: _turns(wanted))
    begun = bisect_right(turns, first_day)
    ended = bisect_right(turns, last_day)
    verdicts = [_verdict(wanted, identity, turns, at) for at in range(begun, ended + 1)]
    edges = [bound(day, wanted) for day in turns[begun:ended]]
    firsts = [wanted.first, *edges]
    untils = [*edges, wanted.until]
    return [
        (max(first, wanted.first), min(until, wanted.until), verdict)
        for first, until, verdict in zip(firsts, untils, verdicts, strict=True)
        if max(first, wanted.first) < min(until, wanted.until)
    ]


def verdict_on(wanted: Wanted) -> scope.Verdict:
    """The answer for a window of one start."""
    return answers(wanted)[0][2]


def days_of(wanted: Wanted) -> tuple[date, date]:
    """The days of the place on which the window's appointments end."""
    zone = wanted.place.tz
    last = wanted.minutes - 1
    return (
        local_day(wanted.first + last, zone),
        local_day(wanted.until - 1 + last, zone),
    )


def bound(day: date, wanted: Wanted) -> int:
    """The first start whose last minute lies on `day`."""
    return midnight(day, wanted.place.tz) - wanted.minutes + 1


def within(period: Period, wanted: Wanted) -> tuple[int, int]:
    """The starts `[first, until)` of the window on days of a period, both ends included."""
    first, until = wanted.first, wanted.until
    if period.valid_from:
        first = max(first, bound(period.valid_from, wanted))
    if period.valid_until:
        until = min(until, bound(day_after(period.valid_until), wanted))
    return first, until


def deep_enough(limit: Decimal | None, wanted: Wanted) -> bool:
    """Is the planned depth within a limit, both in millimetres?"""
    depth = wanted.depth_mm
    return limit is None or depth is None or depth <= limit


def _identity(wanted: Wanted) -> tuple[object, ...]:
    codes = tuple(sorted({planned.code for planned in wanted.areas}))
    return wanted.role.pk, wanted.variant.pk, wanted.depth_mm, codes


def _turns(wanted: Wanted) -> list[date]:
    """Every day on which the answer may differ from the day before."""
    book = wanted.book
    days = scope.turning_days(
        _asked(wanted),
        rules=book.scope,
        papers=book.papers.get(wanted.practitioner.pk, []),
        premises=book.premises.get(wanted.place.pk, []),
    )
    return sorted(days)


def _verdict(
    wanted: Wanted, identity: tuple[object, ...], turns: list[date], at: int
) -> scope.Verdict:
    """The answer between two turns, whatever the day: kept with the rulebook."""
    book = wanted.book

    def work() -> scope.Verdict:
        day = turns[at - 1] if at else date.min
        return scope.decide(
            _asked(wanted),
            day,
            rules=book.scope,
            tokens=book.tokens,
            papers=book.papers.get(wanted.practitioner.pk, []),
            premises=book.premises.get(wanted.place.pk, []),
        )

    return book.worked_out(("scope", *identity, at), work)


def _asked(wanted: Wanted) -> scope.Asked:
    treatment, place = wanted.variant.treatment, wanted.place
    return scope.Asked(
        role=wanted.role.role.code,
        treatment=treatment.code,
        jurisdiction=place.jurisdiction,
        limited_by_depth=treatment.limited_by_depth,
        needs_hours=treatment.needs_hours,
        floor_hours=place.needling_floor_hours,
        np_independent=place.np_independent,
        depth_mm=wanted.depth_mm,
        areas=tuple(wanted.book.areas[planned.code] for planned in wanted.areas),
        depth_caps=wanted.book.depth_caps(treatment.code),
        is_talk=treatment.family == "consultation",
    )


def finding(refusal: scope.Refusal, wanted: Wanted) -> Finding:
    message, remedy, desk = WORDS[refusal.code]
    area = wanted.book.areas.get(refusal.subject)
    words = {
        "role": wanted.role.role.label,
        "treatment": wanted.variant.treatment.name,
        "variant": wanted.variant.label,
        "name": wanted.practitioner.name,
        "place": wanted.place.name,
        "area": area.label if area else "",
        "subject": refusal.subject.replace("_", " "),
        "depth": f"{wanted.depth_mm or Decimal(0):g} mm",
    }
    return Finding(
        refusal.code,
        refusal.subject,
        message.format(**words),
        remedy.format(**words),
        desk=desk.format(**words),
        detail=refusal.detail,
    )
