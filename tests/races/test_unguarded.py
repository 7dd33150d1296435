"""The negative control: without its protections the same race double-books.

So the races can fail; and each protection by itself keeps the time from being given
away twice.
"""

from contextlib import contextmanager

import pytest
from django.db import connection
from django.utils import timezone

from bookings import guards
from bookings.models import Appointment
from tests.races import clinic as clinics
from tests.races.processes import crowd, rounds

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]

WORKERS = 6


@contextmanager
def without_guards():
    """Take the constraints or triggers away that refuse overlaps; put them back."""
    with connection.cursor() as cursor:
        for name in guards.expected(connection.vendor):
            if name.startswith("bookings_claim_no_overlap"):
                drop = "DROP TRIGGER {name}"
                if connection.vendor == "postgresql":
                    drop = f"ALTER TABLE {guards.CLAIM} DROP CONSTRAINT {{name}}"
                cursor.execute(drop.format(name=name))
    try:
        yield
    finally:
        Appointment.objects.all().delete()
        guards.install(connection)
        assert guards.missing(connection) == []


@pytest.fixture
def race(child_environment):
    """Give a function that races a round after the other; how many won each."""
    clinic = clinics.make(WORKERS)
    with crowd("tests.races.unguarded", WORKERS, child_environment) as workers:

        def run(*without):
            won = []
            for number in range(rounds(6)):
                jobs = [
                    job(clinic, number, patient, without) for patient in range(WORKERS)
                ]
                answers = workers.at_once(jobs)
                won.append(sum(answer["booked"] for answer in answers))
            return won

        yield run


def job(clinic, number, patient, without, whom=0):
    return {
        "variant": clinic.variant.code,
        "place": clinic.place.slug,
        "practitioner": clinic.practitioners[whom].slug,
        "patient": clinic.patients[patient].pk,
        "at": (clinic.start(number) + clinics.QUARTER * (patient % 4)).isoformat(),
        "now": timezone.now().isoformat(),
        "without": without,
    }


def test_without_lock_and_constraint_most_rounds_double_book(race):
    with without_guards():
        won = race("lock", "transaction")
        assert clinics.overlapping() > 0
    doubled = sum(count > 1 for count in won)
    assert doubled > 0.5 * len(won), won


def test_the_lock_alone_lets_one_in(race):
    with without_guards():
        assert set(race()) == {1}
        assert clinics.overlapping() == 0


def test_the_database_alone_lets_one_in(race):
    assert set(race("lock")) == {1}
    assert clinics.overlapping() == 0


def test_with_both_one_gets_in(race):
    assert set(race()) == {1}
    assert clinics.overlapping() == 0
