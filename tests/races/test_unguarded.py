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
from tests import factories
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

        def run(*without, jobs_of=everybody):
            won = []
            for number in range(rounds(6)):
                jobs = jobs_of(clinic, number, without)
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


def everybody(clinic, number, without):
    """Every patient wants times of one practitioner that overlap."""
    return [job(clinic, number, patient, without) for patient in range(WORKERS)]


def one_patient(clinic, number, without):
    """One patient is booked with both practitioners at once."""
    return [job(clinic, number, 0, without, whom=each % 2) for each in range(2)]


def onto_one_gap(clinic, number, without):
    """Everybody is booked already, each for a time of their own, and moves."""
    jobs = everybody(clinic, number, without)
    for patient, each in enumerate(jobs):
        later = clinics.weeks_on(clinic.start(number), 9 + patient)
        row = factories.AppointmentFactory(
            role=clinic.practitioners[patient % 2].roles.get(),
            patient=clinic.patients[patient],
            variant=clinic.variant,
            starts_at=later,
        )
        each |= {"does": "move", "appointment": row.pk}
    return jobs


def over_and_wanted(clinic, number, without):
    """The hold of one is over; it is confirmed while the others book its time."""
    jobs = everybody(clinic, number, without)
    ended = clinic.now - clinics.QUARTER
    row = factories.AppointmentFactory(
        role=clinic.practitioners[0].roles.get(),
        patient=clinic.patients[0],
        variant=clinic.variant,
        starts_at=clinic.start(number),
        status="pending",
        held_until=ended,
    )
    row.claims.update(held_until=ended)
    jobs[0] |= {"does": "confirm", "appointment": row.pk}
    return jobs


@pytest.mark.parametrize(
    "jobs_of", [everybody, one_patient, onto_one_gap, over_and_wanted]
)
def test_without_lock_and_constraint_most_rounds_double_book(race, jobs_of):
    with without_guards():
        won = race("lock", "transaction", jobs_of=jobs_of)
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


@pytest.mark.parametrize(
    "jobs_of", [everybody, one_patient, onto_one_gap, over_and_wanted]
)
def test_with_both_one_gets_in(race, jobs_of):
    assert set(race(jobs_of=jobs_of)) == {1}
    assert clinics.overlapping() == 0
