"""How long ago a session was, and what that makes of the aftercare."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treatments.afterwards import SPANS, State, ago, goes_on, parts

ENDED = datetime(2026, 3, 7, 18, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
TICK = timedelta(microseconds=1)
ALL = list(SPANS)


def now_in(codes, since):
    found = parts(codes, ENDED, ENDED + since)
    return [part.code for part in found if part.state == State.NOW]


@pytest.mark.parametrize(
    ("since", "code"),
    [
        (0 * HOUR, "0-4h"),
        (4 * HOUR - TICK, "0-4h"),
        (4 * HOUR, "24h"),
        (DAY - TICK, "24h"),
        (DAY, "48-72h"),
        (3 * DAY - TICK, "48-72h"),
        (3 * DAY, "week1"),
        (WEEK - TICK, "week1"),
        (WEEK, "weeks2-6"),
        (6 * WEEK - TICK, "weeks2-6"),
    ],
)
def test_each_part_holds_its_first_moment_and_not_its_last(since, code):
    assert now_in(ALL, since) == [code]


@pytest.mark.parametrize("since", [-TICK, 6 * WEEK])
def test_before_and_after_there_is_none(since):
    states = {part.state for part in parts(ALL, ENDED, ENDED + since)}
    assert states == ({State.COMING} if since < 0 * HOUR else {State.PAST})


@pytest.mark.parametrize(
    ("codes", "since", "code"),
    [
        (["week1", "weeks2-6"], 0 * HOUR, "week1"),
        (["0-4h", "24h", "week1"], DAY, "week1"),
        (["24h"], 0 * HOUR, "24h"),
    ],
)
def test_where_a_part_is_missing_the_next_one_begins_sooner(codes, since, code):
    assert now_in(codes, since) == [code]


@given(
    st.sets(st.sampled_from(ALL), min_size=1),
    st.integers(0, 6 * 7 * 24 * 60 - 1).map(lambda minutes: timedelta(minutes=minutes)),
)
def test_never_two_parts_at_once_and_all_in_order(codes, since):
    found = parts(sorted(codes), ENDED, ENDED + since)

    assert len([part for part in found if part.state == State.NOW]) <= 1
    assert [part.code for part in found] == [code for code in ALL if code in codes]
    for one, other in pairwise(found):
        assert one.begins < one.ends <= other.begins


@pytest.mark.parametrize(
    ("since", "holds"), [(0 * HOUR, True), (5 * DAY - TICK, True), (5 * DAY, False)]
)
def test_five_days_end_with_the_fifth(since, holds):
    assert goes_on(5, ENDED, ENDED + since) is holds


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (0 * HOUR, "less than an hour ago"),
        (HOUR - TICK, "less than an hour ago"),
        (HOUR, "1 hour ago"),
        (DAY - TICK, "23 hours ago"),
        (DAY, "1 day ago"),
        (2 * WEEK - TICK, "13 days ago"),
        (2 * WEEK, "2 weeks ago"),
        (52 * WEEK, "52 weeks ago"),
    ],
)
def test_ago_is_never_more_than_it_is(since, words):
    assert ago(ENDED, ENDED + since) == words
