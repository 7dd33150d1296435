"""What is offered beside a refusal: near, a few, and not all on one day."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from bookings.models import AvailableTime, NotAvailableTime
from bookings.views.alternatives import near
from tests import worlds
from tests.worlds import MONDAY, MONDAY_10, NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def clinic():
    """Somebody who works from eight to six, Monday to Friday, and the place."""
    return worlds.plain()


def days_near(clinic, at=MONDAY_10):
    who, where = clinic
    found = near(worlds.asked("visit", where, who), at, NOW)
    assert found == sorted(found, key=lambda slot: slot.minute)
    return [slot.start.astimezone(where.tz).date() for slot in found]


def away(clinic, first_day, days):
    """Leave from midnight to midnight of the place's days."""
    who, where = clinic
    begins = datetime.combine(first_day, datetime.min.time(), where.tz)
    NotAvailableTime.objects.create(
        practitioner=who, starts_at=begins, ends_at=begins + days * DAY
    )


def test_two_on_each_of_the_next_days(clinic):
    assert Counter(days_near(clinic)) == {MONDAY + n * DAY: 2 for n in range(3)}


def test_none_is_before_the_time_that_was_asked_for(clinic):
    who, where = clinic
    first = near(worlds.asked("visit", where, who), MONDAY_10, NOW)[0]

    assert first.start == MONDAY_10


def test_where_the_week_has_too_few_the_next_ones_count(clinic):
    away(clinic, MONDAY + DAY, 8)  # back on Wednesday of the second week

    assert Counter(days_near(clinic)) == {
        MONDAY: 2,
        MONDAY + 9 * DAY: 2,
        MONDAY + 10 * DAY: 2,
    }


def test_where_only_one_day_is_left_all_are_on_it(clinic):
    away(clinic, MONDAY + DAY, 60)

    assert days_near(clinic) == [MONDAY] * 6


def test_where_nothing_is_left_after_it_those_of_the_day_before_it_are_offered(clinic):
    away(clinic, MONDAY + DAY, 60)
    evening = MONDAY_10 + timedelta(hours=8)

    assert days_near(clinic, evening) == [MONDAY] * 6


def test_where_there_is_nothing_nothing_is_offered(clinic):
    AvailableTime.objects.all().delete()

    assert days_near(clinic) == []
