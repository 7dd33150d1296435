"""Time for the way, where somebody works at two places in one day."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from bookings import actions, slots
from clinic.models import TravelTime
from tests import factories, worlds
from tests.worlds import MONDAY, MONDAY_10, NOW

pytestmark = pytest.mark.django_db

SHORT = "TRAVEL_TOO_SHORT"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def city():
    return worlds.plain(slug="dana", start_grid_min=5)


@pytest.fixture
def park(city):
    """A second place in the same zone, at which Dana works every day too."""
    who, _ = city
    place = factories.LocationFactory(slug="park-city", start_grid_min=5)
    role = factories.PractitionerRoleFactory(
        practitioner=who, role=who.roles.get().role, location=place
    )
    for weekday in range(7):
        factories.AvailableTimeFactory(role=role, weekday=weekday)
    return place


def way(start, end, minutes):
    TravelTime.objects.create(from_location=start, to_location=end, minutes=minutes)


def booked(who, place, at=MONDAY_10):
    """Half an hour at ten there, with five minutes before and ten after."""
    asked = worlds.asked("visit", place, who, patient=factories.PatientFactory())
    return actions.book(asked=asked, at=at, by=None, now=NOW)


def offered(who, where, **more):
    """The free starts from eight to noon, as minutes from ten o'clock."""
    found = slots.open_slots(
        worlds.asked("visit", where, who, **more), first_day=MONDAY, days=1, now=NOW
    )
    starts = {(slot.start - MONDAY_10) // MINUTE for slot in found}
    return {minute for minute in starts if -120 <= minute <= 120}


# A visit here takes from 5 minutes before its start to 40 after; one there at ten
# takes from 9:55 to 10:40.


def test_the_way_there_and_the_way_back_are_kept_free(city, park):
    who, where = city
    way(where, park, 30)
    way(park, where, 60)
    booked(who, park)

    found = offered(who, where)

    # 9:55 less the way less 40 minutes; 10:40 and the way back and 5 minutes.
    assert max(minute for minute in found if minute < 0) == -5 - 30 - 40
    assert min(minute for minute in found if minute > 0) == 40 + 60 + 5


def test_a_start_too_near_says_where_they_come_from_and_how_long_it_takes(city, park):
    who, where = city
    way(park, where, 60)
    booked(who, park)
    question = worlds.asked("visit", where, who)

    [finding] = slots.why_not(question, at=MONDAY_10 + 60 * MINUTE, now=NOW)
    assert (finding.code, finding.severity) == (SHORT, "hard")
    assert finding.message == f"{who.name} is on the way from Park City at that time."
    assert finding.desk.endswith("it takes 60 minutes.")
    assert finding.first_possible == MONDAY_10 + 105 * MINUTE

    [finding] = slots.why_not(question, at=MONDAY_10 - 60 * MINUTE, now=NOW)
    assert finding.message == f"{who.name} has to leave for Park City at that time."


def test_a_start_that_meets_the_other_appointment_is_closed_for_that(city, park):
    who, where = city
    way(park, where, 60)
    booked(who, park)

    assert worlds.why("visit", where, who) == {"OVERLAP_PRACTITIONER"}


def test_without_a_row_for_it_the_way_back_takes_as_long(city, park):
    who, where = city
    way(where, park, 30)
    booked(who, park)

    assert min(minute for minute in offered(who, where) if minute > 0) == 40 + 30 + 5


def test_a_way_back_of_no_minutes_is_believed(city, park):
    who, where = city
    way(where, park, 30)
    way(park, where, 0)
    booked(who, park)

    assert min(minute for minute in offered(who, where) if minute > 0) == 40 + 5


def test_without_any_row_places_are_next_door(city, park):
    who, where = city
    booked(who, park)

    found = offered(who, where)

    assert max(minute for minute in found if minute < 0) == -5 - 40
    assert min(minute for minute in found if minute > 0) == 40 + 5


def test_the_same_place_needs_no_way(city, park):
    who, where = city
    way(park, where, 60)
    booked(who, where)

    assert min(minute for minute in offered(who, where) if minute > 0) == 40 + 5


def test_only_the_appointment_right_before_is_a_way_from(city, park):
    """Whoever is back here already does not come from there again."""
    who, where = city
    way(park, where, 60)
    booked(who, park, MONDAY_10)
    booked(who, where, MONDAY_10 + 105 * MINUTE)
    TravelTime.objects.filter(from_location=park).update(minutes=240)

    question = worlds.asked("visit", where, who)
    assert slots.why_not(question, at=MONDAY_10 + 150 * MINUTE, now=NOW) == []
    [finding] = slots.why_not(question, at=MONDAY_10 + 60 * MINUTE, now=NOW)
    assert finding.code == SHORT


def test_an_appointment_that_is_moved_is_no_way_from_itself(city, park):
    who, where = city
    way(park, where, 60)
    there = booked(who, park)

    plain = offered(who, where)
    moving = offered(who, where, patient=there.patient)
    question = worlds.asked("visit", where, who, patient=there.patient)
    ignoring = replace(question, ignoring=frozenset({there.pk}))
    found = slots.open_slots(ignoring, first_day=MONDAY, days=1, now=NOW)

    assert 60 not in plain | moving
    assert MONDAY_10 + 60 * MINUTE in {slot.start for slot in found}


def test_booking_and_moving_are_refused_as_the_list_says(city, park):
    who, where = city
    way(park, where, 60)
    booked(who, park)
    here = booked(who, where, MONDAY_10 + 105 * MINUTE)

    with pytest.raises(actions.NotBookable) as refused:
        booked(who, where, MONDAY_10 + 60 * MINUTE)
    assert [finding.code for finding in refused.value.findings] == [SHORT]
    with pytest.raises(actions.NotBookable) as refused:
        actions.move(
            appointment=here,
            at=MONDAY_10 + 60 * MINUTE,
            asked=actions.to_move(here),
            by=None,
            now=NOW,
        )
    assert [finding.code for finding in refused.value.findings] == [SHORT]


def test_the_day_before_counts_as_far_as_the_way_reaches(city, park):
    """A claim outside the window is read where a way from it reaches in."""
    who, where = city
    way(park, where, 24 * 60)
    booked(who, park, MONDAY_10 - 20 * 60 * MINUTE)

    assert SHORT in worlds.why("visit", where, who)


@pytest.mark.parametrize("same", [True, False])
def test_a_way_is_entered_once_and_leads_elsewhere(city, park, same):
    _, where = city
    way(where, park, 30)

    with pytest.raises(IntegrityError), transaction.atomic():
        way(where, where if same else park, 20)
