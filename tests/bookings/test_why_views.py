"""Why not: what a patient, the desk and a stranger are told."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from bookings import slots
from bookings.models import AvailableTime
from tests import factories, worlds

pytestmark = pytest.mark.django_db

VARIANT = "mn_face_05"


def free(place, practitioner, variant=VARIANT, patient=None):
    """A start two days from today that is offered."""
    asked = worlds.asked(variant, place, practitioner, patient=patient)
    now = timezone.now()
    day = now.astimezone(place.tz).date() + timedelta(days=2)
    return slots.open_slots(asked, first_day=day, days=1, now=now)[0].start


def sent(place, practitioner, at, **more):
    return {
        "place": place.slug,
        "practitioner": practitioner.slug,
        "at": at.astimezone(place.tz).isoformat(),
        "submission": str(uuid4()),
        **more,
    }


def test_why_answers_for_a_time_that_is_not_offered(client, place, dermatologist):
    at = free(place, dermatologist)
    query = sent(place, dermatologist, at + timedelta(minutes=5))

    answer = client.get(f"/why/{VARIANT}/", query)

    assert answer.status_code == 200
    assert "OFF_GRID" in answer.content.decode()


def test_why_says_so_when_nothing_stops_it(client, place, dermatologist):
    query = sent(place, dermatologist, free(place, dermatologist))

    answer = client.get(f"/why/{VARIANT}/", query)

    assert "Nothing here stops the booking" in answer.content.decode()


def test_why_shows_the_technical_reason_to_staff_only(client, place, dermatologist):
    AvailableTime.objects.all().delete()
    at = timezone.now() + timedelta(days=2)
    query = sent(place, dermatologist, at.replace(minute=0, second=0, microsecond=0))

    outside = client.get(f"/why/{VARIANT}/", query).content.decode()
    client.force_login(factories.FrontDeskUserFactory())
    inside = client.get(f"/why/{VARIANT}/", query).content.decode()

    assert "OUTSIDE_HOURS" in outside
    assert "For the desk" not in outside
    assert "For the desk" in inside


def test_why_refuses_a_time_that_clocks_skip(client):
    worlds.load_shipped()
    denver = worlds.place("US-UT", "America/Denver")
    who = worlds.somebody("dermatologist", denver, slug="dermatologist")
    query = {"place": denver.slug, "practitioner": who.slug}

    answer = client.get(
        f"/why/{VARIANT}/", {**query, "day": "2027-03-14", "time": "02:30"}
    )

    assert answer.status_code == 400
    assert "Clocks skip that time" in answer.content.decode()
