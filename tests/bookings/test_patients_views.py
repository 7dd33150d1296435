"""The front desk finds, registers and corrects patients."""

import re
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from clinic import access
from clinic.models import AuditEvent, Patient
from tests.factories import (
    AppointmentFactory,
    FrontDeskUserFactory,
    PatientFactory,
    PractitionerFactory,
    TreatmentVariantFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

MONDAY_10 = datetime(2026, 2, 2, 17, tzinfo=UTC)
FIND = reverse("bookings:patients")
NEW = reverse("bookings:patient_new")
JO = {
    "given_name": "Jo",
    "family_name": "Marsh",
    "birth_date": "1980-02-03",
    "phone": "+1 385 555 0142",
    "email": "jo@example.com",
}
APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
QUERIES = 6  # session, user, patient, upcoming, past, rulebook


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MONDAY_10, tick=False):
        yield


@pytest.fixture
def desk(client):
    """The front desk, signed in."""
    client.force_login(FrontDeskUserFactory())
    return client


@pytest.fixture
def jo():
    """Jo Marsh, whom the desk registered."""
    return PatientFactory(
        user=None,
        given_name="Jo",
        family_name="Marsh",
        birth_date=date(1980, 2, 3),
        phone="(385) 555-0142",
        phone_digits="3855550142",
    )


def find(desk, words):
    """What the desk sees after it pressed Find."""
    return desk.post(FIND, {"words": words}, follow=True)


def found(response):
    return [patient.name for patient in response.context["found"]]


@pytest.mark.parametrize(
    "words",
    [
        "marsh",
        "MARSH jo",
        "jo mar",
        "1980-02-03",
        "02/03/1980",
        "2/3/1980",
        "marsh 02/03/1980",
        "3855550142",
        "385 555 0142",
        "(385) 555-0142",
        "+1 385 555 0142",
        "555-0142",
        "0142",
    ],
)
def test_patients_are_found_by_name_birth_date_or_phone(desk, jo, words):
    PatientFactory(given_name="Ana", family_name="Ruiz", birth_date=date(1980, 3, 2))

    assert found(find(desk, words)) == ["Jo Marsh"]


@pytest.mark.parametrize(
    "words",
    ["marsh ruiz", "1980-03-02", "marsh 1981-02-03", "999999", "%", "__", "02/30/1980"],
)
def test_who_does_not_fit_is_not_found(desk, jo, words):
    response = find(desk, words)

    assert response.context.get("found", []) == []


@pytest.mark.parametrize(
    "words",
    [
        "álvaro",
        "ALVARO",
        "Núñez, Álvaro",
        "nunez",
        "o'brien",
        f"O{APOSTROPHE}BRIEN",
        "02-03-1980",
    ],
)
def test_names_are_found_however_they_are_written(desk, words):
    desk.post(
        NEW,
        {
            "given_name": "Álvaro",
            "family_name": f"Ñúñez O{APOSTROPHE}Brien",
            "birth_date": "1980-02-03",
        },
    )

    assert found(find(desk, words)) == [f"Álvaro Ñúñez O{APOSTROPHE}Brien"]


def test_who_is_on_file_with_other_marks_is_shown_first(desk):
    PatientFactory(given_name="Álvaro", family_name="Peña", birth_date=date(1980, 2, 3))

    answer = desk.post(NEW, JO | {"given_name": "alvaro", "family_name": "PENA"})

    assert answer.status_code == 409
    assert [patient.name for patient in answer.context["alike"]] == ["Álvaro Peña"]


def test_words_stay_out_of_addresses(desk, jo):
    response = find(desk, "marsh")

    html = response.content.decode()
    assert response.status_code == 200
    assert 'method="post"' in html
    assert not re.search(r'href="[^"]*marsh', html, re.IGNORECASE)
    assert found(response) == ["Jo Marsh"]
    assert response.redirect_chain == [(f"{FIND}?found", 302)]
    assert "found" not in desk.get(FIND, {"words": "marsh"}).context


def test_who_comes_back_finds_the_list_again(desk, jo):
    found_at, _ = find(desk, "marsh").redirect_chain[-1]
    desk.get(f"/desk/patients/{jo.uid}/")

    assert found(desk.get(found_at)) == ["Jo Marsh"]
    assert "found" not in desk.get(FIND).context
    desk.logout()
    assert "marsh" not in desk.get(found_at, follow=True).text.lower()


def test_no_more_than_fifty_are_listed(desk):
    PatientFactory.create_batch(51, user=None, family_name="Marsh")

    response = find(desk, "marsh")

    assert len(found(response)) == 50
    assert "There are more" in response.content.decode()


@pytest.mark.parametrize("words", ["", " ", "x", "x" * 101, "a\nb", "--", "( )"])
def test_words_that_are_none_are_refused(desk, jo, words):
    response = desk.post(FIND, {"words": words})

    assert response.status_code == 422
    assert "found" not in response.context


def test_register(desk):
    response = desk.post(NEW, JO)

    patient = Patient.objects.get()
    assert response.url == f"/desk/patients/{patient.uid}/"
    assert (patient.name, patient.birth_date) == ("Jo Marsh", date(1980, 2, 3))
    assert (patient.phone_digits, patient.user) == ("13855550142", None)
    assert AuditEvent.objects.get().verb == "registered patient"


def test_register_without_an_email_address(desk):
    desk.post(NEW, JO | {"email": "", "birth_date": "02/03/1980"})

    assert Patient.objects.get().email == ""
    assert Patient.objects.get().birth_date == date(1980, 2, 3)


def test_somebody_alike_is_shown_before_anything_is_saved(desk, jo):
    response = desk.post(NEW, JO | {"given_name": "JO"})

    html = response.content.decode()
    assert response.status_code == 409
    assert f"/desk/patients/{jo.uid}/" in html
    assert 'value="+1 385 555 0142"' in html
    assert Patient.objects.count() == 1

    desk.post(NEW, JO | {"anyway": "yes"})

    assert Patient.objects.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"given_name": ""},
        {"given_name": "x" * 81},
        {"family_name": "two\nlines"},
        {"birth_date": "tomorrow"},
        {"birth_date": "0001-01-01"},
        {"birth_date": "2026-02-03"},
        {"birth_date": "9" * 30},
        {"birth_date": "9999-12-31"},
        {"phone": "12"},
        {"phone": "9" * 41},
        {"email": "nobody"},
    ],
    ids=str,
)
def test_register_keeps_what_was_typed_and_saves_nothing(desk, wrong):
    response = desk.post(NEW, JO | wrong)

    (name,) = wrong
    kept = next(key for key in JO if key != name)
    html = response.content.decode()
    assert response.status_code == 422
    assert f'value="{JO[kept]}"' in html
    assert "Please check what you entered" in html
    assert Patient.objects.count() == 0


@pytest.mark.parametrize("name", ["given_name", "phone", "email"])
def test_characters_that_cannot_be_stored_are_refused(desk, name):
    assert desk.post(NEW, JO | {name: "a\0b"}).status_code == 400
    assert Patient.objects.count() == 0


def test_patient_shows_what_is_to_come_and_what_was(desk, jo):
    future = AppointmentFactory(patient=jo, starts_at=MONDAY_10 + timedelta(days=1))
    past = AppointmentFactory(patient=jo, starts_at=MONDAY_10 - timedelta(days=1))
    off = AppointmentFactory(
        patient=jo, starts_at=MONDAY_10 + timedelta(days=2), status="cancelled"
    )
    AppointmentFactory(starts_at=MONDAY_10 + timedelta(days=3))

    context = desk.get(reverse("bookings:patient", args=[jo.uid])).context

    assert [line.appointment for line in context["upcoming"]] == [future]
    assert [line.appointment for line in context["past"]] == [off, past]


def test_patient_can_be_booked_for_what_is_offered(desk, jo):
    TreatmentVariantFactory(code="dn_any")
    TreatmentVariantFactory(code="dn_gone", is_offered=False)

    html = desk.get(reverse("bookings:patient", args=[jo.uid])).content.decode()

    assert f'href="/book/dn_any/?for={jo.uid}"' in html
    assert "dn_gone" not in html


def test_the_desk_corrects_a_birth_date(desk, jo):
    address = reverse("bookings:patient_edit", args=[jo.uid])
    sent = {name: JO[name] for name in ("given_name", "family_name", "phone")}

    response = desk.post(address, sent | {"birth_date": "1981-02-03"})

    jo.refresh_from_db()
    assert response.status_code == 302
    assert jo.birth_date == date(1981, 2, 3)
    assert AuditEvent.objects.get().verb == "changed patient"

    assert desk.post(address, sent | {"birth_date": "2030-01-01"}).status_code == 422
    jo.refresh_from_db()
    assert jo.birth_date == date(1981, 2, 3)


def test_the_desk_changes_where_we_write_and_not_the_sign_in(desk, jo):
    jo.user = UserFactory(email="jo.signs.in@example.com", groups=[access.PATIENT])
    jo.email = ""
    jo.save()
    address = reverse("bookings:patient_edit", args=[jo.uid])

    page = desk.get(address).content.decode()
    desk.post(address, JO | {"email": "jo.new@example.com"})

    jo.refresh_from_db()
    assert "jo.signs.in@example.com" in page
    assert jo.email == jo.contact_email == "jo.new@example.com"
    assert jo.user.email == "jo.signs.in@example.com"
    mine = desk.get(reverse("bookings:patient", args=[jo.uid])).content.decode()
    assert "jo.new@example.com" in mine
    desk.force_login(jo.user)
    assert "jo.new@example.com" in desk.get("/me/").content.decode()


@pytest.mark.parametrize("name", ["patient", "patient_edit"])
def test_a_patient_who_is_none_is_not_found(desk, name):
    address = reverse(f"bookings:{name}", args=[uuid.uuid4()])

    assert desk.get(address).status_code == 404
    assert desk.get("/desk/patients/not-a-uuid/").status_code == 404


def test_patients_are_for_the_desk(client, jo):
    mine = reverse("bookings:patient", args=[jo.uid])
    edit = reverse("bookings:patient_edit", args=[jo.uid])
    jo.user = UserFactory(groups=[access.PATIENT])
    jo.save()
    practitioner = PractitionerFactory(user=UserFactory()).user
    for address in (FIND, NEW, mine, edit):
        client.logout()
        assert client.get(address).url == f"/accounts/login/?next={address}"
        for somebody, status in (
            (jo.user, 403),
            (practitioner, 403),
            (FrontDeskUserFactory(), 200),
            (UserFactory(groups=[access.CLINIC_ADMIN]), 200),
        ):
            client.force_login(somebody)
            assert client.get(address).status_code == status


def test_three_appointments_cost_as_many_queries_as_one(
    desk, jo, django_assert_num_queries
):
    address = reverse("bookings:patient", args=[jo.uid])
    AppointmentFactory(patient=jo)
    AppointmentFactory(patient=jo, starts_at=MONDAY_10 - timedelta(days=1))
    desk.get(address)
    with django_assert_num_queries(QUERIES):
        desk.get(address)
    for days in (-3, -2, 2, 3):
        AppointmentFactory(patient=jo, starts_at=MONDAY_10 + timedelta(days=days))
    desk.get(address)  # the rulebook changed

    with django_assert_num_queries(QUERIES):
        desk.get(address)


def test_three_found_cost_as_many_queries_as_one(
    desk, jo, django_assert_max_num_queries
):
    find(desk, "marsh")

    with django_assert_max_num_queries(4):
        desk.get(f"{FIND}?found")
    PatientFactory.create_batch(2, user=None, family_name="Marsh")

    with django_assert_max_num_queries(4):
        desk.get(f"{FIND}?found")
