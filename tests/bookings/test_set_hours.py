"""Weekly hours with a period of validity: what a change replaces and what it keeps."""

from datetime import UTC, date, datetime, time

import pytest

from bookings import actions
from bookings.models import AvailableTime
from tests.factories import AvailableTimeFactory, PractitionerRoleFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 2, 2, 17, tzinfo=UTC)
FEB1, FEB2, FEB28 = date(2026, 2, 1), date(2026, 2, 2), date(2026, 2, 28)
MAR1, MAR2, MAR31 = date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 31)
APR1 = date(2026, 4, 1)


@pytest.fixture
def role():
    return PractitionerRoleFactory()


def has(role, *periods):
    for hour, first, last in periods:
        AvailableTimeFactory(
            role=role, start_time=time(hour), valid_from=first, valid_until=last
        )


def change(role, hour=11, first=None, last=None):
    spans = [] if hour is None else [(time(hour), time(12))]
    actions.set_hours(
        role=role,
        weekday=0,
        spans=spans,
        from_day=first,
        until_day=last,
        by=None,
        now=NOW,
    )
    rows = AvailableTime.objects.filter(role=role, weekday=0)
    return {(row.start_time.hour, row.valid_from, row.valid_until) for row in rows}


@pytest.mark.parametrize(
    ("before", "asked", "after"),
    [
        # Without a day: all that has begun is replaced, what is dated for later stays.
        ([(9, None, None)], {}, {(11, None, None)}),
        ([(9, FEB1, None)], {}, {(11, None, None)}),
        (
            [(9, None, FEB28), (10, MAR1, None)],
            {},
            {(11, None, FEB28), (10, MAR1, None)},
        ),
        # From a day on: older ones end the day before.
        ([(9, None, None)], {"first": MAR1}, {(9, None, FEB28), (11, MAR1, None)}),
        ([(9, MAR1, None)], {"first": MAR1}, {(11, MAR1, None)}),
        ([(9, None, FEB28)], {"first": MAR1}, {(9, None, FEB28), (11, MAR1, None)}),
        (
            [(9, None, None), (10, APR1, None)],
            {"first": MAR1},
            {(9, None, FEB28), (11, MAR1, MAR31), (9, APR1, None), (10, APR1, None)},
        ),
        # From a day to a day: what held goes on behind it.
        (
            [(9, None, None)],
            {"first": MAR1, "last": MAR31},
            {(9, None, FEB28), (11, MAR1, MAR31), (9, APR1, None)},
        ),
        ([(9, MAR2, MAR31)], {"first": MAR1, "last": MAR31}, {(11, MAR1, MAR31)}),
        ([(9, APR1, None)], {"last": MAR31}, {(11, None, MAR31), (9, APR1, None)}),
        # No hours from a day on.
        ([(9, None, None)], {"hour": None, "first": MAR1}, {(9, None, FEB28)}),
    ],
)
def test_what_lies_outside_the_period_stays(role, before, asked, after):
    has(role, *before)

    assert change(role, **asked) == after


def test_other_weekdays_and_other_roles_stay(role):
    other = AvailableTimeFactory()
    same = AvailableTimeFactory(role=role, weekday=1)

    change(role, first=MAR1)

    assert set(AvailableTime.objects.exclude(role=role, weekday=0)) == {other, same}


def test_a_period_must_not_end_before_it_begins(role):
    has(role, (9, None, None))

    with pytest.raises(actions.HoursUnclear):
        change(role, first=MAR2, last=MAR1)

    assert AvailableTime.objects.get().valid_until is None
