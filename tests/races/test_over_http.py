"""Thirty-two client processes against two web server processes, for one time."""

import pytest

from bookings.models import Appointment
from tests.races import clinic as clinics
from tests.races.answers import one_won
from tests.races.conftest import CLIENTS
from tests.races.processes import rounds

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def race(clinic, post):
    """Give the clinic, and a function that sends its desk's page many forms."""
    path = f"/book/{clinic.variant.code}/confirm/"

    def of_the_desk(forms):
        return post([path] * len(forms), forms, [clinic.desk] * len(forms))

    return clinic, of_the_desk


def test_of_many_who_ask_for_one_time_one_gets_it(race):
    clinic, post = race
    for number in range(rounds(6)):
        start = clinic.start(number)
        one_won(post([clinic.booking(start, client) for client in range(CLIENTS)]))
        assert Appointment.objects.count() == number + 1


def test_of_many_who_ask_for_times_that_overlap_one_gets_hers(race):
    clinic, post = race
    for number in range(rounds(6)):
        start = clinic.start(number)
        forms = [
            clinic.booking(start + clinics.QUARTER * (client % 4), client)
            for client in range(CLIENTS)
        ]
        one_won(post(forms))
        assert Appointment.objects.count() == number + 1


def test_nobody_is_with_two_practitioners_at_once(race):
    clinic, post = race
    for number in range(rounds(6)):
        start = clinic.start(number)
        forms = [clinic.booking(start, 0, client % 2) for client in range(CLIENTS)]
        one_won(post(forms))
        assert Appointment.objects.count() == number + 1


def test_a_form_sent_many_times_makes_one_appointment(race):
    clinic, post = race
    for number in range(rounds(6)):
        form = clinic.booking(clinic.start(number), 0)
        answers = post([form] * 16)
        assert {answer["status"] for answer in answers} == {302}
        (where,) = {answer["location"] for answer in answers}
        assert Appointment.objects.count() == number + 1
        newest = Appointment.objects.order_by("-pk").first()
        assert where == newest.get_absolute_url()
    assert clinics.overlapping() == 0
