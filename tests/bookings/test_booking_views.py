"""Times, confirm, why: what a patient, a stranger and a forger get to see."""

from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from bookings import slots
from bookings.models import Appointment, Claim, Notice
from clinic.models import AuditEvent
from tests import factories, holding, worlds
from tests.holding import form as sent

pytestmark = pytest.mark.django_db

VARIANT = "mn_face_05"


@pytest.fixture
def patient(db):
    return factories.PatientFactory(user=factories.UserFactory())


@pytest.fixture
def own(client, patient):
    client.force_login(patient.user)
    return client


def free(place, practitioner, variant=VARIANT, patient=None):
    """A start two days from today that is offered."""
    asked = worlds.asked(variant, place, practitioner, patient=patient)
    now = timezone.now()
    day = now.astimezone(place.tz).date() + timedelta(days=2)
    return slots.open_slots(asked, first_day=day, days=1, now=now)[0].start


def looked_at(place, practitioner, at, **more):
    """One start, as addresses name it."""
    start = at.astimezone(place.tz).isoformat()
    return {
        "place": place.slug,
        "practitioner": practitioner.slug,
        "at": start,
        **more,
    }


def rows():
    return [model.objects.count() for model in (Appointment, Claim, AuditEvent, Notice)]


def test_what_is_offered_is_booked_and_found_again(own, place, dermatologist, patient):
    at = free(place, dermatologist)

    shown = own.get(f"/book/{VARIANT}/hold/", looked_at(place, dermatologist, at))
    answer = holding.book(own, VARIANT, sent(place, dermatologist, at))

    appointment = patient.appointments.get()
    assert "Hold this time" in shown.content.decode()
    assert answer.status_code == 302
    assert answer["Location"] == appointment.get_absolute_url()
    assert appointment.starts_at == at
    assert own.get(answer["Location"]).status_code == 200
    assert [str(each) for each in get_messages(answer.wsgi_request)]


def test_the_same_form_twice_books_once(own, place, dermatologist, patient):
    form = sent(place, dermatologist, free(place, dermatologist))

    first = holding.book(own, VARIANT, form)
    second = holding.book(own, VARIANT, form)

    assert first["Location"] == second["Location"]
    assert patient.appointments.count() == 1


def test_a_time_that_is_taken_is_refused_with_reasons_and_other_times(
    own, place, dermatologist
):
    at = free(place, dermatologist)
    other = factories.PatientFactory(user=factories.UserFactory())
    taken = sent(place, dermatologist, at)
    own.force_login(other.user)
    holding.book(own, VARIANT, taken)
    own.force_login(factories.PatientFactory(user=factories.UserFactory()).user)
    before = rows()

    answer = holding.book(own, VARIANT, sent(place, dermatologist, at))

    text = answer.content.decode()
    assert answer.status_code == 409
    assert 'data-code="OVERLAP_PRACTITIONER"' in text
    assert "<code>" not in text  # a patient reads sentences
    assert text.count('class="slot"') >= 3
    assert other.family_name not in text
    assert rows() == before


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"minutes": 7}, "OFF_GRID"),
        ({"days": -10}, "IN_THE_PAST"),
        ({"hours": 13}, "OUTSIDE_HOURS"),
        ({"days": 400}, "BEYOND_HORIZON"),
    ],
)
def test_a_forged_time_makes_no_row(own, place, dermatologist, change, code):
    at = free(place, dermatologist) + timedelta(**change)
    before = rows()

    answer = holding.book(own, VARIANT, sent(place, dermatologist, at))

    assert answer.status_code == 409
    assert code in answer.content.decode()
    assert rows() == before


def test_a_forged_person_makes_no_row_and_the_role_is_named(own, place, dermatologist):
    therapist = worlds.somebody(
        "physical_therapist",
        place,
        worlds.licence("physical_therapist", "US-AZ"),
        slug="therapist",
    )
    before = rows()

    form = sent(place, therapist, free(place, dermatologist))
    answer = holding.book(own, VARIANT, form)

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "SCOPE_NOT_ALLOWED" in text
    assert "Physical therapist" in text
    assert rows() == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"place": "nowhere"},
        {"start": "2026-11-24T09:00-07:00 nobody"},
        {"start": "2026-11-24T09:00 dermatologist"},
        {"start": "2026-02-30T09:00-07:00 dermatologist"},
        {"start": "0001-01-01T00:00+00:00 dermatologist"},
        {"start": "9999-12-31T23:59+00:00 dermatologist"},
        {"start": "9" * 30},
        {"start": "dermatologist"},
        {"start": ""},
        {"submission": "x"},
        {"submission": ""},
        {"place": "a\0b"},
    ],
)
def test_what_makes_no_sense_is_refused_in_words(own, place, dermatologist, wrong):
    form = {**sent(place, dermatologist, free(place, dermatologist)), **wrong}
    before = rows()

    answer = holding.book(own, VARIANT, form)

    assert 400 <= answer.status_code < 500
    assert "Traceback" not in answer.content.decode()
    assert rows() == before


def test_bytes_that_are_no_text_are_refused(own, place, dermatologist):
    form = urlencode(sent(place, dermatologist, free(place, dermatologist)))

    answer = own.post(
        f"/book/{VARIANT}/hold/",
        form + "&practitioner=%ED%B3%BF",
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code == 400
    assert Appointment.objects.count() == 0


def test_nobody_but_the_desk_asks_for_somebody_else(own, place, dermatologist):
    other = factories.PatientFactory()
    form = looked_at(place, dermatologist, free(place, dermatologist))
    form["for"] = str(other.uid)

    assert own.get(f"/book/{VARIANT}/", {"for": other.uid}).status_code == 404
    for page in ("confirm", "hold"):
        assert own.get(f"/book/{VARIANT}/{page}/", form).status_code == 404
        assert own.post(f"/book/{VARIANT}/{page}/", form).status_code == 404
    assert other.appointments.count() == 0


def test_the_desk_books_for_a_patient_by_the_same_rules(client, place, dermatologist):
    somebody = factories.PatientFactory()
    client.force_login(factories.FrontDeskUserFactory())
    at = free(place, dermatologist)
    form = looked_at(place, dermatologist, at, submission=str(uuid4()))
    form["for"] = str(somebody.uid)

    page = client.get(f"/book/{VARIANT}/", {"place": place.slug, "for": somebody.uid})
    answer = client.post(f"/book/{VARIANT}/confirm/", form)
    again = client.post(
        f"/book/{VARIANT}/confirm/", {**form, "submission": str(uuid4())}
    )

    assert somebody.name in page.content.decode()
    assert answer.status_code == 302
    assert somebody.appointments.get().starts_at == at
    assert again.status_code == 409


def test_staff_without_a_patient_are_told_what_to_do(client, place, dermatologist):
    client.force_login(factories.FrontDeskUserFactory())

    answer = client.get(
        f"/book/{VARIANT}/confirm/",
        looked_at(place, dermatologist, free(place, dermatologist)),
    )

    assert answer.status_code == 403
    assert "Find a patient" in answer.content.decode()


def test_areas_are_chosen_in_the_form_and_kept(own, place, patient):
    therapist = worlds.somebody(
        "physical_therapist",
        place,
        worlds.licence("physical_therapist", "US-AZ"),
        worlds.course(60),
        slug="therapist",
    )
    at = free(place, therapist, "dn_first")
    held = own.post("/book/dn_first/hold/", sent(place, therapist, at))

    shown = own.get(held["Location"])
    chosen = {"areas": ["lower_back:left", "neck"]}
    answer = own.post(f"{held['Location']}confirm/", chosen)

    assert 'value="lower_back:left"' in shown.content.decode()
    assert answer.status_code == 302
    assert patient.appointments.get().areas == "lower_back:left,neck"
