"""The sessions of a course: how close, how far, and which are asked."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from bookings import actions, slots
from bookings.courses import InCourse, Sitting, bounds
from bookings.models import Appointment
from bookings.timeline import from_minute, to_minute
from clinic.models import Location
from tests import factories, worlds
from tests.worlds import MONDAY, MONDAY_10, NOW

DAY = timedelta(days=1)
DENVER, SYDNEY = ZoneInfo("America/Denver"), ZoneInfo("Australia/Sydney")
SOON, LATE = {"COURSE_TOO_SOON"}, {"COURSE_TOO_LATE"}


def at(day, hour=10, zone=DENVER):
    return to_minute(datetime(day.year, day.month, day.day, hour, tzinfo=zone))


@pytest.fixture
def clinic():
    return worlds.plain()


def session(clinic, number, start, *, course, **more):
    who, _ = clinic
    return factories.AppointmentFactory(
        **{
            "role": who.roles.get(),
            "patient": course.patient,
            "variant": course.variant,
            "starts_at": start,
            "course": course,
            "session": number,
            **more,
        }
    )


@pytest.fixture
def course(clinic):
    """Two to four days between three sessions."""
    _, where = clinic
    asked = worlds.asked("visit", where)
    return factories.CourseFactory(
        place=where, variant=asked.variant, least_days=2, most_days=4
    )


def why(clinic, course, number, start, **more):
    who, where = clinic
    asked = worlds.asked("visit", where, who, patient=course.patient)
    asked = replace(asked, course=replace(course.session(number), **more))
    return worlds.codes(slots.why_not(asked, at=start, now=NOW))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "expected"),
    [(-3, SOON), (0, SOON), (1, SOON), (2, set()), (4, set()), (5, LATE), (40, LATE)],
)
def test_a_session_is_asked_of_the_one_before(clinic, course, days, expected):
    session(clinic, 1, MONDAY_10, course=course)

    found = why(clinic, course, 2, MONDAY_10 + days * DAY + timedelta(hours=1))

    assert found == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "expected"),
    [(5, LATE), (4, set()), (2, set()), (1, SOON), (0, SOON), (-3, SOON)],
)
def test_a_session_is_asked_of_the_one_behind(clinic, course, days, expected):
    session(clinic, 2, MONDAY_10, course=course)

    found = why(clinic, course, 1, MONDAY_10 - days * DAY - timedelta(hours=1))

    assert found == expected


@pytest.mark.django_db
def test_over_a_gap_the_most_counts_for_each_step_and_the_least_once(clinic, course):
    session(clinic, 1, MONDAY_10, course=course)

    assert why(clinic, course, 3, MONDAY_10 + 2 * DAY) == set()
    assert why(clinic, course, 3, MONDAY_10 + 8 * DAY) == set()
    assert why(clinic, course, 3, MONDAY_10 + 9 * DAY) == LATE


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["cancelled", "noshow"])
def test_what_did_not_take_place_is_no_neighbour(clinic, course, status):
    session(clinic, 1, MONDAY_10, course=course, status=status)

    assert why(clinic, course, 2, MONDAY_10 + 40 * DAY) == set()


@pytest.mark.django_db
def test_what_is_assumed_takes_the_place_of_what_is_booked(clinic, course):
    _, where = clinic
    session(clinic, 1, MONDAY_10, course=course)
    later = Sitting(1, to_minute(MONDAY_10 + 7 * DAY), where.tz)

    assert why(clinic, course, 2, MONDAY_10 + 10 * DAY) == LATE
    assert why(clinic, course, 2, MONDAY_10 + 10 * DAY, assumed=(later,)) == set()


@pytest.mark.django_db
def test_the_horizon_binds_what_follows_no_other_session(clinic, course):
    Location.objects.update(horizon_days=30)
    session(clinic, 1, MONDAY_10, course=course)
    far = MONDAY_10 + 4 * DAY

    assert why(clinic, course, 2, far) == set()
    Appointment.objects.update(status="cancelled")
    assert why(clinic, course, 2, far) == {"BEYOND_HORIZON"}
    assert why(clinic, course, 2, far, to_follow=True) == set()


@pytest.mark.django_db
def test_a_refusal_says_from_when_and_until_when(clinic, course):
    who, where = clinic
    session(clinic, 1, MONDAY_10, course=course)
    asked = replace(worlds.asked("visit", where, who), course=course.session(2))

    [soon] = slots.why_not(asked, at=MONDAY_10 + DAY, now=NOW)
    [late] = slots.why_not(asked, at=MONDAY_10 + 5 * DAY, now=NOW)

    assert soon.message == (
        "Session 2 comes at least 2 days after session 1, which is on "
        "Monday, February 2."
    )
    assert soon.remedy == "Choose a day from Wednesday, February 4 on."
    assert soon.first_possible.astimezone(where.tz).date() == MONDAY + 2 * DAY
    assert late.remedy == "Choose a day up to Friday, February 6, or call us."


@pytest.mark.django_db
def test_moving_a_session_asks_its_neighbours(clinic, course):
    for number in (1, 2, 3):
        start = MONDAY_10 + 3 * (number - 1) * DAY
        session(clinic, number, start, course=course)
    second = Appointment.objects.get(session=2)
    asked = actions.to_move(second)

    assert {day.date() for day in worlds.starts(asked, MONDAY, days=8)} == {
        MONDAY + days * DAY for days in (2, 3, 4)
    }
    with pytest.raises(actions.NotBookable, match="COURSE_TOO_SOON"):
        actions.move(
            appointment=second, asked=asked, at=MONDAY_10 + 5 * DAY, by=None, now=NOW
        )


@pytest.mark.django_db
def test_a_session_stands_once(clinic, course):
    session(clinic, 1, MONDAY_10, course=course, status="cancelled")
    session(clinic, 1, MONDAY_10, course=course)

    with pytest.raises(IntegrityError), transaction.atomic():
        session(clinic, 1, MONDAY_10 + DAY, course=course)


@pytest.mark.django_db
@pytest.mark.parametrize("sessions", [1, 3])
def test_a_course_costs_one_statement_and_none_without_it(clinic, course, sessions):
    for number in range(1, sessions + 1):
        start = MONDAY_10 + 3 * (number - 1) * DAY
        session(clinic, number, start, course=course)
    who, where = clinic

    def statements(of):
        asked = replace(worlds.asked("visit", where, who), course=of)
        with CaptureQueriesContext(connection) as found:
            slots.open_slots(asked, first_day=MONDAY, days=20, now=NOW)
        return len(found)

    assert statements(course.session(4)) == statements(None) + 1


@pytest.mark.parametrize(
    ("zone", "earlier", "open_days"),
    [
        # Late on Sunday in Denver is Monday in Sydney, where the later session is.
        (SYDNEY, at(date(2026, 2, 1), 23), (date(2026, 2, 3), date(2026, 2, 4))),
        (DENVER, at(date(2026, 2, 1), 23), (date(2026, 2, 2), date(2026, 2, 3))),
        # Clocks go forward on March 8.
        (DENVER, at(date(2026, 3, 7), 23), (date(2026, 3, 8), date(2026, 3, 9))),
    ],
)
def test_days_are_those_of_the_later_place(zone, earlier, open_days):
    asked = InCourse(2, 1, 2, assumed=(Sitting(1, earlier, DENVER),))

    before, after = bounds(asked, zone, ())

    assert after is None
    first, last = (
        from_minute(minute).astimezone(zone)
        for minute in (before.first, before.until - 1)
    )
    assert (first.date(), last.date()) == open_days
    assert (first.hour, first.minute, last.hour, last.minute) == (0, 0, 23, 59)


def test_before_another_place_its_own_calendar_counts():
    """Session 2 is on Monday morning in Sydney: Sunday there is one day before."""
    monday = at(date(2026, 2, 2), 9, SYDNEY)
    asked = InCourse(1, 1, 2, assumed=(Sitting(2, monday, SYDNEY),))

    _, after = bounds(asked, DENVER, ())

    first, until = (
        from_minute(minute).astimezone(SYDNEY) for minute in (after.first, after.until)
    )
    assert (first.date(), until.date()) == (date(2026, 1, 31), date(2026, 2, 2))
    assert (first.hour, until.hour) == (0, 0)
