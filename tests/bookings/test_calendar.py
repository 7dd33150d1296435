"""Where things stand in the drawn calendar, also when clocks change."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bookings.calendar import (
    PX,
    Column,
    Event,
    bounds,
    fitted,
    from_to,
    lay_out,
    measure,
)
from bookings.timeline import to_minute

DENVER = ZoneInfo("America/Denver")
PHOENIX = ZoneInfo("America/Phoenix")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # clocks change by half an hour
MONDAY = date(2026, 2, 2)
SPRING = date(2026, 3, 8)  # 23 hours in Denver
AUTUMN = date(2026, 11, 1)  # 25 hours in Denver
DAYS = [MONDAY, SPRING, AUTUMN]


def at(day, hour, minute=0, zone=DENVER, fold=0):
    return to_minute(
        datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone, fold=fold)
    )


def event(first, minutes, title="Jo Marsh"):
    return Event(first, first + minutes, title, "Dry needling")


def drawn(day, *events, zone=DENVER, **options):
    column = Column(day=day, events=events, **options)
    return lay_out([column], zone=zone)


def heights(calendar):
    return [each.box.height for each in calendar.columns[0].events]


def labels(calendar):
    return [hour.label for hour in calendar.hours]


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("hour", [0, 3, 9, 16])
def test_ninety_minutes_are_exactly_three_times_as_tall_as_thirty(day, hour):
    start = at(day, hour)

    short, long = heights(drawn(day, event(start, 30), event(start + 30, 90)))

    assert long == 3 * short > 0


def test_every_length_is_exact():
    lengths = range(1, 481)
    events = [event(at(MONDAY, 9), minutes) for minutes in lengths]

    found = heights(drawn(MONDAY, *events))

    assert found == [minutes * PX for minutes in lengths]


@pytest.mark.parametrize(("day", "hours"), list(zip(DAYS, [24, 23, 25], strict=True)))
def test_a_day_is_as_tall_as_the_hours_that_pass(day, hours):
    first, until = bounds(day, DENVER)

    calendar = drawn(day, Event(first, until, "All day"))

    assert heights(calendar) == [hours * 60 * PX]
    assert calendar.columns[0].box.height == hours * 60 * PX


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_an_hour_that_passes_moves_an_event_by_an_hour(day):
    first, until = bounds(day, DENVER)
    events = [event(minute, 30) for minute in range(first, until, 60)]

    calendar = drawn(day, *events)

    ys = [each.box.y for each in calendar.columns[0].events]
    assert {b - a for a, b in pairwise(ys)} == {60 * PX}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (MONDAY, ["12 AM", "1 AM", "2 AM", "3 AM", "4 AM"]),
        (SPRING, ["12 AM", "1 AM", "3 AM", "4 AM", "5 AM"]),
        (AUTUMN, ["12 AM", "1 AM", "1 AM", "2 AM", "3 AM"]),
    ],
    ids=["ordinary", "skips two", "shows one twice"],
)
def test_hours_are_labelled_as_clocks_show_them(day, expected):
    calendar = drawn(day, event(bounds(day, DENVER)[0], 30))

    assert labels(calendar)[:5] == expected
    assert labels(calendar)[-1] == "6 PM"


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_an_event_stands_at_the_label_of_its_hour(day):
    calendar = drawn(day, event(at(day, 9), 30), event(at(day, 17), 30))

    by_label = {hour.label: hour.y for hour in calendar.hours}
    ys = [each.box.y for each in calendar.columns[0].events]
    assert ys == [by_label["9 AM"], by_label["5 PM"]]


def test_both_halves_past_one_of_the_long_night_have_their_own_place():
    first = event(at(AUTUMN, 1, 30), 30)
    second = event(at(AUTUMN, 1, 30, fold=1), 30)

    early, late = drawn(AUTUMN, first, second).columns[0].events

    assert late.box.y - early.box.y == 60 * PX
    assert early.words[0].time == late.words[0].time == "1:30"


def test_a_week_with_a_change_of_clocks_keeps_nine_at_nine():
    days = [SPRING - timedelta(days=number) for number in range(6, -1, -1)]
    columns = [Column(day, head="x", events=(event(at(day, 9), 30),)) for day in days]

    calendar = lay_out(columns, zone=DENVER)

    ys = {each.events[0].box.y for each in calendar.columns}
    assert ys == {next(h.y for h in calendar.hours if h.label == "9 AM")}


@pytest.mark.parametrize(
    ("changed", "own"),
    [(SPRING, ["12 AM", "1 AM"]), (AUTUMN, ["12 AM", "1 AM"])],
    ids=["spring", "autumn"],
)
def test_a_column_says_its_own_hours_where_the_axis_is_wrong(changed, own):
    night = event(bounds(changed, DENVER)[0], 30)
    columns = [
        Column(changed - timedelta(days=1), head="Sat"),
        Column(changed, head="Sun", events=(night,)),
    ]

    ordinary, other = lay_out(columns, zone=DENVER).columns

    assert ordinary.own_hours == ()
    assert [hour.label for hour in other.own_hours] == own


def test_clocks_that_change_by_half_an_hour_are_drawn_too():
    day = date(2026, 4, 5)  # 24 and a half hours

    calendar = drawn(day, event(bounds(day, LORD_HOWE)[0], 30), zone=LORD_HOWE)

    first, until = bounds(day, LORD_HOWE)
    assert until - first == 24 * 60 + 30
    assert heights(calendar) == [30 * PX]
    assert "9 AM" in labels(calendar)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ((), ("8 AM", "6 PM")),
        (((9, 17),), ("8 AM", "6 PM")),
        (((6, 12),), ("5 AM", "6 PM")),
        (((12, 20),), ("8 AM", "9 PM")),
        (((0, 23),), ("12 AM", "12 AM")),
    ],
)
def test_shown_is_from_an_hour_before_to_an_hour_after(hours, expected):
    stretches = tuple((at(MONDAY, a), at(MONDAY, b)) for a, b in hours)

    calendar = drawn(MONDAY, hours=stretches)

    assert (labels(calendar)[0], labels(calendar)[-1]) == expected


def test_leave_does_not_stretch_the_day_and_is_cut_at_its_ends():
    weeks = (at(MONDAY, 0) - 10_000, at(MONDAY, 0) + 10_000)

    calendar = drawn(MONDAY, leave=(weeks,))

    (box,) = calendar.columns[0].leave
    assert box == calendar.columns[0].box
    assert box.height == 10 * 60 * PX


def test_what_begins_the_day_before_is_cut_at_midnight():
    night = event(at(MONDAY, 0) - 30, 60)

    assert heights(drawn(MONDAY, night)) == [30 * PX]


def test_events_at_one_time_stand_side_by_side():
    together = [event(at(MONDAY, 9), 60), event(at(MONDAY, 9, 30), 60)]
    alone = event(at(MONDAY, 11), 60)

    first, second, third = drawn(MONDAY, *together, alone).columns[0].events

    assert first.box.right <= second.box.x
    assert third.box.width > 1.9 * first.box.width


def test_events_that_touch_stand_one_above_the_other():
    first, second = (
        drawn(MONDAY, event(at(MONDAY, 9), 30), event(at(MONDAY, 9, 30), 30))
        .columns[0]
        .events
    )

    assert first.box.x == second.box.x
    assert first.box.y + first.box.height == second.box.y


@pytest.mark.parametrize(
    ("hour", "shown"), [(9, True), (7, False), (30, False)], ids=str
)
def test_the_line_of_now_is_drawn_where_now_is_shown(hour, shown):
    now = at(MONDAY, 0) + hour * 60

    calendar = lay_out([Column(MONDAY)], zone=DENVER, now=now)

    assert (calendar.columns[0].now_y is not None) == shown


def test_in_a_week_only_today_has_the_line_of_now():
    columns = [Column(MONDAY, head="Mon"), Column(MONDAY + timedelta(days=1))]

    calendar = lay_out(columns, zone=DENVER, now=at(MONDAY, 10))

    assert [each.now_y is not None for each in calendar.columns] == [True, False]


@pytest.mark.parametrize("minutes", [1, 5, 10, 15, 20, 30, 45, 60, 90, 240])
def test_words_stay_inside_their_event(minutes):
    (shown,) = drawn(MONDAY, event(at(MONDAY, 9), minutes)).columns[0].events

    bottom = shown.box.y + shown.box.height
    assert all(shown.box.y < words.y <= bottom for words in shown.words)
    assert bool(shown.words) == (minutes >= 15)


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        ("Jo Marsh", 200, "Jo Marsh"),
        ("Maximilian Featherstone", 90, "Maximilian…"),
        ("Jo", 5, ""),
        ("", 0, ""),
    ],
)
def test_fitted(text, room, expected):
    assert fitted(text, room) == expected


def test_wide_letters_count_for_more():
    assert measure("王小明") > measure("abc")


@pytest.mark.parametrize(
    ("first", "minutes", "zone", "expected"),
    [
        ((2026, 2, 2, 16, 0), 30, DENVER, "9:00 to 9:30 AM"),
        ((2026, 2, 2, 18, 30), 30, DENVER, "11:30 AM to 12:00 PM"),
        ((2026, 2, 2, 19, 0), 30, DENVER, "12:00 to 12:30 PM"),
        ((2026, 7, 1, 16, 0), 30, PHOENIX, "9:00 to 9:30 AM"),
        ((2026, 7, 1, 16, 0), 30, DENVER, "10:00 to 10:30 AM"),
    ],
)
def test_from_to(first, minutes, zone, expected):
    minute = to_minute(datetime(*first, tzinfo=UTC))

    assert from_to(minute, minute + minutes, zone) == expected
