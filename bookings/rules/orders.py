"""Is there the order or referral that the rule asks for: for this patient, that day?"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from django.db.models import Q

from bookings.findings import Closure, Finding
from bookings.rules.scope import answers, deep_enough, finding, within
from bookings.timeline import Timeline
from bookings.wanted import Wanted
from treatments import scope
from treatments.models import Order
from treatments.scope.needs import code_of

# By treatment.
Orders = dict[int, list[Order]]


class Ordered:
    """Closes the days without an order for the patient, or a standing one.

    Whoever is not known has no order of their own: before sign-in only a standing
    order opens. One order opens for its own patient and never for another.
    """

    def read(self, wanteds: Sequence[Wanted], now: datetime) -> Orders | None:
        """Nothing is read, and None given, where no rule asks for an order."""
        asked = [wanted for wanted in wanteds if any(_ordered(wanted))]
        if not asked:
            return None
        found: Orders = defaultdict(list)
        patients = {wanted.patient.pk for wanted in asked if wanted.patient}
        whose = {wanted.practitioner.pk for wanted in asked}
        standing = Q(patient=None, practitioner__in=whose)
        rows = Order.objects.filter(
            standing | Q(patient__in=patients),
            treatment__in={wanted.variant.treatment_id for wanted in asked},
        ).select_related("prescriber")
        for row in rows.order_by("valid_from", "pk"):
            found[row.treatment_id].append(row)
        return found

    def closures(self, facts: Orders | None, wanted: Wanted) -> Iterable[Closure]:
        if facts is None:
            return
        for part, verdict in _ordered(wanted):
            for need in verdict.needs.orders:
                yield from _against(part, verdict, need, facts)


def relied_on(wanted: Wanted, facts: Orders | None) -> list[Order]:
    """The orders on which a window of one start rests: one for each need that is met."""
    found: list[Order] = []
    if facts is None:
        return found
    for part, verdict in _ordered(wanted):
        for need in verdict.needs.orders:
            meeting = (row for row in _meeting(part, need, facts) if _opens(part, row))
            found += list(islice(meeting, 1))
    return found


def _ordered(wanted: Wanted) -> Iterator[tuple[Wanted, scope.Verdict]]:
    """The parts of the window in which the rule asks for an order."""
    for first, until, verdict in answers(wanted):
        if verdict.needs.orders:
            yield replace(wanted, first=first, until=until), verdict


def _meeting(part: Wanted, need: scope.OrderNeed, facts: Orders) -> list[Order]:
    """The orders of the kind, for whom and where it is, whatever their days and depth."""
    patient = part.patient.pk if part.patient else None
    return [
        row
        for row in facts.get(part.variant.treatment_id, ())
        if row.kind in need.kinds
        and row.location_id in {None, part.place.pk}
        and row.practitioner_id in {None, part.practitioner.pk}
        and (not need.own if row.patient_id is None else row.patient_id == patient)
        and row.prescriber_id != part.practitioner.pk
    ]


def _current(part: Wanted, row: Order) -> Timeline:
    return Timeline([within(row, part)])


def _opens(part: Wanted, row: Order) -> bool:
    return bool(_current(part, row)) and deep_enough(row.max_depth_mm, part)


def _against(
    part: Wanted, verdict: scope.Verdict, need: scope.OrderNeed, facts: Orders
) -> Iterable[Closure]:
    rows = _meeting(part, need, facts)
    if not rows:
        for refusal in verdict.refusals:
            if refusal.code == code_of(need.name):
                yield Closure(part.first, part.until, finding(refusal, part))
        return
    window = Timeline([(part.first, part.until)])
    current = Timeline(span for row in rows for span in _current(part, row))
    deep = Timeline(
        span
        for row in rows
        if deep_enough(row.max_depth_mm, part)
        for span in _current(part, row)
    )
    for first, until in window - current:
        yield Closure(first, until, _not_current(part, need))
    for first, until in current - deep:
        yield Closure(first, until, _too_deep(part, need))


def _not_current(part: Wanted, need: scope.OrderNeed) -> Finding:
    who, role = part.practitioner, part.role.role.label
    return Finding(
        "ORDER_NOT_VALID_ON_DATE",
        need.name,
        f"{who.name} does {part.variant.treatment.name} only with the {need.name}, "
        f"which does not cover that day ({role}).",
        "Choose another day, or book a consultation to renew it.",
        desk=f"{role}: the {need.name} on file is not in force on that day.",
    )


def _too_deep(part: Wanted, need: scope.OrderNeed) -> Finding:
    role = part.role.role.label
    return Finding(
        "DEPTH_OVER_ORDER",
        need.name,
        f"The {need.name} does not go as deep as {part.depth_mm:g} mm ({role}).",
        "Choose a shallower treatment, or another practitioner.",
        desk=f"{role}: the {need.name} on file is limited to a smaller depth.",
    )
