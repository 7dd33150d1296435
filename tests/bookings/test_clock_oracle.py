"""Hours against clocks that are read minute by minute, at every change of clocks.

The oracle knows nothing of folds and gaps: it looks at what the clock on the wall
shows in each minute of three days, and opens a shift at the first minute that shows
its beginning or later, and closes it behind the last minute that shows less than its
end. `EVERY_START=1` asks for every five minutes instead of every half hour.
"""

import os
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from bookings.models import SingleDay
from bookings.rules.hours import spans
from bookings.timeline import local_minute

ZONES = [
    "America/Denver",
    "America/Phoenix",
    "America/New_York",
    "America/St_Johns",
    "America/Los_Angeles",
    "Europe/London",
    "Europe/Berlin",
    "Africa/Casablanca",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Pacific/Auckland",
]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
STEP = 5 if os.environ.get("EVERY_START") else 30


def changes(zone):
    """The local days, 2026 to 2032, within which the distance from UTC changes."""
    day, found = date(2026, 1, 1), []
    while day.year < 2033:
        noons = [datetime.combine(each, time(12), zone) for each in (day, day + DAY)]
        if noons[0].utcoffset() != noons[1].utcoffset():
            found += [day, day + DAY]
        day += DAY
    return found


def readings(day, zone):
    """Each minute of the day before, the day and the day after: what is shown."""
    start = datetime.combine(day - DAY, time(12), zone).astimezone(UTC)
    first = (start - EPOCH) // MINUTE
    shown = []
    for number in range(48 * 60):
        clock = (start + number * MINUTE).astimezone(zone)
        if clock.date() == day:
            shown.append((first + number, clock.hour * 60 + clock.minute))
    return shown


def opens(shown, wall):
    return next((at for at, clock in shown if clock >= wall), shown[-1][0] + 1)


def shuts(shown, wall):
    """Behind the last minute before which the shown time is still to come."""
    same = [at for at, clock in shown if clock == wall]
    return same[-1] if same else opens(shown, wall)


@pytest.mark.parametrize("name", ZONES)
def test_every_hour_of_every_change_is_as_the_clock_shows_it(name):
    zone = ZoneInfo(name)
    days = changes(zone)
    assert bool(days) is (name != "America/Phoenix")
    wrong = []
    for day in days or [date(2026, 3, 8), date(2026, 11, 1)]:
        shown = readings(day, zone)
        for wall in range(0, 24 * 60, STEP):
            clock = time(*divmod(wall, 60))
            asked = (
                local_minute(day, clock, zone),
                local_minute(day, clock, zone, latest=True),
            )
            if asked != (opens(shown, wall), shuts(shown, wall)):
                wrong.append((day, clock, asked))
    assert wrong == []


def wall(minutes):
    """The wall clock so many minutes behind midnight; midnight itself ends a day."""
    return time(*divmod(minutes % (24 * 60), 60))


@pytest.mark.parametrize("name", [*ZONES, "America/Havana", "Atlantic/Azores"])
def test_hours_of_one_date_are_as_the_clock_shows_them(name):
    """Every length of shift in turn, from every beginning, on that date only."""
    zone = ZoneInfo(name)
    role = SimpleNamespace(pk=1, location=SimpleNamespace(tz=zone))
    wrong = []
    for day in changes(zone) or [date(2026, 3, 8), date(2026, 11, 1)]:
        shown = readings(day, zone)
        shifts = [
            (begins, begins + STEP * (1 + number % 9))
            for number, begins in enumerate(range(0, 23 * 60, STEP))
        ]
        shifts = [shift for shift in shifts if shift[1] < 24 * 60]
        shifts += [(begins, 24 * 60) for begins in range(0, 24 * 60, STEP)]
        rows = [
            SingleDay(day=day, start_time=wall(begins), end_time=wall(ends))
            for begins, ends in shifts
        ]
        book = SimpleNamespace(
            hours={}, single_days={1: {day: rows}}, worked_out=lambda _, work: work()
        )
        found = spans(book, role, shown[0][0], shown[-1][0])
        if found != [(opens(shown, a), shuts(shown, b)) for a, b in shifts]:
            wrong.append((day, found))
    assert wrong == []
