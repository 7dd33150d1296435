"""Rooms and devices in the reference: every way to hand them out is tried.

Shares no code with the product, and no idea but the words: it makes every list of
different rooms that is as long as what is needed, and looks whether one fits.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import permutations

from tests.properties.plans import STANDING
from tests.properties.values import Plan, Thing


def equipment(plan: Plan, start: datetime) -> Iterator[str]:
    for what, kinds in (("room", plan.variant.rooms), ("device", plan.variant.devices)):
        before, after = plan.variant.around(what)
        first = start - timedelta(minutes=before)
        until = start + timedelta(minutes=plan.variant.minutes + after)
        here = [
            thing
            for thing in plan.things
            if thing.what == what and thing.place == plan.place.slug and thing.active
        ]
        in_service = [thing for thing in here if not _out(thing, first, until)]
        free = [thing for thing in in_service if not _taken(plan, thing, first, until)]
        if not _enough(kinds, here):
            yield f"NO_SUCH_{what.upper()}"
        elif not _enough(kinds, in_service):
            yield f"{what.upper()}_OUT_OF_SERVICE"
        elif not _enough(kinds, free):
            yield f"{what.upper()}_TAKEN"


def _enough(kinds: tuple[str, ...], things: list[Thing]) -> bool:
    return any(
        all(kind in thing.kinds for kind, thing in zip(kinds, each, strict=True))
        for each in permutations(things, len(kinds))
    )


def _out(thing: Thing, first: datetime, until: datetime) -> bool:
    return any(
        begins < until and (ends is None or first < ends) for begins, ends in thing.out
    )


def _taken(plan: Plan, thing: Thing, first: datetime, until: datetime) -> bool:
    return any(
        thing in visit.takes
        and visit.status in STANDING
        and number != plan.ignored
        and visit.occupies(thing.what)[0] < until
        and first < visit.occupies(thing.what)[1]
        for number, visit in enumerate(plan.visits)
    )
