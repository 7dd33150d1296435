"""Moving on the pages: choose, look at both times, move; by the patient or the desk."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from bookings.models import Appointment, Claim
from tests import factories, street

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(street.NOW, tick=False):
        yield


@pytest.fixture
def town():
    return street.build()


@pytest.fixture
def mine(town, client):
    client.force_login(town.users["owner"])
    return town.appointments["owner"]


def pages(appointment):
    return [
        reverse(f"bookings:{name}", args=[appointment.uid])
        for name in ("move", "move_confirm")
    ]


def to(appointment, at):
    return {
        "place": appointment.place.slug,
        "practitioner": appointment.practitioner.slug,
        "at": at.isoformat(),
    }


def test_from_the_appointment_to_its_new_time(client, mine):
    choose, confirm = pages(mine)
    assert choose in client.get(mine.get_absolute_url()).content.decode()

    times = client.get(choose, {"day": "2026-02-04"}).content.decode()
    address = re.search(r'href="(/appointments/[^"]+/move/confirm/[^"]+)"', times)[1]
    look = client.get(address.replace("&amp;", "&")).content.decode()
    fields = dict(re.findall(r'name="(place|practitioner|at)" value="([^"]+)"', look))
    before = Appointment.objects.count()
    done = client.post(confirm, fields, follow=True)

    assert "Monday, February 2, 2026" in look
    assert "Wednesday, February 4, 2026" in look
    assert "The appointment is moved." in done.content.decode()
    mine.refresh_from_db()
    assert mine.starts_at.isoformat() == "2026-02-04T15:00:00+00:00"
    assert Appointment.objects.count() == before


def test_times_are_those_of_the_same_practitioner_unless_asked_otherwise(client, mine):
    choose, _ = pages(mine)

    own = client.get(choose).content.decode()
    anybody = client.get(choose, {"practitioner": ""}).content.decode()

    assert own.count("practitioner=colleague") == 0
    assert anybody.count("practitioner=colleague") > 0


def test_a_forged_move_changes_nothing_and_says_why(client, mine):
    _, confirm = pages(mine)
    before = list(Claim.objects.order_by("pk").values())
    at = mine.starts_at + timedelta(hours=13)

    answer = client.post(confirm, to(mine, at))

    assert answer.status_code == 409
    assert 'data-code="OUTSIDE_HOURS"' in answer.content.decode()
    assert "your old time stands" in answer.content.decode()
    assert list(Claim.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"at": "soon"}, "Choose one of the times shown."),
        ({"at": "9" * 30}, "Choose one of the times shown."),
        ({"place": "nowhere"}, "There is no place called"),
        ({"practitioner": "nobody"}, "There is no practitioner called"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(client, mine, wrong, said):
    _, confirm = pages(mine)
    sent = {**to(mine, mine.starts_at + timedelta(days=1)), **wrong}

    for answer in (client.get(confirm, sent), client.post(confirm, sent)):
        assert answer.status_code == 400
        assert said in answer.content.decode()


def test_the_desk_moves_and_the_practitioner_does_not(client, town, mine):
    choose, confirm = pages(mine)
    sent = to(mine, mine.starts_at + timedelta(days=1))

    client.force_login(town.users["practitioner"])
    assert client.get(choose).status_code == 409
    assert client.post(confirm, sent).status_code == 409
    client.force_login(factories.FrontDeskUserFactory())
    assert mine.patient.name in client.get(choose).content.decode()
    assert client.post(confirm, sent).status_code == 302

    mine.refresh_from_db()
    assert mine.starts_at == street.AT_TEN + timedelta(days=1)


def test_what_is_cancelled_has_no_way_to_another_time(client, mine):
    choose, confirm = pages(mine)
    Appointment.objects.update(status="cancelled")

    assert choose not in client.get(mine.get_absolute_url()).content.decode()
    assert client.get(choose).status_code == 409
    sent = to(mine, mine.starts_at + timedelta(days=1))
    assert client.post(confirm, sent).status_code == 409
