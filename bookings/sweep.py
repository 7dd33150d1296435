"""The question of every booking, asked of the appointments that stand.

What is settled by the rulebook is asked once for all appointments of a kind over the
time that they span; the rules that look further are asked of each. However many there
are, the number of queries is the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain, pairwise
from typing import Any

from bookings import evaluator
from bookings.evaluator import Rule
from bookings.findings import Finding
from bookings.models import Appointment, Override
from bookings.rulebook import Rulebook
from bookings.timeline import from_minute, to_minute
from bookings.wanted import Wanted
from clinic.models import PractitionerRole
from treatments.areas import parse_areas

# Appointments of a kind that lie further apart are asked about by themselves: the
# hours of the weeks between them would be worked out for nothing.
APART = timedelta(days=10) // timedelta(minutes=1)
Found = dict[int, list[Finding]]


class Sweep:
    """Appointments as questions to one rulebook, with what the rules read about them.

    Reads in the constructor, as the database is then; what is asked later of
    `findings` is answered from that, also when the database has moved on.
    """

    def __init__(
        self, appointments: Sequence[Appointment], book: Rulebook, now: datetime
    ) -> None:
        self.wanteds = {row.pk: wanted_of(row, book) for row in appointments}
        self._lost = {
            row.pk: lost for row in appointments if (lost := _lost(row, book))
        }
        asked = list(self.wanteds.values())
        self._let_pass = _let_pass(asked)
        rules = evaluator.asked_of_standing(settled=False)
        self._live = list(evaluator.with_facts(rules, asked, now)) if asked else []

    def findings(self, ids: Iterable[int]) -> Found:
        """What closes the start of each that is closed, by appointment."""
        found: Found = defaultdict(list)
        asked = {pk: self.wanteds[pk] for pk in ids if pk in self.wanteds}
        rules = evaluator.asked_of_standing(settled=True)
        for window, ids_by_start in _windows(asked):
            _settled(rules, window, ids_by_start, found)
        for pk, wanted in asked.items():
            found[pk] += self._lost.get(pk, ())
            closures = [
                closure
                for rule, facts in self._live
                for closure in rule.closures(facts, wanted)
            ]
            if closures:
                found[pk] += evaluator.findings_at(closures, wanted.first)
        return {
            pk: left
            for pk, findings in found.items()
            if (left := [each for each in findings if not self._passes(pk, each)])
        }

    def _passes(self, pk: int, finding: Finding) -> bool:
        return (pk, *finding.key) in self._let_pass


def wanted_of(appointment: Appointment, book: Rulebook) -> Wanted:
    """What stands, as a question for its own start that ignores itself.

    It keeps the length that it was booked with.
    """
    first = to_minute(appointment.starts_at)
    areas = parse_areas(appointment.areas)
    return Wanted(
        book=book,
        variant=book.variants_by_id[appointment.variant_id],
        role=book.roles[appointment.role_id],
        first=first,
        until=first + 1,
        areas=tuple(area for area in areas if area.code in book.areas),
        depth_mm=appointment.depth_mm,
        patient=appointment.patient,
        ignoring=frozenset({appointment.pk}),
        course=appointment.in_course,
        booked_min=appointment.booked_min,
    )


def _let_pass(asked: Sequence[Wanted]) -> set[tuple[int, str, str]]:
    """What was overridden, by appointment, code and subject: it does not count."""
    if not asked:
        return set()
    rows = Override.objects.current().filter(
        starts_at__gte=from_minute(min(wanted.first for wanted in asked))
    )
    return set(rows.values_list("appointment_id", "code", "subject"))


def _lost(appointment: Appointment, book: Rulebook) -> list[Finding]:
    """Areas that were planned and that there are no more; no rule can be asked of them."""
    return [
        Finding(
            "AREA_NOT_FOR_TREATMENT",
            area.code,
            f"The area “{area.code}” is no longer in our list.",
            "Choose other areas, or book a consultation.",
        )
        for area in parse_areas(appointment.areas)
        if area.code not in book.areas
    ]


def takers(
    appointments: Sequence[Appointment], now: datetime, book: Rulebook
) -> dict[int, list[PractitionerRole]]:
    """Who else at the place could take each at the same time, as any booking is asked.

    One role of each practitioner, by name.
    """
    asked = [
        (row.pk, replace(mine, role=role))
        for row, mine in ((row, wanted_of(row, book)) for row in appointments)
        for role in book.roles_at(row.place_id)
        if role.practitioner_id != row.practitioner_id
    ]
    answers = evaluator.ask([wanted for _, wanted in asked], now)
    found: dict[int, dict[int, PractitionerRole]] = defaultdict(dict)
    for (pk, wanted), closures in zip(asked, answers, strict=True):
        if not evaluator.findings_at(closures, wanted.first):
            found[pk].setdefault(wanted.practitioner.pk, wanted.role)
    return {
        pk: sorted(roles.values(), key=lambda role: role.practitioner.name)
        for pk, roles in found.items()
    }


def _windows(asked: dict[int, Wanted]) -> Iterator[tuple[Wanted, dict[int, list[int]]]]:
    """One question for all of a kind that lie close together, with their starts."""
    kinds: dict[Any, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for pk, wanted in asked.items():
        kind = (
            wanted.role.pk,
            wanted.variant.pk,
            wanted.areas,
            wanted.depth_mm,
            wanted.minutes,
        )
        kinds[kind][wanted.first].append(pk)
    for ids_by_start in kinds.values():
        starts = sorted(ids_by_start)
        model = asked[ids_by_start[starts[0]][0]]
        cuts = [at for at, (a, b) in enumerate(pairwise(starts), 1) if b - a > APART]
        for begin, end in pairwise([0, *cuts, len(starts)]):
            run = starts[begin:end]
            # Only what is the same for all of them may be asked of this one.
            window = replace(
                model, first=run[0], until=run[-1] + 1, patient=None, ignoring=NOBODY
            )
            yield window, {start: ids_by_start[start] for start in run}


NOBODY: frozenset[int] = frozenset()


def _settled(
    rules: Sequence[Rule],
    window: Wanted,
    ids_by_start: dict[int, list[int]],
    found: Found,
) -> None:
    closures = list(chain.from_iterable(rule.closures(None, window) for rule in rules))
    starts = sorted(ids_by_start)
    left = set(evaluator.left_open(starts, closures))
    for start in starts:
        if start not in left:
            for pk in ids_by_start[start]:
                found[pk] += evaluator.findings_at(closures, start)
