"""A course against those who want its third date: all of it is booked, or nothing.

Whoever loses is told why of each date. The course is asked before it waits its turn,
and again under its locks; the others come meanwhile.
"""

import re

import pytest

from bookings.models import Appointment, Course
from tests import factories
from tests.races import clinic as clinics
from tests.races.answers import TOLD, told_plainly
from tests.races.conftest import CLIENTS
from tests.races.processes import crowd, rounds

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]

WEEKS = (0, 1, 2)
LINGERS = 0.5  # seconds in which the others come
WHY_NOT = re.compile(r'id="why-not".*?</section>', re.DOTALL)


@pytest.fixture
def plan(clinic):
    """Three sessions and more, with room for a week between two of them."""
    return factories.CoursePlanFactory(treatment=clinic.variant.treatment)


@pytest.fixture
def course(clinic, plan):
    """Give a function: where and what the page of dates sends for a course."""
    path = f"/book/{clinic.variant.code}/course/{plan.code}/dates/"

    def of(start, whom=0):
        form = clinic.form(start, whom)
        on = [clinics.weeks_on(start, each).isoformat() for each in WEEKS]
        return path, {
            "place": form["place"],
            "sessions": len(WEEKS),
            "submission": form["submission"],
            "on": [f"{at} {form['practitioner']}" for at in on],
        }

    return of


def reasons(answer):
    """The sessions that the page gives a reason for, and all that it says there."""
    [why] = WHY_NOT.findall(answer["text"])
    return re.findall(r"<h3>Session (\d+)</h3>", why), why


def says_why(answer, session):
    """Say that a page gives one session a plain reason, and no other session any."""
    sessions, why = reasons(answer)
    assert sessions == [session]
    assert any(words in why for words in TOLD), why


def forget():
    Appointment.objects.all().delete()
    Course.objects.all().delete()


@pytest.fixture
def others(clinic):
    """Give a function: all but the first patient want a time, on hold or at the desk."""
    desk = f"/book/{clinic.variant.code}/confirm/"
    hold = f"/book/{clinic.variant.code}/hold/"

    def of(start):
        return [
            (hold, clinic.hold(start), clinic.sessions[other])
            if other % 2
            else (desk, clinic.booking(start, other), clinic.desk)
            for other in range(1, CLIENTS)
        ]

    return of


def test_a_course_against_those_who_want_its_third_date(clinic, course, others, post):
    for number in range(rounds(3)):
        start = clinic.start(number % 25)
        told = [(*course(start), clinic.sessions[0])]
        told += others(clinics.weeks_on(start, WEEKS[-1]))
        answers = post(*zip(*told, strict=True))

        assert told_plainly(answers) == {302: 1, 409: CLIENTS - 1}
        whole = answers[0]["status"] == 302
        mine = Appointment.objects.filter(patient=clinic.patients[0])
        assert mine.count() == (len(WEEKS) if whole else 0)
        assert Course.objects.count() == whole
        assert Appointment.objects.count() - mine.count() == (not whole)
        if not whole:
            says_why(answers[0], "3")
        forget()


def test_who_wants_the_third_date_while_it_is_written_comes_too_late(
    clinic, course, plan, others, post, child_environment
):
    """The course stands between its second session and its third, and holds its locks."""
    with crowd("tests.races.coursing", 1, child_environment) as child:
        for number in range(rounds(3)):
            start = clinic.start(number % 25)
            job = {
                "plan": plan.code,
                "variant": clinic.variant.code,
                "place": clinic.place.slug,
                "practitioner": clinic.practitioners[0].slug,
                "patient": clinic.patients[0].pk,
                "on": [clinics.weeks_on(start, each).isoformat() for each in WEEKS],
                "stops_before": 3,
                "lingers": LINGERS,
            }
            child.tell([job], moment=0)
            assert child.hear(1) == [{"stopped_before": 3}]
            told = others(clinics.weeks_on(start, WEEKS[-1]))
            answers = post(*zip(*told, strict=True))

            assert child.hear(1) == [{"booked": 3}]
            assert told_plainly(answers) == {409: CLIENTS - 1}
            assert Appointment.objects.count() == len(WEEKS)
            forget()


def test_of_many_courses_that_meet_on_their_third_date_one_is_booked(
    clinic, course, post
):
    """Only the third date is wanted by all: whoever loses it has none of the others."""
    first = clinic.practitioners[0].slug
    for number in range(rounds(3)):
        third = clinics.weeks_on(clinic.start(20 + number % 5), WEEKS[-1])
        told = []
        for client in range(CLIENTS):
            start = clinic.start(client // 2)
            path, form = course(start, client % 2)
            form["on"][-1] = f"{third.isoformat()} {first}"
            told.append((path, form, clinic.sessions[client]))
        answers = post(*zip(*told, strict=True))

        assert told_plainly(answers) == {302: 1, 409: CLIENTS - 1}
        for answer in answers:
            if answer["status"] == 409:
                says_why(answer, "3")
        assert Course.objects.count() == 1
        assert Appointment.objects.count() == len(WEEKS)
        forget()
