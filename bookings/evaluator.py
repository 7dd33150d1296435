"""Asks every rule, and reads the answer: which starts are open, and why one is not.

The one evaluator behind every door. Which rules run is the setting BOOKING_RULES.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain, pairwise
from operator import itemgetter
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from bookings.findings import NOTE, Closure, Finding
from bookings.timeline import Timeline, from_minute
from bookings.wanted import Wanted

Kept = dict[Any, Any]


class Rule(Protocol):
    """A rule is asked about all the wanteds at once, and closes starts of each.

    A rule that says `settled = True` reads nothing: it answers from the rulebook, the
    practitioner's role, the variant, areas, depth and window alone, whoever asks and
    whenever. What such rules leave open is kept with the rulebook.

    A rule that says `about_time = True` speaks of hours and calendars; all others say
    who may do what, where, on a day, and are what `who_may` asks.

    A rule that says `about_making = True` speaks only of making a booking (notice, the
    grid, time that is given away): what stands is not asked again (see bookings.sweep).
    """

    def read(self, wanteds: Sequence[Wanted], now: datetime) -> Any:
        """Fetch what the rule needs, in a number of queries that is always the same."""

    def closures(self, facts: Any, wanted: Wanted) -> Iterable[Closure]:
        """Say which starts of the window are closed, and why. Pure."""


@lru_cache(maxsize=8)
def _load(paths: tuple[str, ...]) -> tuple[Rule, ...]:
    return tuple(import_string(path)() for path in paths)


def ask(wanteds: Sequence[Wanted], now: datetime) -> list[list[Closure]]:
    """All closures of each wanted. Every rule is asked; none ends the asking."""
    return ask_and_keep(wanteds, now)[0]


def ask_and_keep(
    wanteds: Sequence[Wanted], now: datetime
) -> tuple[list[list[Closure]], Kept]:
    """The same, with what was read for it, by the `read` that read it.

    Whoever writes what was found open chooses by what the rules saw.
    """
    kept: Kept = {}
    rules = _load(tuple(settings.BOOKING_RULES))
    return _asked(rules, wanteds, now, kept), kept


def who_may(wanteds: Sequence[Wanted], now: datetime) -> list[list[Closure]]:
    """The closures that no other hour, and no free calendar, would lift."""
    rules = _load(tuple(settings.BOOKING_RULES))
    return _asked([rule for rule in rules if not _is_about_time(rule)], wanteds, now)


def settled_findings(wanted: Wanted) -> list[Finding]:
    """What the rulebook alone says against `wanted` at its first minute, at any hour."""
    rules = _load(tuple(settings.BOOKING_RULES))
    asked = [rule for rule in rules if _is_settled(rule) and not _is_about_time(rule)]
    closed = chain.from_iterable(rule.closures(None, wanted) for rule in asked)
    return findings_at(list(closed), wanted.first)


def asked_of_standing(*, settled: bool) -> list[Rule]:
    """The rules that an appointment has to meet as long as it stands."""
    rules = _load(tuple(settings.BOOKING_RULES))
    return [
        rule
        for rule in rules
        if not getattr(rule, "about_making", False) and _is_settled(rule) == settled
    ]


def _asked(
    rules: Iterable[Rule],
    wanteds: Sequence[Wanted],
    now: datetime,
    kept: Kept | None = None,
) -> list[list[Closure]]:
    answers: list[list[Closure]] = [[] for _ in wanteds]
    if wanteds:
        for rule, facts in with_facts(rules, wanteds, now, kept):
            for answer, wanted in zip(answers, wanteds, strict=True):
                answer.extend(rule.closures(facts, wanted))
    return answers


def with_facts(
    rules: Iterable[Rule],
    wanteds: Sequence[Wanted],
    now: datetime,
    kept: Kept | None = None,
) -> Iterator[tuple[Rule, Any]]:
    """Each rule with what it read. Rules that inherit one `read` share its answer."""
    fetched: Kept = {} if kept is None else kept
    for rule in rules:
        how = type(rule).read
        if how not in fetched:
            fetched[how] = rule.read(wanteds, now)
        yield rule, fetched[how]


def opened(wanteds: Sequence[Wanted], now: datetime) -> list[Sequence[int]]:
    """The open starts of each wanted: those of `ask` and `open_starts`, sooner.

    Only rules that are not settled are asked again.
    """
    paths = tuple(settings.BOOKING_RULES)
    rules = _load(paths) if wanteds else ()
    asked = [rule for rule in rules if not _is_settled(rule)]
    live = list(with_facts(asked, wanteds, now))
    return [
        left_open(
            _settled_starts(wanted, paths),
            chain.from_iterable(rule.closures(facts, wanted) for rule, facts in live),
        )
        for wanted in wanteds
    ]


def _is_settled(rule: Rule) -> bool:
    return getattr(rule, "settled", False)


def _is_about_time(rule: Rule) -> bool:
    return getattr(rule, "about_time", False)


def _settled_starts(wanted: Wanted, paths: tuple[str, ...]) -> Sequence[int]:
    def work() -> Sequence[int]:
        settled = [rule for rule in _load(paths) if _is_settled(rule)]
        closed = [rule.closures(None, wanted) for rule in settled]
        return array("q", open_starts(chain.from_iterable(closed), wanted))

    key = (
        paths,
        wanted.role.pk,
        wanted.variant.pk,
        wanted.areas,
        wanted.depth_mm,
        wanted.minutes,
        wanted.first,
        wanted.until,
    )
    return wanted.book.worked_out(key, work)


def left_open(starts: Sequence[int], closures: Iterable[Closure]) -> Sequence[int]:
    """Those of the sorted `starts` that no closure closes."""
    if not starts:
        return ()
    left: list[int] = []
    grids = []
    at, reach = 0, starts[0]  # starts before `at` are dealt with, as is time to `reach`
    for closure in sorted(closures, key=itemgetter(0)):
        first, until, finding, step = closure
        if finding.severity == NOTE:
            continue
        if step:
            grids.append(closure)
            continue
        if first > reach:
            at = bisect_left(starts, reach, at)
            behind = bisect_left(starts, first, at)
            left += starts[at:behind]
            at = behind
        if until > reach:
            reach = until
    left += starts[bisect_left(starts, reach, at) :]
    if not grids:
        return left
    return [minute for minute in left if not any(grid.closes(minute) for grid in grids)]


def open_starts(closures: Iterable[Closure], wanted: Wanted) -> Iterator[int]:
    """The start minutes of the window that nothing closes, in order."""
    plain, grids = [], []
    for closure in closures:
        if closure.finding.severity == NOTE:
            continue
        if closure.step:
            grids.append(closure)
        else:
            plain.append((closure.first, closure.until))
    left = Timeline([(wanted.first, wanted.until)]) - Timeline(plain)
    if left:
        grids.sort(key=lambda closure: closure.first)
        for first, until in left:
            yield from _marks(first, until, grids)


def _marks(first: int, until: int, grids: list[Closure]) -> Iterator[int]:
    """The minutes of a stretch that every grid over them leaves open."""
    here = [grid for grid in grids if grid.first < until and first < grid.until]
    edges = sorted(
        {first, until}
        | {edge for grid in here for edge in grid[:2] if first < edge < until}
    )
    for start, end in pairwise(edges):
        over = [grid for grid in here if grid.first <= start and end <= grid.until]
        if not over:
            yield from range(start, end)
            continue
        leading, *others = over
        begin = start + (leading.first - start) % leading.step
        for minute in range(begin, end, leading.step):
            if not any(grid.closes(minute) for grid in others):
                yield minute


def findings_at(
    closures: Sequence[Closure], minute: int, *, notes: bool = False
) -> list[Finding]:
    """Why a start is closed: one finding for each code and subject.

    With closures over a window that goes on after `minute`, each finding says when
    its own rule first lets go, if it does within the window.
    """
    found: dict[tuple[str, str], Finding] = {}
    for closure in closures:
        if closure.closes(minute) and (notes or closure.finding.severity != NOTE):
            found.setdefault(closure.finding.key, closure.finding)
    return list(found.values())


def lets_go(
    closures: Sequence[Closure], finding: Finding, minute: int, until: int
) -> datetime | None:
    """When closures of this code and subject first leave a start open, if they do."""
    mine = [closure for closure in closures if closure.finding.key == finding.key]
    if any(closure.step for closure in mine):
        return None
    closed = Timeline((closure.first, closure.until) for closure in mine)
    after = Timeline([(minute, until)]) - closed
    return from_minute(after.stretches[0][0]) if after else None
