"""Many at once about times on hold: each is kept for one, and nobody waits for ever.

A hold ends by the clock alone, so that whoever confirms it and whoever wants its time
may come in the same moment; and one that takes the place of another gives back what
others may be about to take.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings import actions
from bookings.models import Appointment, Claim, Notice, Status
from bookings.question import ask
from tests.races import clinic as clinics
from tests.races.answers import one_won, told_plainly
from tests.races.conftest import CLIENTS
from tests.races.processes import crowd, rounds

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]

COPIES = 64
SOON = timedelta(seconds=0.1)  # after the clients were told: in the midst of them
LONG = timedelta(minutes=5)


@pytest.fixture
def path(clinic):
    return f"/book/{clinic.variant.code}/hold/"


def held(clinic, patient, whom, start):
    """A hold of one of the patients, made by the action itself."""
    asked = ask(
        variant=clinic.variant.code,
        place=clinic.place.slug,
        practitioner=clinic.practitioners[whom].slug,
        patient=clinic.patients[patient],
    )
    user = clinic.patients[patient].user
    return actions.hold(asked=asked, at=start, by=user, now=clinic.now)


def ends(after, *holds):
    """Have holds end so long after now."""
    moment = timezone.now() + after
    Appointment.objects.filter(pk__in=[hold.pk for hold in holds]).update(
        held_until=moment
    )
    Claim.objects.filter(appointment__in=holds).update(held_until=moment)


def alive():
    return Appointment.objects.held(timezone.now())


def test_of_many_who_hold_one_time_one_has_it(clinic, path, post):
    for number in range(rounds(3)):
        start = clinic.start(number)
        forms = [clinic.hold(start) for _ in range(CLIENTS)]
        one_won(post([path] * CLIENTS, forms, clinic.sessions))
        assert alive().filter(starts_at=start).count() == 1


def test_of_many_holds_of_one_patient_for_one_variant_the_last_is_left(
    clinic, path, post
):
    """From many windows, with two practitioners: each takes the place of another."""
    session = clinic.sessions[0]
    for number in range(rounds(3)):
        start = clinic.start(number)
        forms = [clinic.hold(start, client % 2) for client in range(CLIENTS)]
        answers = post([path] * CLIENTS, forms, [session] * CLIENTS)
        assert told_plainly(answers) == {302: CLIENTS}
        assert alive().count() == 1
        assert Claim.objects.exclude(patient=None).count() == 1


def test_one_form_sent_many_times_is_one_hold_and_one_appointment(
    clinic, path, port, child_environment
):
    with crowd("tests.races.client", COPIES, child_environment) as clients:
        for number in range(rounds(3)):
            form = clinic.hold(clinic.start(number))

            def copies(path, form):
                job = {"port": port, "path": path, "form": form}
                job["session"] = clinic.sessions[0]
                answers = clients.at_once([job] * COPIES)
                assert told_plainly(answers) == {302: COPIES}
                (where,) = {answer["location"] for answer in answers}
                return where

            where = copies(path, form)
            assert where == alive().get().get_absolute_url()
            assert copies(f"{where}confirm/", {}) == where
            assert Appointment.objects.standing().count() == number + 1
            assert Notice.objects.count() == number + 1


@pytest.mark.parametrize(
    ("after", "winners"),
    [(LONG, {"patient"}), (SOON, {"patient", "other"}), (-SOON, {"patient", "other"})],
    ids=["alive", "ending", "over"],
)
def test_confirm_against_expiry(clinic, path, post, after, winners):
    """One confirms what all others want to hold, or to book, while it ends."""
    book = f"/book/{clinic.variant.code}/confirm/"
    for number in range(rounds(3)):
        start = clinic.start(number)
        mine = held(clinic, 0, 0, start)
        ends(after, mine)
        others = range(1, CLIENTS)
        told = [(f"{mine.get_absolute_url()}confirm/", {}, clinic.sessions[0])]
        told += [
            (path, clinic.hold(start), clinic.sessions[other])
            if other % 2
            else (book, clinic.booking(start, other), clinic.desk)
            for other in others
        ]
        answers = post(*zip(*told, strict=True))
        one_won(answers)
        mine.refresh_from_db()
        won = "patient" if answers[0]["status"] == 302 else "other"
        assert won in winners
        assert (mine.status == Status.BOOKED) == (won == "patient")
        assert Claim.objects.filter(starts_at__lt=start + LONG).exclude(
            appointment=mine
        ).filter(practitioner=mine.practitioner, ends_at__gt=start).exists() == (
            won == "other"
        )


def test_two_who_change_places_wait_for_nobody(clinic, path, post):
    """Each holds, with another practitioner, what the hold of the other has given back.

    Both holds are over. Whoever gives back claims of somebody who is not locked waits
    for the other, who waits for the same.
    """
    for number in range(rounds(3)):
        now, forms, holds = clinic.now, [], []
        for patient in range(CLIENTS):
            start = clinic.start(patient // 2)
            holds.append(held(clinic, patient, patient % 2, start))
            forms.append(clinic.hold(start, 1 - patient % 2))
        ends(-SOON, *holds)
        answers = post([path] * CLIENTS, forms, clinic.sessions)
        assert set(told_plainly(answers)) <= {302, 409}
        assert all(answer["status"] == 302 for answer in answers), number
        assert alive().filter(created_at__gt=now).count() == CLIENTS
        Appointment.objects.all().delete()


def test_let_go_and_confirmed_at_once_it_is_one_of_the_two(clinic, post):
    for number in range(rounds(3)):
        mine = held(clinic, 0, 0, clinic.start(number))
        theirs = held(clinic, 1, 1, clinic.start(number))
        ends(-SOON if number % 2 else LONG, mine, theirs)
        verbs = ("confirm/", "let-go/")
        paths = [
            f"{mine.get_absolute_url()}{verbs[client % 2]}" for client in range(CLIENTS)
        ]
        answers = post(paths, [{}] * CLIENTS, [clinic.sessions[0]] * CLIENTS)
        statuses = told_plainly(answers)
        assert set(statuses) <= {302, 409}
        mine.refresh_from_db()
        assert mine.status in {Status.BOOKED, Status.CANCELLED}
        assert mine.claims.exists() == (mine.status == Status.BOOKED)
    assert clinics.overlapping() == 0
