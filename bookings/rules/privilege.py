"""Has the clinic granted this practitioner this variant, here, on that day?"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from bookings.findings import Closure, Finding
from bookings.rules.scope import bound, days_of, deep_enough
from bookings.rules.scope_words import OTHER
from bookings.wanted import Wanted
from clinic.qualifications import day_after, in_force
from treatments.models import Privilege


class Privileged:
    """Closes the days without a privilege for the planned depth."""

    settled = True

    def read(self, wanteds: Sequence[Wanted], now: datetime) -> None:
        return None

    def closures(self, facts: None, wanted: Wanted) -> Iterable[Closure]:
        granted = [
            row
            for row in wanted.book.privileges.get(
                (wanted.practitioner.pk, wanted.variant.pk), ()
            )
            if row.location_id in {None, wanted.place.pk}
        ]
        first_day, last_day = days_of(wanted)
        turns = {day for row in granted for day in _turns(row)}
        days = [first_day, *sorted(day for day in turns if first_day < day <= last_day)]
        for day, following in zip(days, [*days[1:], None], strict=True):
            finding = _against(granted, wanted, day)
            if finding:
                first = max(bound(day, wanted), wanted.first)
                until = bound(following, wanted) if following else wanted.until
                yield Closure(first, until, finding)


def _turns(row: Privilege) -> Iterable[date]:
    if row.valid_from:
        yield row.valid_from
    if row.valid_until:
        yield day_after(row.valid_until)


def _against(granted: Sequence[Privilege], wanted: Wanted, day: date) -> Finding | None:
    who, variant = wanted.practitioner, wanted.variant
    role = wanted.role.role.label
    message = f"{who.name} does not do {variant.label} at {wanted.place.name} ({role})."
    if not granted:
        desk = f"{role}: the clinic has granted no privilege for this."
        return Finding("NO_PRIVILEGE", who.slug, message, OTHER, desk=desk)
    now_granted = [row for row in granted if in_force(row, day)]
    if not now_granted:
        desk = f"{role}: the privilege is not in force on that day."
        return Finding(
            "PRIVILEGE_NOT_VALID_ON_DATE",
            who.slug,
            f"{who.name} does not do {variant.label} on that day ({role}).",
            "Choose another day or another practitioner, or call us.",
            desk=desk,
        )
    if not any(deep_enough(row.max_depth_mm, wanted) for row in now_granted):
        return Finding(
            "DEPTH_OVER_PRIVILEGE",
            who.slug,
            f"{who.name} does not go as deep as {wanted.depth_mm:g} mm ({role}).",
            "Choose a shallower treatment, or another practitioner.",
            desk=f"{role}: the privilege is limited to a smaller depth.",
            detail=f"granted up to {max(r.max_depth_mm for r in now_granted)} mm",  # type: ignore[type-var]  # all are limited here
        )
    return None
