"""kill -9 between the second and the third session of a course: none is booked.

The process ends where it stands: nothing of Python runs any more, and it is for the
database to forget what it was given.
"""

import signal

import pytest

from bookings.models import Appointment, Claim, Course, Notice
from clinic.models import AuditEvent
from tests import factories
from tests.races import clinic as clinics
from tests.races.processes import crowd, rounds

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]

WEEKS = (0, 1, 2)


@pytest.fixture
def clinic(transactional_db):
    return clinics.make(1, practitioners=1)


@pytest.fixture
def plan(clinic):
    """Three sessions and more, with room for a week between two of them."""
    return factories.CoursePlanFactory(treatment=clinic.variant.treatment)


@pytest.fixture
def job(clinic, plan):
    """Give a function that says what a child is to book in a round."""

    def of(number, **more):
        start = clinic.start(number % 25)
        return {
            "plan": plan.code,
            "variant": clinic.variant.code,
            "place": clinic.place.slug,
            "practitioner": clinic.practitioners[0].slug,
            "patient": clinic.patients[0].pk,
            "on": [clinics.weeks_on(start, weeks).isoformat() for weeks in WEEKS],
            **more,
        }

    return of


@pytest.fixture
def killed(child_environment):
    """Give a function that has a child begin its job, and kills it where it stops."""

    def kill(job):
        with crowd("tests.races.coursing", 1, child_environment) as child:
            child.tell([job], moment=0)
            assert child.hear(1) == [{"stopped_before": job["stops_before"]}]
            [process] = child.children
            process.send_signal(signal.SIGKILL)
            assert process.wait() == -signal.SIGKILL

    return kill


def written():
    models = (Course, Appointment, Claim, Notice, AuditEvent)
    return {model.__name__: model.objects.count() for model in models}


def forget():
    Appointment.objects.all().delete()
    Course.objects.all().delete()


def test_killed_before_the_third_session_none_is_booked(job, killed, child_environment):
    """And nothing is left locked: the same course can be booked at once."""
    for number in range(rounds(2)):
        before = written()
        killed(job(number, stops_before=3))
        assert written() == before

        with crowd("tests.races.coursing", 1, child_environment) as child:
            assert child.at_once([job(number)]) == [{"booked": 3}]
        assert Appointment.objects.count() == 3
        forget()


def test_without_the_one_transaction_two_would_be_left(job, killed):
    """The negative control: the child does die between the writes."""
    for number in range(rounds(1)):
        killed(job(number, stops_before=3, without=["lock", "transaction"]))
        left = Appointment.objects.order_by("session").values_list("session", flat=True)
        assert list(left) == [1, 2]
        forget()
