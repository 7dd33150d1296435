"""Not in the past, not too soon, not too far ahead."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bookings.calendar import clock
from bookings.findings import Closure, Finding
from bookings.rules.courses import Known, OfCourse, sittings
from bookings.timeline import from_minute, local_day, midnight, minute_from
from bookings.wanted import Wanted


class Past:
    """Closes every start that has gone by."""

    about_time = True
    about_making = True

    def read(self, wanteds: Sequence[Wanted], now: datetime) -> int:
        return minute_from(now)

    def closures(self, facts: int, wanted: Wanted) -> Iterable[Closure]:
        until = min(facts, wanted.until)
        if wanted.first < until:
            message = "That time has passed."
            remedy = "Choose a later time."
            finding = Finding("IN_THE_PAST", "time", message, remedy)
            yield Closure(wanted.first, until, finding)


class Notice:
    """Closes starts that are nearer than the place's minutes of notice.

    For a time on hold they count from when it was held.
    """

    about_time = True
    about_making = True

    def read(self, wanteds: Sequence[Wanted], now: datetime) -> int:
        return minute_from(now)

    def closures(self, facts: int, wanted: Wanted) -> Iterable[Closure]:
        place = wanted.place
        asked = facts if wanted.held_from is None else wanted.held_from
        until = min(asked + place.notice_min, wanted.until)
        first = max(facts, wanted.first)
        if first < until:
            opens = from_minute(facts + place.notice_min).astimezone(place.tz)
            finding = Finding(
                "NOTICE_TOO_SHORT",
                place.slug,
                f"{place.name} needs {_spoken(place.notice_min)} of notice.",
                f"Choose a time from {opens:%A, %B} {opens.day}, {clock(facts + place.notice_min, place.tz)}, "
                "or call us.",
                desk=f"Notice here is {place.notice_min} minutes.",
            )
            yield Closure(first, until, finding)


class Horizon(OfCourse):
    """Closes starts on days further ahead than the place takes bookings.

    Of a course only the first session: the others are bound by the one before.
    """

    def closures(
        self, facts: tuple[datetime, Known], wanted: Wanted
    ) -> Iterable[Closure]:
        now, known = facts
        asked, place = wanted.course, wanted.place
        if asked is not None and asked.follows(sittings(known, wanted, asked)):
            return
        today = local_day(minute_from(now), place.tz)
        closes = midnight(today + timedelta(days=place.horizon_days + 1), place.tz)
        first = max(closes, wanted.first)
        if first < wanted.until:
            last = today + timedelta(days=place.horizon_days)
            finding = Finding(
                "BEYOND_HORIZON",
                place.slug,
                f"{place.name} takes bookings up to {place.horizon_days} days ahead.",
                f"Choose a day up to {last:%B} {last.day}, {last.year}.",
            )
            yield Closure(first, wanted.until, finding)


def _spoken(minutes: int) -> str:
    for size, unit in ((24 * 60, "day"), (60, "hour")):
        if minutes and minutes % size == 0:
            count = minutes // size
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return f"{minutes} minutes"
