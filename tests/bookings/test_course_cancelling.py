"""The pages of a course, where what is left of it is called off."""

from datetime import timedelta

import pytest
import time_machine

from bookings.models import Fee, Status
from tests import factories, street
from tests.bookings import course_pages
from tests.bookings.course_pages import dates

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(street.NOW, tick=True):
        yield


@pytest.fixture
def town():
    return street.build()


@pytest.fixture
def owner(town, client):
    return course_pages.owner(town, client)


@pytest.fixture
def course(owner, town):
    return course_pages.booked(owner, town)


def test_the_rest_is_cancelled_at_once(owner, course):
    done = owner.post(f"{course.get_absolute_url()}cancel/", follow=True)

    assert "3 sessions are cancelled" in done.content.decode()
    assert not course.appointments.standing().exists()
    again = owner.post(f"{course.get_absolute_url()}cancel/")
    assert again.status_code == 409


def test_what_cancelling_costs_stands_before_the_click(owner, town):
    factories.CancellationPolicyFactory(
        cut_off_hours=24, late_fee_usd=40, noshow_fee_usd=80, text="Tell us in time."
    )

    html = dates(owner, town).content.decode()

    assert "Tell us in time." in html
    assert "Until 24 hours before each session" in html
    assert "$40 a session" in html
    assert "$80 a session" in html


@pytest.fixture
def strict(course):
    """The course under a policy that was in force for all of its sessions."""
    policy = factories.CancellationPolicyFactory(cut_off_hours=24, late_fee_usd=40)
    course.appointments.update(policy=policy)
    return course


def owed_for(course):
    fees = Fee.objects.owed().filter(appointment__course=course)
    return [fee.amount_usd for fee in fees]


def an_hour_before_the_second(course):
    second = course.appointments.get(session=2)
    return time_machine.travel(second.starts_at - timedelta(hours=1), tick=False)


def test_the_patient_cancels_what_is_in_time_and_calls_about_the_rest(owner, strict):
    with an_hour_before_the_second(strict):
        owner.force_login(strict.patient.user)
        html = owner.get(strict.get_absolute_url()).content.decode()
        done = owner.post(f"{strict.get_absolute_url()}cancel/", follow=True)

    assert "Session 3 is cancelled, and its time is free" in html
    assert "It costs nothing now." in html
    assert "It is too late to cancel session 2 online." in html
    assert "One session is cancelled" in done.content.decode()
    standing = strict.appointments.standing().order_by("session")
    assert list(standing.values_list("session", flat=True)) == [1, 2]
    assert owed_for(strict) == []


def test_every_session_that_is_too_late_is_named_with_its_own_place(owner, strict):
    strict.appointments.update(
        policy=factories.CancellationPolicyFactory(cut_off_hours=2000)
    )
    other = factories.LocationFactory(slug="there", phone="+1 602 555 0199")
    strict.appointments.filter(session=3).update(place=other)
    owner.force_login(strict.patient.user)

    html = owner.get(strict.get_absolute_url()).content.decode()

    assert "too late to cancel session 2 online" in html
    late = html.partition("too late to cancel session 3 online")[2]
    assert "tel:+1 602 555 0199" in late[:200]


@pytest.mark.parametrize(("cause", "owed"), [("patient", [40]), ("clinic", [])])
def test_the_desk_says_who_is_the_cause_of_a_course_called_off(
    owner, strict, town, cause, owed
):
    address = strict.get_absolute_url()
    with an_hour_before_the_second(strict):
        owner.force_login(town.users["desk"])
        html = owner.get(address).content.decode()
        unsaid = owner.post(f"{address}cancel/", {"reason": "Moved away"})
        owner.post(f"{address}cancel/", {"reason": "Moved away", "caused_by": cause})

    assert "Sessions 2 and 3 are cancelled" in html
    assert "If the patient is the cause, $40 is owed; if we are, nothing." in html
    assert unsaid.status_code == 422
    assert (
        "Say whether the patient or the clinic is the cause." in unsaid.content.decode()
    )
    assert owed_for(strict) == owed
    assert not strict.appointments.filter(status=Status.BOOKED, session__gt=1).exists()
