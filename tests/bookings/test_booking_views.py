"""Times, confirm, why: what a patient, a stranger and a forger get to see."""

from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings import slots
from bookings.models import Appointment, AvailableTime, Claim, Notice
from clinic.models import AuditEvent
from tests import factories, worlds

pytestmark = pytest.mark.django_db
VARIANT = "mn_face_05"


@pytest.fixture
def place(db):
    worlds.load_shipped()
    return worlds.place("US-AZ", "America/Phoenix", notice_min=0)


@pytest.fixture
def dermatologist(place):
    return worlds.somebody(
        "dermatologist",
        place,
        worlds.licence("dermatologist", "US-AZ"),
        worlds.paper("device_training"),
        slug="dermatologist",
    )


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


def sent(place, practitioner, at, **more):
    return {
        "place": place.slug,
        "practitioner": practitioner.slug,
        "at": at.astimezone(place.tz).isoformat(),
        "submission": str(uuid4()),
        **more,
    }


def rows():
    return [model.objects.count() for model in (Appointment, Claim, AuditEvent, Notice)]


def test_times_are_shown_without_an_account(client, place, dermatologist):
    answer = client.get(f"/book/{VARIANT}/", {"place": place.slug})

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "before your own rules" in text
    assert dermatologist.name in text


def test_times_take_the_same_statements_for_one_and_for_three(client, place):
    counts = []
    for number in range(3):
        worlds.somebody(
            "dermatologist",
            place,
            worlds.licence("dermatologist", "US-AZ"),
            worlds.paper("device_training"),
            slug=f"dermatologist-{number}",
        )
        client.get(f"/book/{VARIANT}/", {"place": place.slug})
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/book/{VARIANT}/", {"place": place.slug})
        counts.append(len(queries))

    assert counts[0] == counts[2] <= 6


def test_what_is_offered_is_booked_and_found_again(own, place, dermatologist, patient):
    at = free(place, dermatologist)

    shown = own.get(f"/book/{VARIANT}/confirm/", sent(place, dermatologist, at))
    answer = own.post(f"/book/{VARIANT}/confirm/", sent(place, dermatologist, at))

    appointment = patient.appointments.get()
    assert "Book this appointment" in shown.content.decode()
    assert answer.status_code == 302
    assert answer["Location"] == appointment.get_absolute_url()
    assert appointment.starts_at == at
    assert own.get(answer["Location"]).status_code == 200
    assert [str(each) for each in get_messages(answer.wsgi_request)]


def test_the_same_form_twice_books_once(own, place, dermatologist, patient):
    form = sent(place, dermatologist, free(place, dermatologist))

    first = own.post(f"/book/{VARIANT}/confirm/", form)
    second = own.post(f"/book/{VARIANT}/confirm/", form)

    assert first["Location"] == second["Location"]
    assert patient.appointments.count() == 1


def test_a_time_that_is_taken_is_refused_with_reasons_and_other_times(
    own, place, dermatologist
):
    at = free(place, dermatologist)
    other = factories.PatientFactory(user=factories.UserFactory())
    taken = sent(place, dermatologist, at)
    own.force_login(other.user)
    own.post(f"/book/{VARIANT}/confirm/", taken)
    own.force_login(factories.PatientFactory(user=factories.UserFactory()).user)
    before = rows()

    answer = own.post(f"/book/{VARIANT}/confirm/", sent(place, dermatologist, at))

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

    answer = own.post(f"/book/{VARIANT}/confirm/", sent(place, dermatologist, at))

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

    answer = own.post(
        f"/book/{VARIANT}/confirm/",
        sent(place, therapist, free(place, dermatologist)),
    )

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "SCOPE_NOT_ALLOWED" in text
    assert "Physical therapist" in text
    assert rows() == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"place": "nowhere"},
        {"practitioner": "nobody"},
        {"at": "2026-11-24T09:00"},
        {"at": "2026-02-30T09:00-07:00"},
        {"at": "0001-01-01T00:00+00:00"},
        {"at": "9999-12-31T23:59+00:00"},
        {"at": "9" * 30},
        {"at": ""},
        {"areas": ["no_such_area"]},
        {"submission": "x"},
        {"place": "a\0b"},
        {"areas": ["lower_back:left"]},
    ],
)
def test_what_makes_no_sense_is_refused_in_words(own, place, dermatologist, wrong):
    form = {**sent(place, dermatologist, free(place, dermatologist)), **wrong}
    before = rows()

    answer = own.post(f"/book/{VARIANT}/confirm/", form)

    assert 400 <= answer.status_code < 500
    assert "Traceback" not in answer.content.decode()
    assert rows() == before


def test_bytes_that_are_no_text_are_refused(own, place, dermatologist):
    form = urlencode(sent(place, dermatologist, free(place, dermatologist)))

    answer = own.post(
        f"/book/{VARIANT}/confirm/",
        form + "&practitioner=%ED%B3%BF",
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code == 400
    assert Appointment.objects.count() == 0


@pytest.mark.parametrize(
    "query",
    [
        {"day": "yesterday"},
        {"day": "2020-01-01"},
        {"day": "2199-01-01"},
        {"day": "9999-12-31"},
        {"days": "400"},
        {"days": "9" * 30},
        {"place": "nowhere"},
        {"practitioner": "nobody"},
        {"first": "2026-02-30"},
    ],
)
def test_times_say_what_is_wrong_and_still_show_times(
    client, place, dermatologist, query
):
    answer = client.get(f"/book/{VARIANT}/", {"place": place.slug, **query})

    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert "Show times" in answer.content.decode()


def test_a_week_without_times_names_the_first_one(client, place, dermatologist):
    today = timezone.now().astimezone(place.tz).date()
    AvailableTime.objects.update(valid_from=today + timedelta(days=20))

    answer = client.get(f"/book/{VARIANT}/", {"place": place.slug})

    text = answer.content.decode()
    assert "The first free time is" in text
    assert f"first={today + timedelta(days=20)}" in text


def test_where_nothing_can_be_booked_the_page_says_so_and_asks_why(
    client, place, dermatologist
):
    AvailableTime.objects.all().delete()

    query = {"place": place.slug, "practitioner": dermatologist.slug}
    answer = client.get(f"/book/{VARIANT}/", query)

    text = answer.content.decode()
    assert f"Nothing can be booked here with {dermatologist.name}" in text
    assert f"/why/{VARIANT}/?place={place.slug}&amp;practitioner=" in text
    assert "Choose a day with times above" not in text


def test_an_unknown_treatment_is_404(client, place):
    assert client.get("/book/no_such_thing/").status_code == 404
    assert client.get("/why/no_such_thing/").status_code == 404


def test_nobody_but_the_desk_asks_for_somebody_else(own, place, dermatologist):
    other = factories.PatientFactory()
    form = sent(place, dermatologist, free(place, dermatologist))
    form["for"] = str(other.uid)

    assert own.get(f"/book/{VARIANT}/", {"for": other.uid}).status_code == 404
    assert own.post(f"/book/{VARIANT}/confirm/", form).status_code == 404
    assert other.appointments.count() == 0


def test_the_desk_books_for_a_patient_by_the_same_rules(client, place, dermatologist):
    somebody = factories.PatientFactory()
    client.force_login(factories.FrontDeskUserFactory())
    at = free(place, dermatologist)
    form = {**sent(place, dermatologist, at), "for": str(somebody.uid)}

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
        sent(place, dermatologist, free(place, dermatologist)),
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
    form = sent(place, therapist, at, areas=["lower_back:left", "neck"])

    shown = own.get("/book/dn_first/confirm/", sent(place, therapist, at))
    answer = own.post("/book/dn_first/confirm/", form)

    assert 'value="lower_back:left"' in shown.content.decode()
    assert answer.status_code == 302
    assert patient.appointments.get().areas == "lower_back:left,neck"


def test_why_answers_for_a_time_that_is_not_offered(client, place, dermatologist):
    at = free(place, dermatologist)
    query = sent(place, dermatologist, at + timedelta(minutes=5))

    answer = client.get(f"/why/{VARIANT}/", query)

    assert answer.status_code == 200
    assert "OFF_GRID" in answer.content.decode()


def test_why_says_so_when_nothing_stops_it(client, place, dermatologist):
    query = sent(place, dermatologist, free(place, dermatologist))

    answer = client.get(f"/why/{VARIANT}/", query)

    assert "Nothing here stops the booking" in answer.content.decode()


def test_why_shows_the_technical_reason_to_staff_only(client, place, dermatologist):
    AvailableTime.objects.all().delete()
    at = timezone.now() + timedelta(days=2)
    query = sent(place, dermatologist, at.replace(minute=0, second=0, microsecond=0))

    outside = client.get(f"/why/{VARIANT}/", query).content.decode()
    client.force_login(factories.FrontDeskUserFactory())
    inside = client.get(f"/why/{VARIANT}/", query).content.decode()

    assert "OUTSIDE_HOURS" in outside
    assert "For the desk" not in outside
    assert "For the desk" in inside


def test_why_refuses_a_time_that_clocks_skip(client):
    worlds.load_shipped()
    denver = worlds.place("US-UT", "America/Denver")
    who = worlds.somebody("dermatologist", denver, slug="dermatologist")
    query = {"place": denver.slug, "practitioner": who.slug}

    answer = client.get(
        f"/why/{VARIANT}/", {**query, "day": "2027-03-14", "time": "02:30"}
    )

    assert answer.status_code == 400
    assert "Clocks skip that time" in answer.content.decode()
