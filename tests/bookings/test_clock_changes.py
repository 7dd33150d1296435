"""Hours start at their local time on the days around a change of clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings import slots
from bookings.models import AvailableTime
from tests import worlds
from tests.worlds import NOW

pytestmark = pytest.mark.django_db

CHANGES = [
    (date(2026, 3, 8), 23),
    (date(2026, 11, 1), 25),
    (date(2027, 3, 14), 23),
    (date(2027, 11, 7), 25),
]
DAYS = [
    (day + timedelta(days=offset), hours if offset == 0 else 24)
    for day, hours in CHANGES
    for offset in (-1, 0, 1)
]
ZONES = [("US-UT", "America/Denver"), ("US-AZ", "America/Phoenix")]


@pytest.fixture(params=ZONES, ids=[zone for _, zone in ZONES])
def somebody(request):
    """A physical therapist who works when the test says, every day, and the place."""
    jurisdiction, zone = request.param
    return worlds.plain(jurisdiction=jurisdiction, zone=zone, horizon_days=730)


def works(who, start, end):
    AvailableTime.objects.filter(role__practitioner=who).update(
        start_time=start, end_time=end
    )


def clocks(who, where, day):
    """What the clock on the wall shows at each start of a day."""
    question = worlds.asked("visit", where, who)
    return [f"{start:%H:%M}" for start in worlds.starts(question, day)]


def quarter_hours(first, last):
    return [
        f"{minute // 60:02}:{minute % 60:02}" for minute in range(first, last + 1, 15)
    ]


@pytest.mark.parametrize("day", [day for day, _ in DAYS], ids=str)
def test_the_day_begins_at_nine_and_ends_at_five_by_the_clock(somebody, day):
    who, where = somebody
    works(who, time(9), time(17))

    assert clocks(who, where, day) == quarter_hours(9 * 60, 16 * 60 + 30)


@pytest.mark.parametrize("day", [day for day, _ in DAYS], ids=str)
def test_an_afternoon_begins_at_one_by_the_clock(somebody, day):
    who, where = somebody
    works(who, time(13), time(15))

    assert clocks(who, where, day) == quarter_hours(13 * 60, 14 * 60 + 30)


@pytest.mark.parametrize(("day", "hours"), DAYS, ids=str)
def test_a_night_is_an_hour_shorter_or_longer(somebody, day, hours):
    who, where = somebody
    works(who, time(0), time(6))
    change = hours - 24 if where.zone == "America/Denver" else 0

    found = clocks(who, where, day)

    assert len(found) == 4 * (6 + change) - 1
    assert found == sorted(found) or change == 1
    assert (found[0], found[-1]) == ("00:00", "05:30")
    assert ("02:15" in found) is (change != -1)
    assert found.count("01:15") == (2 if change == 1 else 1)


@pytest.mark.parametrize(("day", "hours"), DAYS, ids=str)
def test_a_whole_day_has_23_24_or_25_hours(somebody, day, hours):
    who, where = somebody
    works(who, time(0), time(0))
    change = hours - 24 if where.zone == "America/Denver" else 0

    assert len(clocks(who, where, day)) == 4 * (24 + change)


@pytest.mark.parametrize(
    ("now", "first"),
    [
        # 2 hours before 10:00 MDT, across the skip of 2 to 3 o'clock.
        (datetime(2026, 3, 8, 14, 0, tzinfo=UTC), "10:00"),
        (datetime(2026, 3, 8, 14, 0, 1, tzinfo=UTC), "10:15"),
        # At 00:30 two hours' notice ends at 03:30 by the clock that skipped.
        (datetime(2026, 3, 8, 7, 30, tzinfo=UTC), "03:30"),
        # At 00:30 it ends at the second 01:30 on the day that has it twice.
        (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), "01:30"),
    ],
)
def test_notice_is_counted_in_real_minutes_on_a_day_of_change(now, first):
    who, where = worlds.plain(notice_min=120)
    works(who, time(0), time(0))
    zone = ZoneInfo("America/Denver")
    question = worlds.asked("visit", where, who)

    found = slots.open_slots(
        question, first_day=now.astimezone(zone).date(), days=1, now=now
    )

    opens = found[0].start
    assert f"{opens.astimezone(zone):%H:%M}" == first
    assert timedelta(hours=2) <= opens - now < timedelta(hours=2, minutes=15)


def test_an_appointment_lasts_its_minutes_across_the_change():
    who, where = worlds.plain()
    works(who, time(0), time(0))

    found = slots.open_slots(
        worlds.asked("visit", where, who),
        first_day=date(2026, 3, 8),
        days=1,
        now=NOW,
    )

    assert {slot.end - slot.start for slot in found} == {timedelta(minutes=30)}


@pytest.mark.parametrize(
    ("start", "end", "day", "minutes"),
    [
        # A shift that ends at a time shown twice ends at the second.
        (time(0), time(1, 30), date(2026, 11, 1), 150),
        # One that begins at such a time begins at the first.
        (time(1, 30), time(3), date(2026, 11, 1), 150),
        # One that ends, or begins, at a time that is skipped meets the skip.
        (time(1), time(2, 30), date(2026, 3, 8), 60),
        (time(2, 30), time(4), date(2026, 3, 8), 60),
    ],
)
def test_a_shift_that_meets_the_change(start, end, day, minutes):
    who, where = worlds.plain(horizon_days=730)
    works(who, start, end)

    found = clocks(who, where, day)

    assert len(found) == (minutes - 30) // 15 + 1
