"""Days and times: what is shown of them, to whom."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
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


def test_times_are_shown_without_an_account(client, place, dermatologist):
    answer = client.get(f"/book/{VARIANT}/", {"place": place.slug})

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "before your own rules" in text
    assert dermatologist.name in text


def test_times_take_the_same_statements_for_one_and_for_three(client, place):
    counts = []
    for number in range(3):
        worlds.somebody(
            "dermatologist",
            place,
            worlds.licence("dermatologist", "US-AZ"),
            worlds.paper("device_training"),
            slug=f"dermatologist-{number}",
        )
        client.get(f"/book/{VARIANT}/", {"place": place.slug})
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/book/{VARIANT}/", {"place": place.slug})
        counts.append(len(queries))

    assert counts[0] == counts[2] <= 6


@pytest.mark.parametrize(
    "query",
    [
        {"day": "yesterday"},
        {"day": "2020-01-01"},
        {"day": "2199-01-01"},
        {"day": "9999-12-31"},
        {"days": "400"},
        {"days": "9" * 30},
        {"place": "nowhere"},
        {"practitioner": "nobody"},
        {"first": "2026-02-30"},
    ],
)
def test_times_say_what_is_wrong_and_still_show_times(
    client, place, dermatologist, query
):
    answer = client.get(f"/book/{VARIANT}/", {"place": place.slug, **query})

    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert "Show times" in answer.content.decode()


def test_a_week_without_times_names_the_first_one(client, place, dermatologist):
    today = timezone.now().astimezone(place.tz).date()
    AvailableTime.objects.update(valid_from=today + timedelta(days=20))

    answer = client.get(f"/book/{VARIANT}/", {"place": place.slug})

    text = answer.content.decode()
    assert "The first free time is" in text
    assert f"first={today + timedelta(days=20)}" in text


def test_where_nothing_can_be_booked_the_page_says_so_and_asks_why(
    client, place, dermatologist
):
    AvailableTime.objects.all().delete()

    query = {"place": place.slug, "practitioner": dermatologist.slug}
    answer = client.get(f"/book/{VARIANT}/", query)

    text = answer.content.decode()
    assert f"Nothing can be booked here with {dermatologist.name}" in text
    assert f"/why/{VARIANT}/?place={place.slug}&amp;practitioner=" in text
    assert "Choose a day with times above" not in text


def test_an_unknown_treatment_is_404(client, place):
    assert client.get("/book/no_such_thing/").status_code == 404
    assert client.get("/why/no_such_thing/").status_code == 404


def test_behind_a_day_that_was_chosen_the_next_time_is_named(
    client, place, dermatologist
):
    today = timezone.now().astimezone(place.tz).date()
    role = dermatologist.roles.get()
    away = today + timedelta(days=21)
    for number in range(7):
        factories.SingleDayFactory(
            role=role, day=away + timedelta(days=number), start_time=None, end_time=None
        )

    query = {"place": place.slug, "first": away, "day": away}
    text = client.get(f"/book/{VARIANT}/", query).content.decode()

    assert "The next free time is" in text
    assert f"first={away + timedelta(days=7)}" in text


def test_only_who_may_perform_it_there_can_be_chosen(client, place, dermatologist):
    other = worlds.somebody(
        "physical_therapist",
        place,
        worlds.licence("physical_therapist", "US-AZ"),
        slug="therapist",
    )
    query = {"place": place.slug}

    anybody = client.get(f"/book/{VARIANT}/", query)
    asked_for = client.get(f"/book/{VARIANT}/", query | {"practitioner": other.slug})

    names = [person.slug for person in anybody.context["practitioners"]]
    assert names == [dermatologist.slug]
    kept = [person.slug for person in asked_for.context["practitioners"]]
    assert kept == [dermatologist.slug, "therapist"]
