"""The sessions of a course lie neither too close nor too far apart."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bookings.courses import Bounds, InCourse, Sitting, bounds
from bookings.findings import Closure, Finding
from bookings.models import Appointment
from bookings.timeline import from_minute, local_day, to_minute
from bookings.wanted import Wanted

Known = dict[int, list[tuple[int, Sitting]]]


class OfCourse:
    """Reads the standing sessions of the courses in question: nothing without one."""

    about_time = True
    about_making = True

    def read(self, wanteds: Sequence[Wanted], now: datetime) -> tuple[datetime, Known]:
        courses = {wanted.course.course for wanted in wanteds if wanted.course}
        known: Known = defaultdict(list)
        if courses - {None}:
            rows = (
                Appointment.objects.standing()
                .filter(course__in=courses - {None}, session__isnull=False)
                .values_list("course_id", "pk", "session", "starts_at", "place__zone")
            )
            for course, pk, number, starts_at, zone in rows:
                sitting = Sitting(number or 0, to_minute(starts_at), ZoneInfo(zone))
                known[course or 0].append((pk, sitting))
        return now, known


def sittings(known: Known, wanted: Wanted, asked: InCourse) -> list[Sitting]:
    """The standing sessions of the wanted's course that it does not ignore."""
    if asked.course is None:
        return []
    return [
        sitting
        for pk, sitting in known.get(asked.course, ())
        if pk not in wanted.ignoring
    ]


class BetweenSessions(OfCourse):
    """Closes starts less or more days from the course's neighbours than it allows."""

    def closures(
        self, facts: tuple[datetime, Known], wanted: Wanted
    ) -> Iterable[Closure]:
        asked = wanted.course
        if asked is None:
            return
        others = sittings(facts[1], wanted, asked)
        before, after = bounds(asked, wanted.place.tz, others)
        if before is not None:
            yield from _outside(wanted, before, *_after_another(asked, before, wanted))
        if after is not None:
            yield from _outside(wanted, after, *_before_another(asked, after))


def _outside(
    wanted: Wanted, open_to: Bounds, ahead: Finding, behind: Finding
) -> Iterable[Closure]:
    """Close the window `ahead` of what is open and `behind` it."""
    yield from wanted.closing(wanted.first, open_to.first, ahead)
    yield from wanted.closing(open_to.until, wanted.until, behind)


def _after_another(
    asked: InCourse, open_to: Bounds, wanted: Wanted
) -> tuple[Finding, Finding]:
    """Too soon ahead of what the session before leaves open, too late behind it."""
    zone = wanted.place.tz
    first, last = _words(open_to.first, zone), _words(open_to.until - 1, zone)
    other = open_to.neighbour
    on = _words(other.minute, zone)
    most = (asked.number - other.number) * asked.most_days
    soon = Finding(
        "COURSE_TOO_SOON",
        f"session-{other.number}",
        f"Session {asked.number} comes at least {_days(asked.least_days)} after "
        f"session {other.number}, which is on {on}.",
        f"Choose a day from {first} on.",
        first_possible=from_minute(open_to.first),
    )
    late = Finding(
        "COURSE_TOO_LATE",
        f"session-{other.number}",
        f"Session {asked.number} comes at most {_days(most)} after session "
        f"{other.number}, which is on {on}.",
        f"Choose a day up to {last}, or call us.",
    )
    return soon, late


def _before_another(asked: InCourse, open_to: Bounds) -> tuple[Finding, Finding]:
    """Too far ahead of the session that follows, or too close to it."""
    other = open_to.neighbour
    zone = other.zone
    first, last = _words(open_to.first, zone), _words(open_to.until - 1, zone)
    on = _words(other.minute, zone)
    most = (other.number - asked.number) * asked.most_days
    far = Finding(
        "COURSE_TOO_LATE",
        f"session-{other.number}",
        f"Session {other.number}, on {on}, comes at most {_days(most)} after session "
        f"{asked.number}.",
        f"Choose a day from {first} on, or move session {other.number} too.",
        first_possible=from_minute(open_to.first),
    )
    close = Finding(
        "COURSE_TOO_SOON",
        f"session-{other.number}",
        f"Session {other.number}, on {on}, comes at least {_days(asked.least_days)} "
        f"after session {asked.number}.",
        f"Choose a day up to {last}, or move session {other.number} too.",
    )
    return far, close


def _words(minute: int, zone: ZoneInfo) -> str:
    day = local_day(minute, zone)
    return f"{day:%A, %B} {day.day}"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
