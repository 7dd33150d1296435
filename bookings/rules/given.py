"""The time of one owner that is given away, as the database told it."""

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Sequence
from itertools import compress

from bookings.timeline import Stretch
from bookings.wanted import Wanted

Row = tuple[int, int, int]  # first minute, until, appointment
KNOWN = 64  # windows of which one reading remembers what they close


class Given:
    """The time of one owner that is given away: columns, in order.

    Claims of one owner never overlap, so that their ends are in order too. Without
    names there are no `appointments`, and nothing to ignore. What claims close of a
    window is `known` as long as they are; of one start it is not worth the room.
    """

    __slots__ = ("appointments", "begins", "ends", "known")

    def __init__(
        self,
        begins: Sequence[int] = (),
        ends: Sequence[int] = (),
        appointments: Sequence[int] = (),
    ) -> None:
        self.begins, self.ends, self.appointments = begins, ends, appointments
        self.known: dict[Hashable, Sequence[Stretch]] = {}

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "Given":
        return cls(*map(list, zip(*sorted(rows), strict=True)))

    def rows(self, ignoring: frozenset[int] = frozenset()) -> list[Row]:
        whose = self.appointments or [0] * len(self.ends)
        columns = zip(self.begins, self.ends, whose, strict=True)
        return [row for row in columns if row[2] not in ignoring]

    def near(self, first: int, until: int, ignoring: frozenset[int]) -> list[Row]:
        """Those that end behind `first` and begin ahead of `until`."""
        low, high = bisect_right(self.ends, first), bisect_left(self.begins, until)
        columns = (self.begins, self.ends, self.appointments)
        rows = zip(*(column[low:high] for column in columns), strict=True)
        return [row for row in rows if row[2] not in ignoring]

    def closed(self, wanted: Wanted, before: int, after: int) -> Sequence[Stretch]:
        """What the claims close of the window, those that touch as one stretch.

        A start is closed from `before` minutes ahead of a claim to `after` behind it.
        """
        window = (wanted.first, wanted.until, before, after, wanted.ignoring)
        if not self.begins or wanted.until - wanted.first == 1:
            return self._closed(*window)
        found = self.known.get(window)
        if found is None:
            found = self._closed(*window)
            if len(self.known) >= KNOWN:  # readings live as long as the process
                self.known.clear()  # another thread may, too
            self.known[window] = found
        return found

    def _closed(
        self, first: int, until: int, before: int, after: int, ignoring: frozenset[int]
    ) -> Sequence[Stretch]:
        low = bisect_right(self.ends, first - after)
        high = bisect_left(self.begins, until + before)
        begins, ends = self.begins[low:high], self.ends[low:high]
        if ignoring and begins:
            kept = [pk not in ignoring for pk in self.appointments[low:high]]
            begins, ends = list(compress(begins, kept)), list(compress(ends, kept))
        if not begins:
            return ()
        found: list[Stretch] = []
        start, apart = begins[0], before + after
        for begin, end in zip(begins[1:], ends, strict=False):  # the one before ends
            if begin - end > apart:
                found.append((start - before, end + after))
                start = begin
        found.append((start - before, ends[-1] + after))
        found[0] = max(found[0][0], first), found[0][1]
        found[-1] = found[-1][0], min(found[-1][1], until)
        return found


NOTHING = Given()
