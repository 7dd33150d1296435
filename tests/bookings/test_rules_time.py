"""Notice, horizon, hours, grid, leave, and time that is given away."""

from datetime import datetime, time, timedelta

import pytest

from bookings import slots
from bookings.models import AvailableTime
from clinic.models import Location, PractitionerRole
from tests import factories, worlds
from tests.worlds import MONDAY, MONDAY_10, NOW

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def clinic():
    """Somebody who works from eight to six, and the place."""
    return worlds.plain()


def offered(clinic, day=MONDAY, **more):
    who, where = clinic
    question = worlds.asked("visit", where, who, **more)
    return [f"{start:%H:%M}" for start in worlds.starts(question, day)]


def why(clinic, at=MONDAY_10, now=NOW, **more):
    who, where = clinic
    return worlds.why("visit", where, who, at=at, now=now, **more)


def test_a_plain_day(clinic):
    found = offered(clinic)

    assert (found[0], found[1], found[-1], len(found)) == (
        "08:00",
        "08:15",
        "17:30",
        39,
    )


# The clock.


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (timedelta(minutes=120), set()),
        (timedelta(minutes=119, seconds=59), {"NOTICE_TOO_SHORT"}),
        (timedelta(0), {"NOTICE_TOO_SHORT"}),
        (timedelta(seconds=-1), {"IN_THE_PAST"}),
        (timedelta(days=-400), {"IN_THE_PAST"}),
    ],
)
def test_notice_and_the_past(clinic, before, expected):
    assert why(clinic, now=MONDAY_10 - before) == expected


def test_without_notice_the_present_minute_is_bookable(clinic):
    Location.objects.update(notice_min=0)

    assert why(clinic, now=MONDAY_10) == set()


@pytest.mark.parametrize(
    ("today", "expected"),
    [(MONDAY - 90 * DAY, set()), (MONDAY - 91 * DAY, {"BEYOND_HORIZON"})],
)
def test_the_horizon_is_counted_in_days_of_the_place(clinic, today, expected):
    _, where = clinic
    evening = datetime.combine(today, time(23, 59), where.tz)

    assert why(clinic, now=evening) == expected


@pytest.mark.parametrize("minutes", [45, 60, 120, 1440, 2880])
def test_a_refusal_for_notice_says_from_when(clinic, minutes):
    who, where = clinic
    Location.objects.update(notice_min=minutes)
    question = worlds.asked("visit", where, who)

    [finding] = slots.why_not(question, at=MONDAY_10, now=MONDAY_10)

    assert finding.first_possible == MONDAY_10 + minutes * MINUTE
    assert finding.severity == "policy"


# Hours, grid and leave.


@pytest.mark.parametrize(
    ("shift", "expected"),
    [
        (timedelta(0), set()),
        (timedelta(minutes=5), {"OFF_GRID"}),
        (timedelta(hours=7, minutes=30), set()),
        (timedelta(hours=7, minutes=31), {"OFF_GRID", "OUTSIDE_HOURS"}),
        (timedelta(hours=7, minutes=45), {"OUTSIDE_HOURS"}),
        (timedelta(hours=8), {"OUTSIDE_HOURS"}),
        (timedelta(hours=-2), set()),
        (timedelta(hours=-2, minutes=-1), {"OUTSIDE_HOURS"}),
    ],
)
def test_the_whole_visit_lies_in_hours_and_starts_on_the_grid(clinic, shift, expected):
    assert why(clinic, at=MONDAY_10 + shift) == expected


def hours(who, *spans):
    AvailableTime.objects.filter(role__practitioner=who).delete()
    AvailableTime.objects.bulk_create(
        AvailableTime(
            role=who.roles.get(),
            weekday=0,
            start_time=time.fromisoformat(start),
            end_time=time.fromisoformat(end),
        )
        for start, end in spans
    )


def test_the_grid_is_counted_from_the_beginning_of_each_stretch(clinic):
    hours(clinic[0], ("08:10", "09:20"), ("13:05", "13:50"))

    assert offered(clinic) == ["08:10", "08:25", "08:40", "13:05", "13:20"]


def test_a_visit_may_lie_across_hours_that_touch(clinic):
    hours(clinic[0], ("08:00", "08:30"), ("08:30", "09:00"))

    assert offered(clinic) == ["08:00", "08:15", "08:30"]


def test_hours_shorter_than_the_visit_offer_nothing(clinic):
    hours(clinic[0], ("08:00", "08:29"))

    assert offered(clinic) == []


def test_hours_count_from_their_first_day_to_their_last(clinic):
    AvailableTime.objects.update(valid_from=MONDAY, valid_until=MONDAY)

    assert [bool(offered(clinic, MONDAY + n * DAY)) for n in (-1, 0, 1)] == [
        False,
        True,
        False,
    ]


def test_a_role_is_held_from_its_first_day_to_its_last(clinic):
    PractitionerRole.objects.update(valid_from=MONDAY, valid_until=MONDAY)

    assert [bool(offered(clinic, MONDAY + n * DAY)) for n in (-1, 0, 1)] == [
        False,
        True,
        False,
    ]
    assert why(clinic, at=MONDAY_10 + DAY) == {"ROLE_NOT_HELD"}


@pytest.mark.parametrize("moved", [-1, 0, 1])
def test_leave_closes_what_it_meets_and_no_more(clinic, moved):
    begins = MONDAY_10 + 30 * MINUTE + moved * MINUTE
    factories.NotAvailableTimeFactory(
        practitioner=clinic[0], starts_at=begins, ends_at=begins + 30 * MINUTE
    )

    assert why(clinic) == ({"PRACTITIONER_ON_LEAVE"} if moved < 0 else set())
    after = why(clinic, at=MONDAY_10 + 60 * MINUTE)
    assert after == ({"PRACTITIONER_ON_LEAVE"} if moved > 0 else set())


def test_the_reason_of_a_leave_is_nobodys_business(clinic):
    who, where = clinic
    factories.NotAvailableTimeFactory(practitioner=who, reason="Surgery of the knee")
    question = worlds.asked("visit", where, who)

    [finding] = slots.why_not(question, at=MONDAY_10, now=NOW)

    assert "knee" not in repr(finding)
