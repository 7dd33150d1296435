"""Nobody is in two places at once: time that is given away already."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.db import connection

from bookings import needs
from bookings.findings import Closure, Finding
from bookings.models import Appointment, Claim
from bookings.timeline import Timeline, from_minute
from bookings.wanted import Wanted
from treatments.models import TreatmentVariant

Given = tuple[int, int, int]  # first minute, until, appointment
Taken = dict[int, list[Given]]


@dataclass(frozen=True, slots=True)
class Facts:
    """The claims of everybody and everything asked about, by key and owner.

    `places` are those of the practitioners' appointments, where the clinic has ways
    between its places. `worked_out` is what rules make of all this and more than one
    wanted asks for.
    """

    taken: dict[str, Taken]
    places: dict[int, int] = field(default_factory=dict)
    worked_out: dict[Hashable, Any] = field(default_factory=dict)

    def of(self, key: str, pk: int) -> list[Given]:
        """The claims of one owner, in order."""
        same = (key, pk)
        if same not in self.worked_out:
            self.worked_out[same] = sorted(self.taken[key].get(pk, ()))
        found: list[Given] = self.worked_out[same]
        return found


# Minutes since the epoch, worked out by the database: reading two thousand claims as
# datetimes costs more than all else in a search. In every SQLite; unixepoch() is new.
EPOCH = {
    "sqlite": "CAST(ROUND((JULIANDAY({}) - 2440587.5) * 86400) AS INTEGER)",
    "postgresql": "CAST(EXTRACT(EPOCH FROM {}) AS BIGINT)",
}
PART = """
    SELECT {kind}, {key}_id, {begins} / 60, ({ends} + 59) / 60, {which}, {place}
    FROM {table}
    WHERE {key}_id IN ({marks}) AND ends_at > %s AND starts_at < %s
    AND (held_until IS NULL OR held_until > %s)
"""


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
    """Claims by key and owner, as `(first minute, until, appointment)`: one query.

    Holds that are over by `now` have let go of theirs. Unless `named`, the
    appointments are not read, and each is 0; unless `placed`, nor are their places.
    Written by hand: the ORM takes as long to put the question as the database to
    answer it.
    """
    epoch = EPOCH[connection.vendor]
    adapted = connection.ops.adapt_datetimefield_value
    bounds = [adapted(from_minute(first)), adapted(from_minute(until)), adapted(now)]
    parts: list[str] = []
    values: list[Any] = []
    for kind, (key, ids) in enumerate(whose.items()):
        if ids:
            part = PART.format(
                kind=kind,
                key=key,
                begins=epoch.format("starts_at"),
                ends=epoch.format("ends_at"),
                which="appointment_id" if named or placed else "0",
                place=PLACE if placed and key == "practitioner" else "0",
                table=Claim._meta.db_table,
                marks=", ".join(["%s"] * len(ids)),
            )
            parts.append(part)
            values += [*sorted(ids), *bounds]
    found = Facts({key: defaultdict(list) for key in whose})
    kinds = list(found.taken.values())
    with connection.cursor() as cursor:
        # Each part by an index of its own: an OR would tempt the database to read all.
        cursor.execute(" UNION ALL ".join(parts), values)
        for row in cursor.fetchall():
            kinds[row[0]][row[1]].append(row[2:5])
            if row[5]:
                found.places[row[4]] = row[5]
    return found


class PractitionerClaims:
    """Closes starts whose time, with preparation and clean-up, meets another claim."""

    about_time = True
    about_making = True

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

    def closures(self, facts: Facts, wanted: Wanted) -> Iterable[Closure]:
        finding = Finding(
            "OVERLAP_PRACTITIONER",
            wanted.practitioner.slug,
            f"{wanted.practitioner.name} is already booked at that time.",
            "Choose another time, or another practitioner.",
        )
        before = wanted.minutes + wanted.variant.cleanup_min - 1
        after = wanted.variant.prep_min
        return _closures(
            facts.taken["practitioner"].get(wanted.practitioner.pk, ()),
            wanted,
            before,
            after,
            finding,
        )


class PatientClaims(PractitionerClaims):
    """Closes starts whose visible time meets another appointment of the patient."""

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
        mine = facts.taken["patient"].get(wanted.patient.pk, ())
        return _closures(mine, wanted, wanted.minutes - 1, 0, finding)


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


def within(claims: list[Given], first: int, until: int) -> list[Given]:
    """Those of the claims of one owner, in order, that meet a stretch of time.

    They never overlap, so that their ends are in order too.
    """
    begin = bisect_right(claims, first, key=itemgetter(1))
    return claims[begin : bisect_left(claims, until, key=itemgetter(0))]


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
