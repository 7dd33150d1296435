"""Time as minutes: conversions, local clocks, and timelines against plain sets."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.timeline import (
    EPOCH,
    FOREVER,
    NEVER,
    Timeline,
    from_minute,
    local_day,
    local_minute,
    midnight,
    minute_from,
    to_minute,
)

DENVER, PHOENIX = ZoneInfo("America/Denver"), ZoneInfo("America/Phoenix")
SPRING, AUTUMN = date(2026, 3, 8), date(2026, 11, 1)

stretches = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8)


def minutes(pairs):
    """The set of minutes that stretches hold, one by one."""
    return {minute for first, until in pairs for minute in range(first, until)}


@given(stretches)
def test_a_timeline_holds_the_minutes_of_its_stretches(pairs):
    timeline = Timeline(pairs)

    assert minutes(timeline) == minutes(pairs)
    assert {minute for minute in range(-2, 63) if minute in timeline} == minutes(pairs)
    assert bool(timeline) == bool(minutes(pairs))


@given(stretches)
def test_stretches_are_sorted_and_neither_touch_nor_overlap(pairs):
    kept = list(Timeline(pairs))

    assert all(first < until for first, until in kept)
    assert all(until < first for (_, until), (first, _) in pairwise(kept))


@given(stretches, stretches)
def test_algebra_is_that_of_sets(one, other):
    left, right = Timeline(one), Timeline(other)

    assert minutes(left | right) == minutes(one) | minutes(other)
    assert minutes(left & right) == minutes(one) & minutes(other)
    assert left & right == right & left
    assert minutes(left - right) == minutes(one) - minutes(other)
    assert (left == right) == (minutes(one) == minutes(other))


def test_what_has_no_end_meets_what_has_one():
    always = Timeline([(NEVER, FOREVER + 1)])

    assert always & Timeline([(3, 5)]) == Timeline([(3, 5)]) & always
    assert list(always & always) == list(always)


@given(stretches, stretches)
def test_operations_leave_their_operands_alone(one, other):
    left, right = Timeline(one), Timeline(other)
    before = list(left), list(right)

    _ = left - right, left & right, left | right

    assert (list(left), list(right)) == before


def test_a_timeline_says_what_it_holds():
    assert repr(Timeline([(3, 5), (1, 2)])) == "Timeline([(1, 2), (3, 5)])"
    assert Timeline() != 0


@given(
    st.integers(-(10**10), 10**10).map(lambda ms: EPOCH + timedelta(milliseconds=ms))
)
def test_minutes_hold_and_follow_moments(moment):
    held, next_one = to_minute(moment), minute_from(moment)

    assert from_minute(held) <= moment < from_minute(held + 1)
    assert from_minute(next_one - 1) < moment <= from_minute(next_one)


def test_the_epoch_is_minute_nought():
    assert (to_minute(EPOCH), minute_from(EPOCH), from_minute(0)) == (0, 0, EPOCH)


@pytest.mark.parametrize("zone", [DENVER, PHOENIX])
@pytest.mark.parametrize("day", [date(2026, 1, 15), date(2026, 7, 15)])
@pytest.mark.parametrize("latest", [False, True])
def test_an_ordinary_time_is_what_the_clock_shows(zone, day, latest):
    minute = local_minute(day, time(9, 30), zone, latest=latest)

    shown = from_minute(minute).astimezone(zone)
    assert (shown.date(), shown.time()) == (day, time(9, 30))


@pytest.mark.parametrize("wall", [time(2), time(2, 30), time(2, 59)])
@pytest.mark.parametrize("latest", [False, True])
def test_a_time_that_clocks_skip_is_the_moment_of_the_skip(wall, latest):
    minute = local_minute(SPRING, wall, DENVER, latest=latest)

    assert from_minute(minute) == datetime(2026, 3, 8, 9, tzinfo=UTC)


def test_a_time_shown_twice_is_the_first_or_the_latest():
    first = local_minute(AUTUMN, time(1, 30), DENVER)
    second = local_minute(AUTUMN, time(1, 30), DENVER, latest=True)

    assert from_minute(first) == datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
    assert second - first == 60


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (DENVER, SPRING - timedelta(days=1), 24),
        (DENVER, SPRING, 23),
        (DENVER, SPRING + timedelta(days=1), 24),
        (DENVER, AUTUMN, 25),
        (DENVER, date(2027, 3, 14), 23),
        (DENVER, date(2027, 11, 7), 25),
        (PHOENIX, SPRING, 24),
        (PHOENIX, AUTUMN, 24),
    ],
)
def test_a_day_has_23_24_or_25_hours(zone, day, hours):
    first, until = midnight(day, zone), midnight(day + timedelta(days=1), zone)

    assert until - first == hours * 60
    assert local_day(first, zone) == local_day(until - 1, zone) == day
    assert local_day(first - 1, zone) == day - timedelta(days=1)
