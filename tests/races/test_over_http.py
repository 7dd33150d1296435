"""Thirty-two client processes against two web server processes, for one time."""

from collections import Counter

import pytest

from bookings.models import Appointment
from tests.races import clinic as clinics
from tests.races.processes import crowd, gunicorn, rounds

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]

CLIENTS = 32
TOLD = (
    "is already booked at that time.",
    "That time has just been taken.",
    "You have another appointment at that time.",
)
RAW = ("bookings_claim", "IntegrityError", "Traceback", "database is locked")


@pytest.fixture
def race(child_environment):
    """Give a clinic, and a function that posts forms for it, all at one moment."""
    clinic = clinics.make(CLIENTS)
    path = f"/book/{clinic.variant.code}/confirm/"
    with (
        gunicorn(child_environment) as port,
        crowd("tests.races.client", CLIENTS, child_environment) as clients,
    ):

        def post(forms, sessions):
            return clients.at_once(
                [
                    {"port": port, "path": path, "form": form, "session": session}
                    for form, session in zip(forms, sessions, strict=True)
                ]
            )

        yield clinic, post


def one_won(answers):
    """Say that exactly one was redirected, and that all others were told why not."""
    statuses = Counter(answer["status"] for answer in answers)
    assert statuses == {302: 1, 409: len(answers) - 1}, statuses
    for answer in answers:
        text = answer["text"]
        assert not any(word in text for word in RAW), text
        if answer["status"] == 409:
            assert any(words in text for words in TOLD), text
    assert clinics.overlapping() == 0


def test_of_many_who_ask_for_one_time_one_gets_it(race):
    clinic, post = race
    for number in range(rounds(10)):
        start = clinic.start(number)
        one_won(post([clinic.form(start) for _ in range(CLIENTS)], clinic.sessions))
        assert Appointment.objects.count() == number + 1


def test_of_many_who_ask_for_times_that_overlap_one_gets_hers(race):
    clinic, post = race
    for number in range(rounds(10)):
        start = clinic.start(number)
        forms = [
            clinic.form(start + clinics.QUARTER * (client % 4))
            for client in range(CLIENTS)
        ]
        one_won(post(forms, clinic.sessions))
        assert Appointment.objects.count() == number + 1


def test_nobody_is_with_two_practitioners_at_once(race):
    clinic, post = race
    session = clinic.sessions[0]
    for number in range(rounds(10)):
        start = clinic.start(number)
        forms = [clinic.form(start, client % 2) for client in range(CLIENTS)]
        one_won(post(forms, [session] * CLIENTS))
        assert Appointment.objects.count() == number + 1


def test_a_form_sent_many_times_makes_one_appointment(race):
    clinic, post = race
    for number in range(rounds(10)):
        form = clinic.form(clinic.start(number))
        answers = post([form] * 16, [clinic.sessions[0]] * 16)
        assert {answer["status"] for answer in answers} == {302}
        (where,) = {answer["location"] for answer in answers}
        assert Appointment.objects.count() == number + 1
        newest = Appointment.objects.order_by("-pk").first()
        assert where == newest.get_absolute_url()
    assert clinics.overlapping() == 0
