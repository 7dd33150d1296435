"""Nobody is in two places at once: time that is given away already."""

import json
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from bookings import needs
from bookings.findings import Closure, Finding
from bookings.models import Appointment, Claim
from bookings.rules.given import NOTHING, Given, Row
from bookings.timeline import Stretch, from_minute
from bookings.wanted import Wanted
from treatments.models import TreatmentVariant


@dataclass(frozen=True, slots=True)
class Facts:
    """The claims of everybody and everything asked about, by key and owner.

    `places` are those of the practitioners' appointments, where the clinic has ways
    between its places. `worked_out` is what rules make of all this and more than one
    wanted asks for.
    """

    taken: dict[str, dict[int, Given]]
    places: dict[int, int] = field(default_factory=dict)
    worked_out: dict[Hashable, Any] = field(default_factory=dict)

    def of(self, key: str, pk: int) -> Given:
        return self.taken[key].get(pk, NOTHING)

    def add(self, key: str, pk: int, row: Row) -> None:
        """Let whoever is asked about next see this as well."""
        self.taken[key][pk] = Given.of([*self.of(key, pk).rows(), row])
        self.worked_out.clear()


# Minutes since the epoch, worked out by the database: reading two thousand claims as
# datetimes costs more than all else in a search. In every SQLite; unixepoch() is new.
EPOCH = {
    "sqlite": "CAST(ROUND((JULIANDAY({}) - 2440587.5) * 86400) AS INTEGER)",
    "postgresql": "CAST(DATE_PART('epoch', {}) AS BIGINT)",
}
# One row for each owner: handing out a row costs more than finding it.
JOINED = {
    "sqlite": "GROUP_CONCAT({})",
    "postgresql": "STRING_AGG(({})::TEXT, ',')",
}
PART = """
    SELECT {kind}, {key}_id, {begins}, {ends}, {which}, {place}
    FROM {table}
    WHERE {key}_id IN ({marks}) AND ends_at > %s AND ends_at < %s
    AND starts_at >= %s AND starts_at < %s
    AND (held_until IS NULL OR held_until > %s)
"""
A_DAY = 24 * 60  # minutes

APPOINTMENT = Appointment._meta.db_table
PLACE = f"(SELECT a.place_id FROM {APPOINTMENT} AS a WHERE a.id = appointment_id)"  # noqa: S608 -- ours


def taken(
    whose: dict[str, set[int]],
    first: int,
    until: int,
    *,
    named: bool,
    placed: bool,
    now: datetime,
) -> Facts:
    """Claims by key and owner: one query.

    Holds that are over by `now` have let go of theirs. Unless `named`, the
    appointments are not read; unless `placed`, nor are their places. Of a day there are
    few rows, and to join them costs more than to read them.
    Written by hand: the ORM takes as long to put the question as the database to
    answer it.
    """
    adapted = connection.ops.adapt_datetimefield_value
    since, last = from_minute(first), from_minute(until)
    # Both columns from both sides, though two of the four say nothing new: behind one
    # side alone PostgreSQL expects much of the table, and plans every question anew.
    ends, begins = (since, last + Claim.LONGEST), (since - Claim.LONGEST, last)
    bounds = list(map(adapted, (*ends, *begins, now)))
    joined = until - first > A_DAY
    parts: list[str] = []
    values: list[Any] = []
    for kind, (key, ids) in enumerate(whose.items()):
        if ids:
            parts.append(_part(kind, key, len(ids), named, placed, joined))
            values += [*sorted(ids), *bounds]
    found = Facts({key: {} for key in whose})
    with connection.cursor() as cursor:
        # Each part by an index of its own: an OR would tempt the database to read all.
        cursor.execute(" UNION ALL ".join(parts), values)
        (_keep_joined if joined else _keep)(found, cursor.fetchall())
    return found


@lru_cache(maxsize=1024)
def _part(
    kind: int, key: str, many: int, named: bool, placed: bool, joined: bool
) -> str:
    """The part of the question about so many owners of one kind."""
    epoch = EPOCH[connection.vendor]
    column = JOINED[connection.vendor] if joined else "{}"
    part = PART.format(
        kind=kind,
        key=key,
        begins=column.format(f"{epoch.format('starts_at')} / 60"),
        ends=column.format(f"({epoch.format('ends_at')} + 59) / 60"),
        which=column.format("appointment_id") if named or placed else "NULL",
        place=column.format(PLACE) if placed and key == "practitioner" else "NULL",
        table=Claim._meta.db_table,
        marks=", ".join(["%s"] * many),
    )
    return f"{part} GROUP BY {key}_id" if joined else part


def _keep(found: Facts, rows: Iterable[tuple[Any, ...]]) -> None:
    """Keep rows of one claim each."""
    kinds = list(found.taken)
    stretches: dict[tuple[int, int], list[Row]] = defaultdict(list)
    for kind, owner, begins, ends, which, place in rows:
        stretches[kind, owner].append((begins, ends, which or 0))
        if place is not None:
            found.places[which] = place
    for (kind, owner), mine in stretches.items():
        found.taken[kinds[kind]][owner] = Given.of(mine)


def _keep_joined(found: Facts, rows: Iterable[tuple[Any, ...]]) -> None:
    """Keep rows of one owner each, whose columns hold all their claims."""
    kinds = list(found.taken)
    for kind, owner, begins, ends, which, places in rows:
        found.taken[kinds[kind]][owner] = _given(begins, ends, which or "")
        if places:
            found.places.update(zip(_numbers(which), _numbers(places), strict=True))


@lru_cache(maxsize=1024)
def _given(begins: str, ends: str, appointments: str) -> Given:
    """The same words mean the same: they are read once, and asked of the database anew."""
    columns = map(_numbers, (begins, ends, appointments))
    return _in_order(*columns)


def _numbers(joined: str) -> list[int]:
    found: list[int] = json.loads(f"[{joined}]")  # sooner than int() for each
    return found


def _in_order(begins: list[int], ends: list[int], appointments: list[int]) -> Given:
    """The index has them in order of their ends; no database promises it."""
    if sorted(ends) == ends:
        return Given(begins, ends, appointments)
    whose = appointments or [0] * len(ends)
    return Given.of(zip(begins, ends, whose, strict=True))


class OfClaims:
    """A rule that goes by claims. They are read once for all that inherit this."""

    about_time = True

    def read(self, wanteds: Sequence[Wanted], now: datetime) -> Facts:
        way = max(wanted.book.longest_way for wanted in wanteds)
        return taken(
            {
                "practitioner": {wanted.practitioner.pk for wanted in wanteds},
                "patient": {wanted.patient.pk for wanted in wanteds if wanted.patient},
                **_candidates(wanteds),
            },
            min(wanted.first - _before(wanted.variant) for wanted in wanteds) - way,
            max(
                wanted.until + wanted.minutes + _after(wanted.variant)
                for wanted in wanteds
            )
            + way,
            named=any(wanted.ignoring for wanted in wanteds),
            placed=way > 0,
            now=now,
        )


class PractitionerClaims(OfClaims):
    """Closes starts whose time, with preparation and clean-up, meets another claim."""

    about_making = True

    def closures(self, facts: Facts, wanted: Wanted) -> Iterable[Closure]:
        finding = Finding(
            "OVERLAP_PRACTITIONER",
            wanted.practitioner.slug,
            f"{wanted.practitioner.name} is already booked at that time.",
            "Choose another time, or another practitioner.",
        )
        before = wanted.minutes + wanted.variant.cleanup_min - 1
        mine = facts.of("practitioner", wanted.practitioner.pk)
        closed = mine.closed(wanted, before, wanted.variant.prep_min)
        return _closures(closed, finding)


class PatientClaims(OfClaims):
    """Closes starts whose visible time meets another appointment of the patient."""

    about_making = True

    def closures(self, facts: Facts, wanted: Wanted) -> Iterable[Closure]:
        if wanted.patient is None:
            return ()
        finding = Finding(
            "OVERLAP_PATIENT",
            "patient",
            "You have another appointment at that time.",
            "Choose another time, or cancel the other appointment first.",
            desk="The patient has another appointment at that time.",
        )
        mine = facts.of("patient", wanted.patient.pk)
        return _closures(mine.closed(wanted, wanted.minutes - 1, 0), finding)


def _candidates(wanteds: Sequence[Wanted]) -> dict[str, set[int]]:
    """The ids of the rooms and devices that could serve, each kind of need once."""
    found: dict[str, set[int]] = {"room": set(), "device": set()}
    asked = {(each.variant.pk, each.place.pk): each for each in wanteds}
    for wanted in asked.values():
        for key, ask in (("room", needs.rooms), ("device", needs.devices)):
            need = ask(wanted.book, wanted.variant, wanted.place)
            found[key].update(need.candidates if need else ())
    return found


def _before(variant: TreatmentVariant) -> int:
    rooms, devices = variant.around_rooms, variant.around_devices
    return max(variant.prep_min, rooms[0], devices[0])


def _after(variant: TreatmentVariant) -> int:
    rooms, devices = variant.around_rooms, variant.around_devices
    return max(variant.cleanup_min, rooms[1], devices[1])


def _closures(closed: Iterable[Stretch], finding: Finding) -> Iterable[Closure]:
    return [Closure(first, until, finding) for first, until in closed]
