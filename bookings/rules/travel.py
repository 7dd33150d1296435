"""Is there time for the way, where somebody works at two places in one day?"""

from collections.abc import Iterable
from itertools import pairwise

from bookings.findings import Closure, Finding
from bookings.rules.claims import Facts, OfClaims, Row
from bookings.wanted import Wanted


class Travel(OfClaims):
    """Closes starts that leave too little time for the way from or to another place.

    The way lies between the end of one claim, with its clean-up, and the beginning of
    the next, with its preparation. Only the claim right before a start and the one
    right after it are asked; a start that meets one is closed for that.
    """

    def closures(self, facts: Facts, wanted: Wanted) -> Iterable[Closure]:
        if not facts.places:
            return
        variant, way = wanted.variant, wanted.book.longest_way
        mine = facts.of("practitioner", wanted.practitioner.pk).near(
            wanted.first - variant.prep_min - way,
            wanted.until + wanted.minutes + variant.cleanup_min + way,
            wanted.ignoring,
        )
        for one, following in pairwise([None, *mine, None]):
            if one is not None:
                yield from _after(facts, wanted, one, following)
            if following is not None:
                yield from _before(facts, wanted, one, following)


def _after(
    facts: Facts, wanted: Wanted, one: Row, following: Row | None
) -> Iterable[Closure]:
    """Starts behind a claim at another place, up to the end of the next claim."""
    there = facts.places[one[2]]
    way = wanted.book.way(there, wanted.place.pk)
    first = one[1] + wanted.variant.prep_min
    until = first + way
    if following is not None:
        until = min(until, following[1] + wanted.variant.prep_min)
    if there != wanted.place.pk:
        yield from wanted.closing(first, until, _from(wanted, there, way))


def _before(
    facts: Facts, wanted: Wanted, one: Row | None, following: Row
) -> Iterable[Closure]:
    """Starts ahead of a claim at another place, from the beginning of the one before."""
    there = facts.places[following[2]]
    way = wanted.book.way(wanted.place.pk, there)
    length = wanted.minutes + wanted.variant.cleanup_min
    until = following[0] - length + 1
    first = until - way
    if one is not None:
        first = max(first, one[0] - length + 1)
    if there != wanted.place.pk:
        yield from wanted.closing(first, until, _to(wanted, there, way))


def _from(wanted: Wanted, there: int, way: int) -> Finding:
    who, place = wanted.practitioner, _name(wanted, there)
    return Finding(
        "TRAVEL_TOO_SHORT",
        who.slug,
        f"{who.name} is on the way from {place} at that time.",
        "Choose a later time, or another practitioner.",
        desk=f"From {place} to {wanted.place.name} it takes {way} minutes.",
    )


def _to(wanted: Wanted, there: int, way: int) -> Finding:
    who, place = wanted.practitioner, _name(wanted, there)
    return Finding(
        "TRAVEL_TOO_SHORT",
        who.slug,
        f"{who.name} has to leave for {place} at that time.",
        "Choose an earlier time, or another practitioner.",
        desk=f"From {wanted.place.name} to {place} it takes {way} minutes.",
    )


def _name(wanted: Wanted, place: int) -> str:
    book = wanted.book
    names = book.worked_out(
        "names of places", lambda: {row.pk: row.name for row in book.places.values()}
    )
    return names.get(place, "another place")  # it may have opened a moment ago
