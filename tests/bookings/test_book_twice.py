"""A form that is sent twice books once, and its key is good for nothing else."""

import uuid
from datetime import timedelta

import pytest

from bookings import actions
from bookings.models import Appointment, Claim, Notice
from clinic.models import AuditEvent
from tests import factories, worlds
from tests.worlds import MONDAY_10, NOW
from treatments.areas import PlannedArea

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clinic():
    return worlds.plain()


@pytest.fixture
def patient():
    return factories.PatientFactory()


@pytest.fixture
def asked(clinic, patient):
    who, where = clinic
    return worlds.asked("visit", where, who, patient=patient)


def tables():
    return [
        list(model.objects.values().order_by("pk"))
        for model in (Appointment, Claim, AuditEvent, Notice)
    ]


def book(asked, **more):
    if "by" not in more:
        more["by"] = asked.patient.user
    return actions.book(asked=asked, **{"at": MONDAY_10, "now": NOW, **more})


def test_the_same_form_again_is_answered_with_the_first_appointment(asked):
    key = uuid.uuid4()
    first = book(asked, submission=key)
    before = tables()

    assert book(asked, submission=key) == first
    assert tables() == before


def test_the_same_form_after_a_cancellation_books_nothing_new(asked, patient):
    key = uuid.uuid4()
    first = book(asked, submission=key)
    actions.cancel(appointment=first, by=patient.user, now=NOW)

    again = book(asked, submission=key)

    assert again == first
    assert Appointment.objects.count() == 1
    assert not Claim.objects.exists()


def others(asked, clinic):
    """The same form with something else in it, bookable or not."""
    who, where = clinic
    factories.BodyAreaFactory(code="shoulder", family="both")
    other = worlds.somebody(
        "physical_therapist",
        where,
        worlds.licence("physical_therapist", "US-UT"),
        slug="other",
    )
    patient = asked.patient
    yield asked, {"at": MONDAY_10 + timedelta(hours=2)}
    yield asked, {"at": MONDAY_10 + timedelta(minutes=15)}
    yield worlds.asked("visit", where, other, patient=patient), {}
    yield worlds.asked("first", where, who, patient=patient), {}
    yield (
        worlds.asked(
            "visit", where, who, patient=patient, areas=[PlannedArea("shoulder")]
        ),
        {},
    )
    yield (
        worlds.asked("visit", where, who, patient=factories.PatientFactory()),
        {"by": patient.user},
    )


def test_the_key_of_a_form_with_other_content_is_refused(asked, clinic):
    key = uuid.uuid4()
    book(asked, submission=key)
    changed = list(others(asked, clinic))
    before = tables()

    for question, more in changed:
        with pytest.raises(actions.SubmissionReused):
            book(question, submission=key, **more)
    assert tables() == before


def test_another_users_key_never_replays(asked):
    key = uuid.uuid4()
    book(asked, submission=key)
    desk = factories.FrontDeskUserFactory()

    with pytest.raises(actions.SubmissionReused):
        book(asked, submission=key, by=desk)
    with pytest.raises(actions.SubmissionReused):
        book(asked, submission=key, by=desk, at=MONDAY_10 + timedelta(hours=1))


def test_another_key_for_a_taken_time_is_a_refusal(asked):
    book(asked, submission=uuid.uuid4())

    with pytest.raises(actions.NotBookable):
        book(asked, submission=uuid.uuid4())
