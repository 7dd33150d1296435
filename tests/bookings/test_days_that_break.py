"""What single days, closed days and longer ways break: previewed, then flagged."""

from datetime import date, time, timedelta

import pytest

from bookings import actions
from bookings.models import AtRisk
from clinic import changes
from clinic.models import Location, PractitionerRole, TravelTime
from tests import breaking, factories
from tests.worlds import MONDAY, MONDAY_10, NOW

pytestmark = pytest.mark.django_db

WHO = {"by": None, "now": NOW}


@pytest.fixture
def clinic():
    return breaking.clinic()


def set_day(slug, *spans):
    role = PractitionerRole.objects.get(practitioner__slug=slug)
    actions.set_day(role=role, day=MONDAY, spans=spans, **WHO)


def close_the_day():
    place = Location.objects.get()
    actions.set_place_day(place=place, day=MONDAY, is_open=False, **WHO)


KINDS = {
    "day off": (lambda: set_day("nurse"), {"nurse"}),
    "other hours that day": (
        lambda: set_day("nurse", (time(13), time(17))),
        {"nurse"},
    ),
    "day off of the supervisor": (lambda: set_day("doctor"), {"nurse"}),
    "place closed that day": (close_the_day, {"nurse", "other"}),
}


def broken_by(change):
    """Who is flagged after a change, which is what its preview said."""
    _, preview = changes.tried(change, **WHO)
    assert not AtRisk.objects.exists()
    change()
    flagged = [flag.appointment for flag in AtRisk.objects.all()]
    assert {str(row.uid) for row in flagged} == {each.key for each in preview.broken}
    return flagged


@pytest.mark.parametrize("kind", KINDS)
def test_of_that_day_exactly_those_are_flagged(clinic, kind):
    change, whose = KINDS[kind]

    flagged = broken_by(change)

    assert {row.practitioner.slug for row in flagged} == whose
    assert {row.starts_at for row in flagged} == {MONDAY_10}


def test_holidays_that_are_kept_from_now_on_flag_those_who_come_on_one(clinic):
    other = PractitionerRole.objects.get(practitioner__slug="other")
    holiday = MONDAY_10 + timedelta(days=14)
    patient = factories.PatientFactory()
    breaking.booked(other.practitioner, clinic, patient, holiday)

    def keep():
        with changes.watching(**WHO, what="place"):
            Location.objects.update(keeps_holidays=True)

    [flagged] = broken_by(keep)
    assert flagged.starts_at.date() == date(2026, 2, 16) == holiday.date()


def test_a_way_that_takes_longer_flags_both_of_its_ends(clinic):
    other = PractitionerRole.objects.get(practitioner__slug="other")
    park = factories.LocationFactory(slug="park-city")
    role = factories.PractitionerRoleFactory(
        practitioner=other.practitioner, role=other.role, location=park
    )
    factories.AvailableTimeFactory(role=role)
    way = factories.TravelTimeFactory(from_location=clinic, minutes=45)
    afternoon = MONDAY_10 + timedelta(hours=3)
    patient = factories.PatientFactory()
    breaking.booked(other.practitioner, park, patient, afternoon)

    def longer():
        with changes.watching(**WHO, what="travel time"):
            TravelTime.objects.filter(pk=way.pk).update(minutes=240)

    flagged = broken_by(longer)
    assert {row.place.slug for row in flagged} == {clinic.slug, "park-city"}
    assert {row.practitioner.slug for row in flagged} == {"other"}
