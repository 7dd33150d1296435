"""Is supervised work done under somebody: agreed, able to, and there if it must be?

Each supervisor of each agreement is asked by itself. Starts that one of them opens
are open; their shifts are never joined, so nobody is handed over half-way.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from bookings.findings import Closure, Finding
from bookings.rulebook import Rulebook
from bookings.rules.hours import spans
from bookings.rules.scope import answers, deep_enough, finding, within
from bookings.rules.scope_words import OTHER
from bookings.timeline import Timeline, midnight, minute_from, to_minute
from bookings.wanted import Wanted
from clinic.models import Location, Practitioner
from clinic.qualifications import day_after
from treatments import scope
from treatments.models import SupervisionAgreement, TreatmentVariant


class Under(NamedTuple):
    """Somebody who answers for it under an agreement, and for which starts."""

    agreement: SupervisionAgreement
    supervisor: Practitioner
    starts: Timeline


class Supervised:
    """Closes the days on which no agreement holds, or no supervisor may do it alone.

    A supervisor must pass the very same check with nobody over them: same variant,
    areas, depth, place and day, in one of their own roles at the place.
    """

    settled = True

    def read(self, wanteds: Sequence[Wanted], now: datetime) -> None:
        return None

    def closures(self, facts: None, wanted: Wanted) -> Iterable[Closure]:
        for part, verdict in _supervised(wanted):
            yield from _against(part, verdict)


class SupervisorOnSite:
    """Closes starts for whose visible time no one supervisor is at the place.

    On site is: within their hours at the place, in whatever role, and not on leave.
    They may be treating somebody else.
    """

    settled = True
    about_time = True

    def read(self, wanteds: Sequence[Wanted], now: datetime) -> None:
        return None

    def closures(self, facts: None, wanted: Wanted) -> Iterable[Closure]:
        for part, verdict in _supervised(wanted):
            if verdict.needs.supervision != "direct":
                continue
            able = list(_able(part))
            there = _starts(_present(part, under) for under in able)
            for first, until in _starts(under.starts for under in able) - there:
                yield Closure(first, until, _nobody_there(part, able))


def relied_on(wanted: Wanted) -> Under | None:
    """Who answers for a window of one start, where somebody must. The first who may."""
    for part, verdict in _supervised(wanted):
        for under in _able(part):
            direct = verdict.needs.supervision == "direct"
            if _present(part, under) if direct else under.starts:
                return under
    return None


def candidates(
    book: Rulebook, who: Practitioner, variant: TreatmentVariant, place: Location
) -> set[int]:
    """The ids of all who may come to answer for it, whenever it is."""
    return {
        supervisor.pk
        for row in _agreed(book, who, variant, place)
        for supervisor in book.supervisors[row.pk]
    }


def _agreed(
    book: Rulebook, who: Practitioner, variant: TreatmentVariant, place: Location
) -> list[SupervisionAgreement]:
    return [
        row
        for row in book.agreements.get(who.pk, ())
        if row.location_id in {None, place.pk}
        and (row.variant_id == variant.pk or row.treatment_id == variant.treatment_id)
    ]


def _supervised(wanted: Wanted) -> Iterator[tuple[Wanted, scope.Verdict]]:
    """The parts of the window in which the rule asks for supervision."""
    for first, until, verdict in answers(wanted):
        if verdict.needs.supervision:
            yield replace(wanted, first=first, until=until), verdict


def _starts(timelines: Iterable[Timeline]) -> Timeline:
    return Timeline(chain.from_iterable(timelines))


def _rows(part: Wanted) -> list[SupervisionAgreement]:
    return _agreed(part.book, part.practitioner, part.variant, part.place)


def _current(part: Wanted, row: SupervisionAgreement) -> Timeline:
    """The starts on days of the agreement's period."""
    return Timeline([within(row, part)])


def _able(part: Wanted) -> Iterator[Under]:
    """Every supervisor of every agreement for this depth who may do it alone."""
    for row in _rows(part):
        if deep_enough(row.max_depth_mm, part):
            current = _current(part, row)
            for supervisor in part.book.supervisors[row.pk]:
                starts = current & _alone(part, supervisor)
                if starts:
                    yield Under(row, supervisor, starts)


def _alone(part: Wanted, supervisor: Practitioner) -> Timeline:
    """The starts that pass the check for the supervisor, with nobody over them.

    By a rule under which the work may be left to others; what it does not say is no.
    """
    if not supervisor.is_active or supervisor == part.practitioner:
        return Timeline()
    found = []
    for role in part.book.roles_of(supervisor.pk, part.place.pk):
        opens, shuts = within(role, part)
        for first, until, verdict in answers(replace(part, role=role)):
            if not verdict.refusals and _delegates(verdict):
                found.append((max(first, opens), min(until, shuts)))
    return Timeline(found)


def _delegates(verdict: scope.Verdict) -> bool:
    return verdict.rule is not None and verdict.rule.delegable == "yes"


def _present(part: Wanted, under: Under) -> Timeline:
    """Those of the starts whose whole visible time the supervisor is at the place."""
    there = on_site(part.book, under.supervisor, part.place, part.first, part.until)
    fitting = Timeline((first, until - part.minutes + 1) for first, until in there)
    return under.starts & fitting


def on_site(
    book: Rulebook, who: Practitioner, place: Location, first: int, until: int
) -> Timeline:
    """When somebody is at a place around a window: hours of all roles, less leave."""
    zone = place.tz
    hours = []
    for role in book.roles_of(who.pk, place.pk):
        for opens, shuts in spans(book, role, first, until):
            if role.valid_from:
                opens = max(opens, midnight(role.valid_from, zone))
            if role.valid_until:
                shuts = min(shuts, midnight(day_after(role.valid_until), zone))
            hours.append((opens, shuts))
    away = Timeline(
        (to_minute(row.starts_at), minute_from(row.ends_at))
        for row in book.leave.get(who.pk, ())
    )
    return Timeline(hours) - away


def _against(part: Wanted, verdict: scope.Verdict) -> Iterable[Closure]:
    rows = _rows(part)
    window = Timeline([(part.first, part.until)])
    if not rows:
        for refusal in verdict.refusals:
            if refusal.code in scope.SUPERVISED:
                yield Closure(part.first, part.until, finding(refusal, part))
        return
    current = _starts(_current(part, row) for row in rows)
    deep = _starts(
        _current(part, row) for row in rows if deep_enough(row.max_depth_mm, part)
    )
    able = _starts(under.starts for under in _able(part))
    for closed, why in (
        (window - current, _not_current),
        (current - deep, _too_deep),
        (deep - able, _nobody_may),
    ):
        for first, until in closed:
            yield Closure(first, until, why(part))


def _not_current(part: Wanted) -> Finding:
    who, role = part.practitioner, part.role.role.label
    return Finding(
        "AGREEMENT_NOT_VALID_ON_DATE",
        who.slug,
        f"{who.name} does {part.variant.label} only under supervision, and not on "
        f"that day ({role}).",
        "Choose another day or another practitioner, or call us.",
        desk=f"{role}: the supervision agreement is not in force on that day.",
    )


def _too_deep(part: Wanted) -> Finding:
    who, role = part.practitioner, part.role.role.label
    limits = (row.max_depth_mm for row in _rows(part))
    deepest = max(limit for limit in limits if limit is not None)
    return Finding(
        "DEPTH_OVER_AGREEMENT",
        who.slug,
        f"{who.name} does not go as deep as {part.depth_mm:g} mm ({role}).",
        "Choose a shallower treatment, or another practitioner.",
        desk=f"{role}: the supervision agreement is limited to a smaller depth.",
        detail=f"agreed up to {deepest} mm",
    )


def _nobody_may(part: Wanted) -> Finding:
    who, role = part.practitioner, part.role.role.label
    return Finding(
        "SUPERVISOR_MAY_NOT",
        who.slug,
        f"{who.name} does {part.variant.label} only under supervision, and nobody "
        f"can supervise it on that day ({role}).",
        OTHER,
        desk=f"{role}: no supervisor of the agreement may do this here alone.",
        detail="; ".join(_refused(part)),
    )


def _refused(part: Wanted) -> Iterator[str]:
    """Why each supervisor may not, by role. For clinicians and admins."""
    for row in _rows(part):
        for supervisor in part.book.supervisors[row.pk]:
            roles = part.book.roles_of(supervisor.pk, part.place.pk)
            if not roles:
                yield f"{supervisor.name}: no role at {part.place.name}"
            for role in roles:
                verdicts = [each for _, _, each in answers(replace(part, role=role))]
                codes = {each.code for verdict in verdicts for each in verdict.refusals}
                if not any(_delegates(verdict) for verdict in verdicts):
                    codes.add("the rule does not let the work be left to others")
                said = ", ".join(sorted(codes)) or "role not held, or not active"
                yield f"{supervisor.name} ({role.role.label}): {said}"


def _nobody_there(part: Wanted, able: Sequence[Under]) -> Finding:
    who, role = part.practitioner, part.role.role.label
    names = ", ".join(dict.fromkeys(under.supervisor.name for under in able))
    return Finding(
        "SUPERVISOR_NOT_ON_SITE",
        who.slug,
        f"{who.name} does {part.variant.label} while a supervisor is at "
        f"{part.place.name}, and none is for all of that time ({role}).",
        "Choose another time, or another practitioner.",
        desk=f"{role}: none of {names} is at {part.place.name} for all of that time.",
    )
