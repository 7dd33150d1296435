"""Many who are booked already move onto one gap: one gets there, the others stay."""

from datetime import timedelta

import pytest

from bookings import actions
from bookings.models import Appointment
from bookings.question import ask
from tests.races.answers import one_won
from tests.races.conftest import CLIENTS
from tests.races.processes import rounds

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]

LATER = timedelta(days=63)  # the old times lie behind every gap that is raced for


@pytest.fixture
def booked(clinic):
    """An appointment for each client, with one of the two practitioners in turn."""
    made = []
    for number, patient in enumerate(clinic.patients):
        start = clinic.start(number // 2) + LATER
        asked = ask(
            variant=clinic.variant.code,
            place=clinic.place.slug,
            practitioner=clinic.practitioners[number % 2].slug,
            patient=patient,
        )
        made.append(actions.book(asked=asked, at=start, by=None, now=clinic.now))
    return made


def where(appointments):
    """Start and practitioner of each, as the database has them."""
    pks = [row.pk for row in appointments]
    return {
        row.pk: (row.starts_at, row.practitioner_id)
        for row in Appointment.objects.filter(pk__in=pks)
    }


def test_of_many_who_move_onto_one_gap_one_gets_it(clinic, booked, post):
    paths = [f"/appointments/{row.uid}/move/confirm/" for row in booked]
    for number in range(rounds(6)):
        gap = clinic.start(number)
        before = where(booked)
        answers = post(paths, [clinic.form(gap)] * CLIENTS, clinic.sessions)
        one_won(answers)
        after = where(booked)
        moved = [pk for pk in before if before[pk] != after[pk]]
        assert len(moved) == 1
        assert after[moved[0]] == (gap, clinic.practitioners[0].pk)
    assert Appointment.objects.count() == CLIENTS
