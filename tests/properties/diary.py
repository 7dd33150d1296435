"""A diary kept by hand: what a clinic of two may book, told without the product.

Plain values and comparisons. Everybody works from seven to eight in the evening,
Denver time, on a grid of a quarter of an hour.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Denver")
OPENS, SHUTS = time(7), time(20)
GRID = 15
MOST_HOLDS = 2
STANDS = {"booked", "arrived", "fulfilled"}


@dataclass
class Entry:
    """One appointment: who, with whom, when, and what has become of it."""

    patient: int
    who: int
    start: datetime
    variant: str
    status: str = "booked"
    held_from: datetime | None = None
    held_until: datetime | None = None


@dataclass
class Diary:
    """What stands, who is away, until which day each licence holds, and the clock."""

    now: datetime
    notice: timedelta
    lengths: dict[str, tuple[timedelta, timedelta, timedelta]]  # before, visible, after
    entries: dict[int, Entry] = field(default_factory=dict)
    away: dict[int, tuple[int, datetime, datetime]] = field(default_factory=dict)
    licensed: dict[int, date | None] = field(default_factory=dict)

    def visible(self, entry: Entry) -> tuple[datetime, datetime]:
        return entry.start, entry.start + self.lengths[entry.variant][1]

    def occupied(self, entry: Entry) -> tuple[datetime, datetime]:
        before, _, after = self.lengths[entry.variant]
        begins, ends = self.visible(entry)
        return begins - before, ends + after

    def occupies(self, entry: Entry) -> bool:
        """Whether its time is nobody else's: it stands, or is a hold not yet over."""
        return entry.status in STANDS or self.is_held(entry)

    def is_held(self, entry: Entry) -> bool:
        until = entry.held_until
        return entry.status == "pending" and until is not None and self.now < until

    def replaced_by(self, wish: Entry) -> list[int]:
        """The patient's holds for the same variant, those that are over too."""
        return [
            key
            for key, entry in self.entries.items()
            if entry.status == "pending"
            and (entry.patient, entry.variant) == (wish.patient, wish.variant)
        ]

    def holds_too_many(self, wish: Entry, replaced: list[int]) -> bool:
        others = [
            entry
            for key, entry in self.entries.items()
            if key not in replaced
            and entry.patient == wish.patient
            and self.is_held(entry)
        ]
        return len(others) >= MOST_HOLDS

    def against(self, wish: Entry, *ignoring: int) -> set[str]:
        """The codes that speak against `wish` now; `ignoring` is thought away."""
        others = [
            entry
            for key, entry in self.entries.items()
            if key not in ignoring and self.occupies(entry)
        ]
        return self._by_the_clock(wish) | self._away(wish) | self._taken(wish, others)

    def _by_the_clock(self, wish: Entry) -> set[str]:
        begins, ends = (moment.astimezone(ZONE) for moment in self.visible(wish))
        codes = set()
        if wish.start < self.now:
            codes.add("IN_THE_PAST")
        elif wish.start < self._asked(wish) + self.notice:
            codes.add("NOTICE_TOO_SHORT")
        open_then = OPENS <= begins.time() < SHUTS
        if not open_then or ends.time() > SHUTS or begins.date() != ends.date():
            codes.add("OUTSIDE_HOURS")
        if open_then and (begins.hour * 60 + begins.minute) % GRID:
            codes.add("OFF_GRID")
        return codes

    def _asked(self, wish: Entry) -> datetime:
        """From when notice counts: from when it was held, while the hold lives."""
        return wish.held_from if wish.held_from and self.is_held(wish) else self.now

    def _away(self, wish: Entry) -> set[str]:
        begins, ends = self.visible(wish)
        codes = set()
        licensed = self.licensed[wish.who]
        if licensed is not None and ends.astimezone(ZONE).date() > licensed:
            codes.add("CREDENTIAL_NOT_VALID_ON_DATE")
        for who, leaves, returns in self.away.values():
            if who == wish.who and leaves < ends and begins < returns:
                codes.add("PRACTITIONER_ON_LEAVE")
        return codes

    def _taken(self, wish: Entry, others: list[Entry]) -> set[str]:
        codes = set()
        mine, ours = self.visible(wish), self.occupied(wish)
        for other in others:
            if other.who == wish.who and _meet(self.occupied(other), ours):
                codes.add("OVERLAP_PRACTITIONER")
            if other.patient == wish.patient and _meet(self.visible(other), mine):
                codes.add("OVERLAP_PATIENT")
        return codes


def _meet(one: tuple[datetime, datetime], two: tuple[datetime, datetime]) -> bool:
    return one[0] < two[1] and two[0] < one[1]
