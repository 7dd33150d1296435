"""Days on which a place is closed: public holidays, and what somebody decided."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bookings import slots
from bookings.models import AvailableTime
from bookings.timeline import from_minute, midnight
from clinic.models import Location
from tests import worlds
from tests.factories import PlaceDayFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 17, tzinfo=UTC)
THANKSGIVING = date(2026, 11, 26)
DAY = timedelta(days=1)
CLOSED = "PLACE_CLOSED_THAT_DAY"


@pytest.fixture
def somebody():
    """Every day from eight to six, at a place in Utah that keeps holidays."""
    return worlds.plain(keeps_holidays=True)


def days(who, where, first=THANKSGIVING - DAY, count=3):
    question = worlds.asked("visit", where, who)
    found = worlds.starts(question, first, days=count, now=NOW)
    return sorted({start.date() for start in found})


def at_ten(day, where):
    return from_minute(midnight(day, where.tz) + 10 * 60)


def findings(who, where, at):
    question = worlds.asked("visit", where, who)
    return slots.why_not(question, at=at, now=NOW)


def test_a_public_holiday_closes_the_day_and_says_which(somebody):
    who, where = somebody

    assert days(who, where) == [THANKSGIVING - DAY, THANKSGIVING + DAY]
    [finding] = findings(who, where, at_ten(THANKSGIVING, where))
    assert finding.code == CLOSED
    assert finding.severity == "policy"
    assert finding.message.endswith(
        "is closed on Thursday, November 26 (Thanksgiving Day)."
    )
    assert finding.remedy == "Choose Friday, November 27 or later, or another place."
    assert finding.first_possible == from_minute(midnight(THANKSGIVING + DAY, where.tz))


def test_a_place_that_keeps_no_holidays_is_open(somebody):
    who, where = somebody
    Location.objects.update(keeps_holidays=False)

    assert len(days(who, where)) == 3


def test_a_day_decided_to_be_open_wins_over_the_holiday(somebody):
    who, where = somebody
    PlaceDayFactory(location=where, day=THANKSGIVING, is_open=True)

    assert len(days(who, where)) == 3


@pytest.mark.parametrize("keeps", [True, False])
def test_a_day_decided_to_be_closed_is_closed_for_its_reason(somebody, keeps):
    who, where = somebody
    Location.objects.update(keeps_holidays=keeps)
    PlaceDayFactory(location=where, day=date(2026, 11, 25), reason="Staff training")

    assert date(2026, 11, 25) not in days(who, where)
    [finding] = findings(who, where, at_ten(date(2026, 11, 25), where))
    assert "is closed on Wednesday, November 25 (Staff training)." in finding.message
    opens = "Friday, November 27" if keeps else "Thursday, November 26"
    assert finding.remedy.startswith(f"Choose {opens} or later")


def test_a_closed_day_without_a_reason_says_only_that(somebody):
    who, where = somebody
    PlaceDayFactory(location=where, day=date(2026, 11, 25))

    [finding] = findings(who, where, at_ten(date(2026, 11, 25), where))
    assert finding.message.endswith("is closed on Wednesday, November 25.")


def test_another_place_stays_open(somebody):
    elsewhere = worlds.place("US-NV", "America/Los_Angeles")
    PlaceDayFactory(location=elsewhere, day=date(2026, 11, 25))

    assert date(2026, 11, 25) in days(*somebody)


@pytest.mark.parametrize("jurisdiction", ["US-XX", "ZZ-1", "*", ""])
def test_where_no_holidays_are_known_nothing_breaks(somebody, jurisdiction):
    who, where = somebody
    Location.objects.update(jurisdiction=jurisdiction)

    found = {each.code for each in findings(who, where, at_ten(THANKSGIVING, where))}
    assert (CLOSED in found) is jurisdiction.startswith("US")


def test_nobody_begins_so_late_that_it_reaches_into_the_closed_day(somebody):
    who, where = somebody
    AvailableTime.objects.update(start_time=time(22), end_time=time(0))
    morning = AvailableTime.objects.first()
    AvailableTime.objects.bulk_create(
        AvailableTime(
            role=morning.role, weekday=day, start_time=time(0), end_time=time(2)
        )
        for day in range(7)
    )
    question = worlds.asked("visit", where, who)

    before = worlds.starts(question, THANKSGIVING - DAY, now=NOW)
    after = worlds.starts(question, THANKSGIVING + DAY, now=NOW)

    assert f"{before[-1]:%H:%M}" == "23:30"
    assert f"{after[0]:%H:%M}" == "00:00"


def test_what_is_closed_for_long_names_no_day_to_choose(somebody):
    who, where = somebody
    for number in range(70):
        PlaceDayFactory(location=where, day=THANKSGIVING + number * DAY)

    [finding] = findings(who, where, at_ten(THANKSGIVING, where))
    assert finding.remedy == "Choose another day, or another place."
