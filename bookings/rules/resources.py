"""Is there a room for it, and a device: one of each kind, each free for its own time?

Each room that could serve is asked by itself which starts it opens. A start is closed
only where all of them close it: their free times are never joined, or an hour would
appear that no single room has.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from itertools import pairwise
from typing import Any, ClassVar

from bookings import needs
from bookings.findings import Closure, Finding
from bookings.needs import Need, Resource
from bookings.rules.claims import Facts, OfClaims
from bookings.timeline import FOREVER, Stretch, Timeline, minute_from, to_minute
from bookings.wanted import Wanted

NEEDS = {"room": needs.rooms, "device": needs.devices}


def need_of(wanted: Wanted, key: str) -> Need | None:
    return NEEDS[key](wanted.book, wanted.variant, wanted.place)


class Equipped:
    """Closes what a place has no room or no device for, whatever the time."""

    settled = True

    def read(self, wanteds: Sequence[Wanted], now: datetime) -> None:
        return None

    def closures(self, facts: None, wanted: Wanted) -> Iterable[Closure]:
        for key in NEEDS:
            need = need_of(wanted, key)
            if need is not None and not need.is_there:
                finding = _no_such(wanted, key, need)
                yield Closure(wanted.first, wanted.until, finding)


class Rooms(OfClaims):
    """Closes starts for which no room is free, or none is in service."""

    about_making = True
    key: ClassVar[str] = "room"

    def closures(self, facts: Facts, wanted: Wanted) -> Iterable[Closure]:
        need = need_of(wanted, self.key)
        if need is None or not need.is_there:
            return ()
        place, variant = wanted.place.pk, wanted.variant.pk
        window = (wanted.first, wanted.until, wanted.minutes)
        same = (self.key, place, variant, *window, wanted.ignoring)
        # Twenty practitioners of one place ask for the same rooms.
        if same not in facts.worked_out:
            facts.worked_out[same] = self._closed(facts, wanted, need, same)
        return facts.worked_out[same]

    def _closed(
        self, facts: Facts, wanted: Wanted, need: Need, same: tuple[Any, ...]
    ) -> list[Closure]:
        """The next who asks is told the same, unless somebody booked one meanwhile."""
        if wanted.until - wanted.first == 1:  # one start is not worth the room
            return list(_closed(facts, wanted, self.key, need))
        taken = tuple(facts.of(self.key, pk) for pk in need.candidates)
        latest: dict[Any, list[Closure]] = wanted.book.worked_out(same, dict)
        found = latest.get(taken)
        if found is None:
            found = list(_closed(facts, wanted, self.key, need))
            latest.clear()
            latest[taken] = found
        return found


class Devices(Rooms):
    """Closes starts for which no device is free, or none is in service."""

    key = "device"


def chosen(
    wanted: Wanted, kept: Mapping[Any, Any], now: datetime
) -> dict[str, tuple[Resource, ...]]:
    """The rooms and devices that a window of one start takes, by "room" and "device".

    Of those that are free it is the least capable; none where too few are, which only
    a clinic without the rules above books. By what these rules read, which is in
    `kept`; it is read here where no rule did.
    """
    found: dict[str, tuple[Resource, ...]] = dict.fromkeys(NEEDS, ())
    for key in NEEDS:
        need = need_of(wanted, key)
        if need is not None:
            facts = kept.get(OfClaims.read) or OfClaims().read([wanted], now)
            free = partial(_is_free, facts, wanted, key, need)
            found[key] = need.chosen(free) or ()
    return found


def choose(facts: Facts, wanted: Wanted, key: str) -> tuple[Resource, ...] | None:
    """The rooms, or the devices, that a window of one start could take, going by `facts`.

    None where there are too few.
    """
    need = need_of(wanted, key)
    if need is None:
        return ()
    return need.chosen(partial(_is_free, facts, wanted, key, need))


def against(facts: Facts, wanted: Wanted, key: str) -> Iterable[Closure]:
    """Why a window has no room, or no device, going by `facts`."""
    need = need_of(wanted, key)
    if need is not None and need.is_there:
        yield from _closed(facts, wanted, key, need)


def _closed(facts: Facts, wanted: Wanted, key: str, need: Need) -> Iterable[Closure]:
    window = _window(wanted)
    shut = _without(window, need, cache(partial(_shut, facts, wanted, key, need)))
    out = Timeline()
    if shut and _any_out(wanted, key, need):
        out = _without(window, need, cache(partial(_out, wanted, key, need)))
    if out:
        finding = _out_of_service(wanted, key, need)
        for first, until in out:
            yield Closure(first, until, finding)
    if taken := shut - out:
        finding = _taken(wanted, key, need)
        for first, until in taken:
            yield Closure(first, until, finding)


def _window(wanted: Wanted) -> Timeline:
    return Timeline([(wanted.first, wanted.until)])


def _without(
    window: Timeline, need: Need, closed: Callable[[int], Timeline]
) -> Timeline:
    """The starts of the window at which what is not closed does not meet every kind."""
    if len(need.options) > 1:
        opened = {pk: window - closed(pk) for pk in need.candidates}
        return window - _met(window, need, opened)
    left = window
    for each in need.options[0]:
        if not left:
            break
        left = left & closed(each.pk)
    return left


def _met(window: Timeline, need: Need, opened: dict[int, Timeline]) -> Timeline:
    """The starts at which each kind has something of its own that is open."""
    turns: dict[int, list[int]] = {}
    for pk, starts in opened.items():
        for stretch in starts:
            for edge in stretch:
                turns.setdefault(edge, []).append(pk)
    known: dict[frozenset[int], bool] = {}
    free: frozenset[int] = frozenset()
    found: list[Stretch] = []
    for edge, following in pairwise([*sorted(turns), FOREVER]):
        free = free ^ frozenset(turns[edge])
        if free not in known:
            known[free] = need.chosen(free.__contains__) is not None
        if known[free]:
            found.append((edge, following))
    return Timeline(found)


def _is_free(facts: Facts, wanted: Wanted, key: str, need: Need, pk: int) -> bool:
    """Whether one of them leaves a start of the window open."""
    return bool(_window(wanted) - _shut(facts, wanted, key, need, pk))


def _out(wanted: Wanted, key: str, need: Need, pk: int) -> Timeline:
    """The starts for which one of them is not in service all the while."""
    before, after = _reach(wanted, need)
    return Timeline(
        [
            (to_minute(row.starts_at) - before, _end(row.ends_at) + after)
            for row in wanted.book.out_of_service.get((key, pk), ())
        ]
    )


def _shut(facts: Facts, wanted: Wanted, key: str, need: Need, pk: int) -> Timeline:
    """The starts for which one of them is taken, or out of service."""
    before, after = _reach(wanted, need)
    taken = Timeline.of(list(facts.of(key, pk).closed(wanted, before, after)))
    out = _out(wanted, key, need, pk)
    return taken | out if out else taken


def _reach(wanted: Wanted, need: Need) -> tuple[int, int]:
    """How far ahead of something that takes a room, and behind it, starts are closed."""
    return wanted.minutes + need.after - 1, need.before


def _end(moment: datetime | None) -> int:
    return FOREVER if moment is None else minute_from(moment)


def _any_out(wanted: Wanted, key: str, need: Need) -> bool:
    return any(wanted.book.out_of_service.get((key, pk)) for pk in need.candidates)


def words(kinds: Iterable[str]) -> str:
    """Kinds as people say them."""
    return " and ".join(kind.replace("_", " ") for kind in kinds)


def _no_such(wanted: Wanted, key: str, need: Need) -> Finding:
    place, kinds = wanted.place.name, words(need.kinds)
    return Finding(
        f"NO_SUCH_{key.upper()}",
        ",".join(need.kinds),
        f"{place} has no {key} for {wanted.variant.label}.",
        "Choose another place, or call us.",
        desk=f"{place} has too little that serves as {kinds}: "
        f"{len(need.candidates)} in use.",
    )


def _out_of_service(wanted: Wanted, key: str, need: Need) -> Finding:
    out = [
        each.name
        for pk, each in need.candidates.items()
        if wanted.book.out_of_service.get((key, pk))
    ]
    return Finding(
        f"{key.upper()}_OUT_OF_SERVICE",
        ",".join(need.kinds),
        f"The {key} that {wanted.variant.label} needs cannot be used at that time.",
        "Choose another time, or another place.",
        desk=f"Out of service at {wanted.place.name}, then or at other times: "
        f"{', '.join(out)}.",
    )


def _taken(wanted: Wanted, key: str, need: Need) -> Finding:
    return Finding(
        f"{key.upper()}_TAKEN",
        ",".join(need.kinds),
        f"No {key} for {wanted.variant.label} is free at that time.",
        "Choose another time, or another place.",
        desk=f"Everything at {wanted.place.name} that serves as {words(need.kinds)} "
        "is taken, with the minutes before and after.",
    )
