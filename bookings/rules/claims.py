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
    whose: dict[str, set[int]], first: int, until: int, *, named: bool
) -> dict[str, Taken]:
    """Claims by key and owner, as `(first minute, until, appointment)`: one query.

    Unless `named`, the appointments are not read, and each is 0.
    """
    which = F("appointment_id") if named else Value(0, output_field=Whole())
    parts = [
        Claim.objects.filter(
            **{f"{key}_id__in": sorted(ids)},
            ends_at__gt=from_minute(first),
            starts_at__lt=from_minute(until),
        )
        .order_by()
        .annotate(
            kind=Value(number, output_field=Whole()),
            begins=Epoch(F("starts_at")),
            ends=Epoch(F("ends_at")),
            which=which,
        )
        .values_list("kind", f"{key}_id", "begins", "ends", "which")
        for number, (key, ids) in enumerate(whose.items())
        if ids
    ]
    # Each part by an index of its own: an OR would tempt the database to read all.
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    found: dict[str, Taken] = {key: defaultdict(list) for key in whose}
    kinds = list(found.values())
    for kind, owner, begins, ends, appointment in rows:
        kinds[kind][owner].append((begins // 60, -(-ends // 60), appointment))
    return found


class PractitionerClaims:
    """Closes starts whose time, with preparation and clean-up, meets another claim."""

    def read(self, wanteds: Sequence[Wanted], now: datetime) -> dict[str, Taken]:
        return taken(
            {
                "practitioner": {wanted.practitioner.pk for wanted in wanteds},
                "patient": {wanted.patient.pk for wanted in wanteds if wanted.patient},
            },
            min(wanted.first - wanted.variant.prep_min for wanted in wanteds),
            max(
                wanted.until + wanted.minutes + wanted.variant.cleanup_min
                for wanted in wanteds
            ),
            named=any(wanted.ignoring for wanted in wanteds),
        )

    def closures(self, facts: dict[str, Taken], wanted: Wanted) -> Iterable[Closure]:
        finding = Finding(
            "OVERLAP_PRACTITIONER",
            wanted.practitioner.slug,
            f"{wanted.practitioner.name} is already booked at that time.",
            "Choose another time, or another practitioner.",
        )
        before = wanted.minutes + wanted.variant.cleanup_min - 1
        after = wanted.variant.prep_min
        return _closures(
            facts["practitioner"].get(wanted.practitioner.pk, ()),
            wanted,
            before,
            after,
            finding,
        )


class PatientClaims(PractitionerClaims):
    """Closes starts whose visible time meets another appointment of the patient."""

    def closures(self, facts: dict[str, Taken], wanted: Wanted) -> Iterable[Closure]:
        if wanted.patient is None:
            return ()
        finding = Finding(
            "OVERLAP_PATIENT",
            "patient",
            "You have another appointment at that time.",
            "Choose another time, or cancel the other appointment first.",
            desk="The patient has another appointment at that time.",
        )
        mine = facts["patient"].get(wanted.patient.pk, ())
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
