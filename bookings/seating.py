"""The rooms and devices of what stands: still fit for use, or others in their place.

An appointment has taken certain ones. When these cannot be used any more, or others are
needed than when it was booked, those are taken that are free then; only where there are
none is the appointment at risk. What a hold that is over has taken is given back as
soon as somebody wants it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import IntegrityError, transaction
from django.db.models import Q

from bookings import evaluator
from bookings.findings import Finding
from bookings.models import Claim
from bookings.rules import resources
from bookings.rules.claims import OfClaims, Row
from bookings.timeline import from_minute, minute_from, to_minute
from bookings.wanted import Wanted

MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class Seated:
    """What came of it: who sits elsewhere now, and who has nowhere to sit, and why."""

    elsewhere: frozenset[int]
    nowhere: dict[int, list[Finding]]


def claims_of(wanteds: Mapping[int, Wanted]) -> list[Claim]:
    """The rooms and devices that these have taken: one query."""
    if not wanteds:
        return []
    rows = Claim.objects.filter(practitioner=None, patient=None).filter(
        ends_at__gt=from_minute(min(wanted.first for wanted in wanteds.values()))
    )
    return [row for row in rows if row.appointment_id in wanteds]


def unfit(wanteds: Mapping[int, Wanted], claims: list[Claim]) -> dict[int, set[str]]:
    """Which have what cannot be used, or not all that they need, by appointment."""
    found: dict[int, set[str]] = defaultdict(set)
    has: dict[tuple[int, str], set[int | None]] = defaultdict(set)
    for claim in claims:
        key = "room" if claim.room_id else "device"
        has[claim.appointment_id, key].add(claim.room_id or claim.device_id)
        if not _is_fit(wanteds[claim.appointment_id], key, claim):
            found[claim.appointment_id].add(key)
    for pk, wanted in wanteds.items():
        for key in ("room", "device"):
            need = resources.need_of(wanted, key)
            if need is not None and need.chosen(has[pk, key].__contains__) is None:
                found[pk].add(key)
    return dict(found)


def _is_fit(wanted: Wanted, key: str, claim: Claim) -> bool:
    need = resources.need_of(wanted, key)
    pk = claim.room_id or claim.device_id
    if need is None:  # it was needed when this was booked
        return True
    return pk in need.candidates and not any(
        row.starts_at < claim.ends_at
        and (row.ends_at is None or claim.starts_at < row.ends_at)
        for row in wanted.book.out_of_service.get((key, pk), ())
    )


def seat(wanteds: Mapping[int, Wanted], claims: list[Claim], now: datetime) -> Seated:
    """Give those whose room or device is unfit or missing one that is free, by start.

    The database refuses what is not free: a hold that is over has claims until somebody
    wants its time, and a change need not have locked these rooms, so that a booking may
    have taken one since they were looked at. Then they are looked at again.
    """
    bad = unfit(wanteds, claims)
    if not bad:
        return Seated(frozenset(), {})
    for _ in range(MOST_TRIES - 1):
        try:
            with transaction.atomic():
                return _seat(bad, wanteds, claims, now)
        except IntegrityError:
            for key, ids in _could_serve(bad, wanteds).items():
                release(now, **{key: ids})
    return _seat(bad, wanteds, claims, now)


def release(now: datetime, **owners: Collection[int]) -> int:
    """Delete claims of holds that are over, and say how many.

    No job does it: whoever wants the time does. `owners` are ids by key: practitioner,
    room and so on; only theirs are touched, so that two who release under their locks
    never wait for each other. What is left of such a hold counts as free, and goes when
    its own owner is wanted.
    """
    theirs = reduce(or_, (Q(**{f"{key}__in": list(owners[key])}) for key in owners))
    return Claim.objects.filter(theirs, held_until__lte=now).delete()[0]


def _could_serve(
    bad: Mapping[int, set[str]], wanteds: Mapping[int, Wanted]
) -> dict[str, set[int]]:
    """The ids of rooms, and of devices, that any of these could be given."""
    found: dict[str, set[int]] = defaultdict(set)
    for pk, keys in bad.items():
        for key in keys:
            need = resources.need_of(wanteds[pk], key)
            found[key].update(need.candidates if need else ())
    return found


def _seat(
    bad: Mapping[int, set[str]],
    wanteds: Mapping[int, Wanted],
    claims: Sequence[Claim],
    now: datetime,
) -> Seated:
    """Raises IntegrityError where one of those that were free is taken meanwhile."""
    asked = sorted(bad, key=lambda pk: (wanteds[pk].first, pk))
    facts = OfClaims().read([wanteds[pk] for pk in asked], now)
    old: list[int] = []
    new: list[Claim] = []
    elsewhere: set[int] = set()
    nowhere: dict[int, list[Finding]] = defaultdict(list)
    for pk in asked:
        for key in sorted(bad[pk]):
            taken = resources.choose(facts, wanteds[pk], key)
            if taken is None:
                closures = list(resources.against(facts, wanteds[pk], key))
                nowhere[pk] += evaluator.findings_at(closures, wanteds[pk].first)
                continue
            elsewhere.add(pk)
            mine = [
                claim
                for claim in claims
                if claim.appointment_id == pk and getattr(claim, f"{key}_id")
            ]
            old += [claim.pk for claim in mine]
            for each in taken:
                claim = _claim(wanteds[pk], pk, key, each)
                new.append(claim)
                facts.add(key, each.pk, _row(claim))
    Claim.objects.filter(pk__in=old).delete()
    Claim.objects.bulk_create(new)
    return Seated(frozenset(elsewhere), dict(nowhere))


def _claim(wanted: Wanted, pk: int, key: str, what: resources.Resource) -> Claim:
    need = resources.need_of(wanted, key)
    before, after = (need.before, need.after) if need else (0, 0)
    return Claim(
        appointment_id=pk,
        starts_at=from_minute(wanted.first - before),
        ends_at=from_minute(wanted.first + wanted.minutes + after),
        **{key: what},
    )


def _row(claim: Claim) -> Row:
    """As the rules read it, so that the next one sees it taken."""
    return to_minute(claim.starts_at), minute_from(claim.ends_at), claim.appointment_id
