"""Signing up, being sent to the right page, and one's own details."""

from datetime import date

import pytest

from clinic import access
from clinic.models import AuditEvent, Patient, User
from tests.factories import (
    FrontDeskUserFactory,
    PatientFactory,
    PractitionerFactory,
    UserFactory,
)

NEW = {
    "email": "Ada@Example.com",
    "password1": "needle in a haystack",
    "given_name": "Ada",
    "family_name": "Byron",
    "birth_date": "1985-12-10",
    "phone": "801 555 0100",
}

pytestmark = pytest.mark.django_db


def test_sign_up_makes_a_patient(client):
    answer = client.post("/accounts/signup/", NEW)

    assert answer.status_code == 302
    patient = Patient.objects.get()
    assert patient.user == User.objects.get(email="ada@example.com")
    assert (patient.name, patient.birth_date) == ("Ada Byron", date(1985, 12, 10))
    assert (patient.email, patient.phone_digits) == ("", "8015550100")
    assert patient.contact_email == "ada@example.com"
    assert [group.name for group in patient.user.groups.all()] == [access.PATIENT]
    assert AuditEvent.objects.get().by == patient.user


def test_sign_up_never_takes_over_a_record_of_the_desk(client):
    known = PatientFactory(
        user=None,
        given_name="Ada",
        family_name="Byron",
        email="ada@example.com",
        birth_date=date(1985, 12, 10),
    )

    client.post("/accounts/signup/", NEW)

    known.refresh_from_db()
    assert known.user is None
    assert Patient.objects.exclude(pk=known.pk).get().user.email == "ada@example.com"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("given_name", " "),
        ("family_name", "x" * 81),
        ("given_name", "Ada\nBcc: x"),
        ("birth_date", "2999-01-01"),
        ("birth_date", "1850-01-01"),
        ("birth_date", "2026-02-30"),
        ("birth_date", ""),
        ("phone", "call me"),
        ("phone", "1" * 30),
        ("email", "nobody"),
        ("password1", "12345678"),
    ],
)
def test_sign_up_says_what_to_mend_and_makes_nobody(client, field, value):
    answer = client.post("/accounts/signup/", {**NEW, field: value})

    assert field in answer.context["form"].errors
    assert not User.objects.exists()
    assert not Patient.objects.exists()
    assert 'value="Ada@Example.com"' in answer.content.decode() or field == "email"


def test_sign_up_with_a_known_address_says_nothing_and_makes_nobody(client):
    UserFactory(email="ada@example.com")

    answer = client.post("/accounts/signup/", NEW)

    assert answer.status_code == 302
    assert not Patient.objects.exists()


@pytest.mark.parametrize(
    ("make", "url"),
    [
        (lambda: PatientFactory().user, "/appointments/"),
        (lambda: PractitionerFactory(user=UserFactory()).user, "/schedule/"),
        (FrontDeskUserFactory, "/desk/"),
        (lambda: UserFactory(groups=[access.CLINIC_ADMIN], is_staff=True), "/admin/"),
        (lambda: UserFactory(groups=[access.CLINIC_ADMIN]), "/desk/"),
        (UserFactory, "/me/"),
    ],
    ids=["patient", "practitioner", "desk", "admin", "admin without staff", "nobody"],
)
def test_welcome_sends_everybody_to_their_page(client, make, url):
    client.force_login(make())

    answer = client.get("/welcome/")

    assert (answer.status_code, answer.url) == (302, url)


@pytest.mark.parametrize("path", ["/welcome/", "/me/"])
def test_strangers_sign_in_first(client, path):
    assert client.get(path).url == f"/accounts/login/?next={path}"


def test_patient_corrects_their_details(client):
    patient = PatientFactory()
    client.force_login(patient.user)

    answer = client.post(
        "/me/", {"given_name": "Pat", "family_name": "New", "phone": "602 555 0199"}
    )

    assert (answer.status_code, answer.url) == (302, "/me/")
    patient.refresh_from_db()
    assert (patient.family_name, patient.phone_digits) == ("New", "6025550199")


def test_birth_date_is_asked_for_only_while_there_is_none(client):
    patient = PatientFactory(birth_date=None)
    client.force_login(patient.user)
    names = {"given_name": "Pat", "family_name": "Doe"}
    assert 'name="birth_date"' in client.get("/me/").content.decode()

    client.post("/me/", {**names, "birth_date": "1990-04-12"})
    client.post("/me/", {**names, "birth_date": "1991-04-12"})

    patient.refresh_from_db()
    assert patient.birth_date == date(1990, 4, 12)
    page = client.get("/me/").content.decode()
    assert 'name="birth_date"' not in page
    assert "April 12, 1990" in page


@pytest.mark.parametrize(
    "wrong",
    [{"given_name": ""}, {"phone": "no"}, {"birth_date": "2999-01-01"}],
)
def test_wrong_details_are_kept_on_the_page_and_not_written(client, wrong):
    patient = PatientFactory(birth_date=None)
    client.force_login(patient.user)

    answer = client.post(
        "/me/", {"given_name": "Pat", "family_name": "Typed", "phone": "", **wrong}
    )

    assert answer.status_code == 422
    assert 'value="Typed"' in answer.content.decode()
    assert next(iter(wrong)) in answer.context["form"].errors
    patient.refresh_from_db()
    assert patient.family_name != "Typed"


def test_whoever_is_no_patient_is_told_so(client):
    client.force_login(FrontDeskUserFactory())

    answer = client.get("/me/")

    assert answer.status_code == 403
    assert "This page is for patients" in answer.content.decode()
    assert 'href="/desk/patients/"' in answer.content.decode()


def test_own_details_cost_few_queries(client, django_assert_max_num_queries):
    client.force_login(PatientFactory().user)

    with django_assert_max_num_queries(4):
        client.get("/me/")
