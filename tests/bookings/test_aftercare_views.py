"""Aftercare of one's own session: a timeline that knows how long ago it was."""

import io
import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.urls import reverse
from pypdf import PdfReader

from bookings.models import Appointment
from tests import street
from treatments.models import AftercareStep, Treatment

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
    assert text.count('<a href="#now">It stands above') == state.count("now")


def now_card(text):
    return re.search(r'<section class="card now".*?</section>', text, re.DOTALL)[0]


def after(client, appointment, treatment, since):
    """The card of what holds now, as after a session of that treatment."""
    variant = appointment.variant
    variant.treatment = Treatment.objects.get(code=treatment)
    variant.save()
    return now_card(page(client, appointment, since).content.decode())


@pytest.mark.parametrize(
    ("treatment", "since", "here", "gone"),
    [
        ("microneedling", timedelta(days=3), ["AC-29", "AC-32"], ["AC-28"]),
        ("microneedling", timedelta(days=5), ["AC-32"], ["AC-29"]),
        ("microneedling", timedelta(days=8), ["AC-34", "AC-35"], ["AC-33"]),
        ("microneedling", timedelta(days=28), ["AC-35"], ["AC-34"]),
        ("peel_superficial", timedelta(days=8), ["AC-58"], ["AC-57"]),
        ("peel_medium", timedelta(days=8), ["AC-59", "AC-60"], []),
    ],
)
def test_what_goes_on_is_said_now(client, done, treatment, since, here, gone):
    card = after(client, done, treatment, since)

    said = dict(AftercareStep.objects.values_list("code", "text"))
    assert [code for code in here if said[code] not in card] == []
    assert [code for code in gone if said[code] in card] == []


def test_a_clinic_says_for_how_long_advice_goes_on(client, done):
    AftercareStep.objects.filter(code="AC-57").update(lasts_days=10)
    said = AftercareStep.objects.get(code="AC-57").text
    inside, after_it = timedelta(days=10, seconds=-1), timedelta(days=10)

    assert said in unescape(after(client, done, "peel_superficial", inside))
    assert said not in unescape(after(client, done, "peel_superficial", after_it))


@pytest.mark.parametrize("since", [timedelta(days=28), timedelta(weeks=30)])
def test_where_nothing_goes_on_that_is_said_and_help_still_holds(client, done, since):
    card = after(client, done, "peel_superficial", since)

    assert "Nothing special is left to do or to avoid." in card
    assert '<a href="#help">When to call for help</a> still holds' in card


def test_what_holds_now_comes_first_under_where_to_call(client, done):
    done.place.phone = "+1 555 0100"
    done.place.save()

    text = page(client, done, timedelta(minutes=5)).content.decode()

    order = ["local emergency number at once", "tel:+1 555 0100", 'id="now"']
    order += ["When to call for help", "From the session on"]
    assert order == sorted(order, key=text.index)


def test_dates_are_those_of_the_place(client, done):
    text = page(client, done, timedelta(minutes=5)).content.decode()

    # It ended at 10:45 in Denver, which is 17:45 UTC.
    assert "until Mon, Feb 2, 2:45 PM" in text
    assert "from Tue, Feb 3, 10:45 AM" in text


def test_what_is_to_be_left_later_is_better_left_now_too(client, done):
    later = AftercareStep.objects.get(code="AC-12")

    text = page(client, done, timedelta(minutes=5)).content.decode()

    assert text.count(later.text) == 2
    assert later.text in now_card(text)
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
