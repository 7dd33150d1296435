"""Nobody is in two places at once: time that is given away already."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import models
from django.db.models import F, Func, Value

from bookings.findings import Closure, Finding
from bookings.models import Claim
from bookings.timeline import from_minute
from bookings.wanted import Wanted

Taken = dict[int, list[tuple[int, int, int]]]


class Whole(models.Field):
    """A whole number that comes from the database as one: nothing converts it."""


class Epoch(Func):
    """Seconds since the epoch, worked out by the database.

    Reading two thousand claims as datetimes costs more than all else in a search.
    """

    output_field = Whole()

    def as_sqlite(self, compiler, connection, **extra):  # type: ignore[no-untyped-def]
        # Twice as fast as strftime, and in every SQLite (unixepoch() came late).
        template = (
            "CAST(ROUND((JULIANDAY(%(expressions)s) - 2440587.5) * 86400) AS INTEGER)"
        )
        return self.as_sql(compiler, connection, template=template, **extra)

    def as_postgresql(self, compiler, connection, **extra):  # type: ignore[no-untyped-def]
        template = "CAST(EXTRACT(EPOCH FROM %(expressions)s) AS BIGINT)"
        return self.as_sql(compiler, connection, template=template, **extra)


def taken(
    key: str, ids: Iterable[int], first: int, until: int, *, named: bool
) -> Taken:
    """Claims by whose they are, as `(first minute, until, appointment)`: one query.

    Unless `named`, the appointments are not read, and each is 0.
    """
    appointment = F("appointment_id") if named else Value(0, output_field=Whole())
    rows = (
        Claim.objects.filter(
            models.Q(**{f"{key}_id__in": sorted(set(ids))}),
            ends_at__gt=from_minute(first),
            starts_at__lt=from_minute(until),
        )
        .order_by()
        .annotate(begins=Epoch(F("starts_at")), ends=Epoch(F("ends_at")))
        .values_list(f"{key}_id", "begins", "ends", appointment)
    )
    found: Taken = defaultdict(list)
    for whose, begins, ends, which in rows:
        found[whose].append((begins // 60, -(-ends // 60), which))
    return found


class PractitionerClaims:
    """Closes starts whose time, with preparation and clean-up, meets another claim."""

    def read(self, wanteds: Sequence[Wanted], now: datetime) -> Taken:
        return taken(
            "practitioner",
            (wanted.practitioner.pk for wanted in wanteds),
            min(wanted.first - wanted.variant.prep_min for wanted in wanteds),
            max(
                wanted.until + wanted.minutes + wanted.variant.cleanup_min
                for wanted in wanteds
            ),
            named=any(wanted.ignoring for wanted in wanteds),
        )

    def closures(self, facts: Taken, wanted: Wanted) -> Iterable[Closure]:
        finding = Finding(
            "OVERLAP_PRACTITIONER",
            wanted.practitioner.slug,
            f"{wanted.practitioner.name} is already booked at that time.",
            "Choose another time, or another practitioner.",
        )
        before = wanted.minutes + wanted.variant.cleanup_min - 1
        after = wanted.variant.prep_min
        return _closures(
            facts.get(wanted.practitioner.pk, ()), wanted, before, after, finding
        )


class PatientClaims:
    """Closes starts whose visible time meets another appointment of the patient."""

    def read(self, wanteds: Sequence[Wanted], now: datetime) -> Taken:
        patients = {wanted.patient.pk for wanted in wanteds if wanted.patient}
        if not patients:
            return {}
        return taken(
            "patient",
            patients,
            min(wanted.first for wanted in wanteds),
            max(wanted.until + wanted.minutes for wanted in wanteds),
            named=any(wanted.ignoring for wanted in wanteds),
        )

    def closures(self, facts: Taken, wanted: Wanted) -> Iterable[Closure]:
        if wanted.patient is None:
            return ()
        finding = Finding(
            "OVERLAP_PATIENT",
            "patient",
            "You have another appointment at that time.",
            "Choose another time, or cancel the other appointment first.",
            desk="The patient has another appointment at that time.",
        )
        mine = facts.get(wanted.patient.pk, ())
        return _closures(mine, wanted, wanted.minutes - 1, 0, finding)


def _closures(
    claims: Iterable[tuple[int, int, int]],
    wanted: Wanted,
    before: int,
    after: int,
    finding: Finding,
) -> Iterable[Closure]:
    """A start is closed from `before` minutes ahead of a claim to `after` behind it."""
    first, until, ignoring = wanted.first, wanted.until, wanted.ignoring
    for begins, ends, appointment in claims:
        opens, shuts = ends + after, begins - before
        if shuts < until and first < opens and appointment not in ignoring:
            yield Closure(
                shuts if shuts > first else first,
                opens if opens < until else until,
                finding,
            )
