"""The proposal against all ways that there are: it finds one where there is one."""

from datetime import date, timedelta
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from bookings.proposal import Apart, Start, choices, propose, reachable

DAY = timedelta(days=1)
MONDAY = date(2026, 2, 2)


def start(day, wall=600, who=1):
    return Start((day * 24 * 60) + wall, MONDAY + day * DAY, wall, who)


one = st.builds(
    start, st.integers(0, 12), st.sampled_from([540, 600, 605]), st.sampled_from([1, 2])
)
sessions = st.lists(st.lists(one, max_size=5, unique=True), min_size=1, max_size=4)


def ways(starts, apart):
    """Every way to choose one start of each session within the days between them."""
    return [
        way
        for way in product(*starts)
        if all(
            gap.least <= (later.day - before.day).days <= gap.most
            for before, later, gap in zip(way, way[1:], apart, strict=False)
        )
    ]


@settings(max_examples=400, deadline=None)
@given(sessions, st.data())
def test_it_finds_a_way_where_there_is_one(starts, data):
    gaps = st.builds(
        lambda least, more: Apart(least, least + more),
        st.integers(1, 4),
        st.integers(0, 3),
    )
    apart = [data.draw(gaps) for _ in starts[1:]]
    wishes = [
        data.draw(st.sampled_from([None, *own])) if own else None for own in starts
    ]
    all_ways = ways(starts, apart)

    found = propose(starts, apart, wishes=wishes)

    assert bool(found) == bool(all_ways)
    if found:
        assert tuple(found) in all_ways
    good = reachable([{each.day for each in own} for own in starts], apart)
    for number, days in enumerate(good):
        onward = ways(starts[number:], apart[number:])
        assert days == {way[0].day for way in onward}
    if found:
        # A wish that some way keeps after what was chosen before it is kept.
        for number, wish in enumerate(wishes):
            before = tuple(found[:number])
            kept = [way for way in all_ways if way[:number] == before]
            if wish in {way[number] for way in kept}:
                assert found[number] == wish
            gap = apart[number - 1] if number else None
            last = found[number - 1] if number else None
            offered = choices(starts[number], good[number], last, gap)
            assert set(offered) == {way[number] for way in kept}


def test_it_does_not_go_where_no_way_leads_on():
    """The earliest second session is on a day from which there is no third."""
    starts = [[start(0)], [start(3), start(5)], [start(9)]]

    assert [
        each.day.day for each in propose(starts, [Apart(2, 5)] * 2, wishes=[None] * 3)
    ] == [2, 7, 11]


def test_it_seeks_the_same_person_weekday_and_time():
    first = start(0, 600, 1)
    later = [
        start(6, 600, 1),
        start(7, 600, 2),
        start(7, 540, 1),
        start(7, 605, 1),
        start(8, 600, 1),
    ]

    found = propose([[first], later], [Apart(5, 9)], wishes=[None, None])

    assert found == [first, start(7, 605, 1)]
