"""Nobody is in two places at once: time that is given away already."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from bookings.findings import Closure, Finding
from bookings.models import Claim
from bookings.timeline import Timeline, from_minute
from bookings.wanted import Wanted

Taken = dict[int, list[tuple[int, int, int]]]


# Minutes since the epoch, worked out by the database: reading two thousand claims as
# datetimes costs more than all else in a search. In every SQLite; unixepoch() is new.
EPOCH = {
    "sqlite": "CAST(ROUND((JULIANDAY({}) - 2440587.5) * 86400) AS INTEGER)",
    "postgresql": "CAST(EXTRACT(EPOCH FROM {}) AS BIGINT)",
}
PART = """
    SELECT {kind}, {key}_id, {begins} / 60, ({ends} + 59) / 60, {which} FROM {table}
    WHERE {key}_id IN ({marks}) AND ends_at > %s AND starts_at < %s
"""


def taken(
    whose: dict[str, set[int]], first: int, until: int, *, named: bool
) -> dict[str, Taken]:
    """Claims by key and owner, as `(first minute, until, appointment)`: one query.

    Unless `named`, the appointments are not read, and each is 0. Written by hand: the
    ORM takes as long to put the question as the database to answer it.
    """
    epoch = EPOCH[connection.vendor]
    adapted = connection.ops.adapt_datetimefield_value
    bounds = [adapted(from_minute(first)), adapted(from_minute(until))]
    parts: list[str] = []
    values: list[Any] = []
    for kind, (key, ids) in enumerate(whose.items()):
        if ids:
            part = PART.format(
                kind=kind,
                key=key,
                begins=epoch.format("starts_at"),
                ends=epoch.format("ends_at"),
                which="appointment_id" if named else "0",
                table=Claim._meta.db_table,
                marks=", ".join(["%s"] * len(ids)),
            )
            parts.append(part)
            values += [*sorted(ids), *bounds]
    found: dict[str, Taken] = {key: defaultdict(list) for key in whose}
    kinds = list(found.values())
    with connection.cursor() as cursor:
        # Each part by an index of its own: an OR would tempt the database to read all.
        cursor.execute(" UNION ALL ".join(parts), values)
        for row in cursor.fetchall():
            kinds[row[0]][row[1]].append(row[2:])
    return found


class PractitionerClaims:
    """Closes starts whose time, with preparation and clean-up, meets another claim."""

    about_time = True

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
    """A start is closed from `before` minutes ahead of a claim to `after` behind it.

    Claims that follow each other close one stretch.
    """
    first, until, ignoring = wanted.first, wanted.until, wanted.ignoring
    closed = Timeline(
        (begins - before, ends + after)
        for begins, ends, appointment in claims
        if appointment not in ignoring
    )
    for shuts, opens in closed:
        if shuts < until and first < opens:
            yield Closure(
                shuts if shuts > first else first,
                opens if opens < until else until,
                finding,
            )
