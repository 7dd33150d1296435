"""Aftercare of one's own session: a timeline that knows how long ago it was."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from pypdf import PdfReader

from bookings.models import Appointment
from tests import street
from treatments.models import AftercareStep

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    with time_machine.travel(street.NOW, tick=False):
        return street.build()


@pytest.fixture
def done(town, client):
    client.force_login(town.users["owner"])
    Appointment.objects.update(status="fulfilled", held_until=None)
    return Appointment.objects.get(pk=town.appointments["owner"].pk)


def page(client, appointment, since):
    with time_machine.travel(appointment.ends_at + since, tick=False):
        return client.get(reverse("bookings:aftercare", args=[appointment.uid]))


def states(text):
    return re.findall(r'<li data-state="(\w+)"', text)


@pytest.mark.parametrize(
    ("since", "words", "state"),
    [
        (timedelta(minutes=5), "less than an hour ago", ["now", *["coming"] * 4]),
        (timedelta(days=2), "2 days ago", ["past", "past", "now", "coming", "coming"]),
        (timedelta(weeks=8), "8 weeks ago", ["past"] * 5),
        (-timedelta(minutes=10), "less than an hour ago", ["now", *["coming"] * 4]),
    ],
)
def test_it_knows_how_long_ago_the_session_was(client, done, since, words, state):
    text = page(client, done, since).content.decode()

    assert words in text
    assert states(text) == state
    assert text.count('<details class="card" open') == state.count("now")


def test_dates_are_those_of_the_place(client, done):
    text = page(client, done, timedelta(minutes=5)).content.decode()

    # It ended at 10:45 in Denver, which is 17:45 UTC.
    assert "until Mon, Feb 2, 2:45 PM" in text
    assert "from Tue, Feb 3, 10:45 AM" in text


def test_what_is_to_be_left_later_is_better_left_now_too(client, done):
    later = AftercareStep.objects.get(code="AC-12")

    text = page(client, done, timedelta(minutes=5)).content.decode()

    assert text.count(later.text) == 2
    assert "From the first day on" in text


def test_before_the_session_it_says_when_it_will_be_there(client, town):
    client.force_login(town.users["owner"])

    response = page(client, town.appointments["owner"], -timedelta(hours=1))

    assert response.status_code == 200
    assert "Once the session has taken place" in response.content.decode()


def test_the_appointment_leads_there_once_it_is_done(client, town):
    client.force_login(town.users["owner"])
    mine = town.appointments["owner"]
    link = reverse("bookings:aftercare", args=[mine.uid])

    assert link not in client.get(mine.get_absolute_url()).content.decode()
    Appointment.objects.update(status="fulfilled", held_until=None)
    assert link in client.get(mine.get_absolute_url()).content.decode()
    assert link in client.get("/appointments/").content.decode()


def test_a_consultation_has_none(client, done):
    variant = done.variant
    variant.treatment.family = "consultation"
    variant.treatment.save()

    assert page(client, done, timedelta(days=1)).status_code == 404
    link = reverse("bookings:aftercare", args=[done.uid])
    assert link not in client.get(done.get_absolute_url()).content.decode()


def test_on_paper_it_says_of_which_session_and_names_nobody(client, town, done):
    response = client.get(reverse("bookings:aftercare_pdf", args=[done.uid]))

    reader = PdfReader(io.BytesIO(response.content))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert len(reader.pages) == 1
    assert "Your session was on Monday, February 2, 2026." in text
    assert done.patient.family_name not in text
    assert response["Content-Disposition"] == 'inline; filename="aftercare.pdf"'
    assert (
        "no-store" in response["Cache-Control"]
        or "private" in response["Cache-Control"]
    )
    assert reader.metadata.title == "Aftercare"


@pytest.mark.parametrize("name", ["bookings:aftercare", "bookings:aftercare_pdf"])
def test_a_strangers_is_not_found(client, town, name):
    Appointment.objects.update(status="fulfilled", held_until=None)
    address = reverse(name, args=[town.appointments["other"].uid])

    for actor in ("owner", "practitioner"):
        client.force_login(town.users[actor])
        assert client.get(address).status_code == 404
