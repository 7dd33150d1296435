"""One's own appointments: seen by whom they concern, cancelled while they may be."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings.models import Status
from clinic.by_post import ONCE_MORE
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient(db):
    return factories.PatientFactory(user=factories.UserFactory())


@pytest.fixture
def own(client, patient):
    client.force_login(patient.user)
    return client


def booked(patient, days=3, **more):
    start = timezone.now().replace(second=0, microsecond=0) + timedelta(days=days)
    return factories.AppointmentFactory(patient=patient, starts_at=start, **more)


def test_a_patient_sees_what_is_to_come_and_what_has_been(own, patient):
    soon, gone = booked(patient), booked(patient, days=-3, status=Status.FULFILLED)

    text = own.get("/appointments/").content.decode()

    assert text.index(str(soon.uid)) < text.index(str(gone.uid))


def test_the_list_takes_the_same_statements_for_one_and_for_three(own, patient):
    counts = []
    for number in range(3):
        booked(patient, days=number + 2)
        booked(patient, days=-number - 2, status=Status.FULFILLED)
        with CaptureQueriesContext(connection) as queries:
            own.get("/appointments/")
        counts.append(len(queries))

    assert counts[0] == counts[2]


def test_a_strangers_appointment_is_404(own):
    other = booked(factories.PatientFactory())

    assert own.get(f"/appointments/{other.uid}/").status_code == 404
    assert own.post(f"/appointments/{other.uid}/cancel/").status_code == 404
    assert own.get(f"/appointments/{uuid4()}/").status_code == 404
    other.refresh_from_db()
    assert other.status == Status.BOOKED


def test_a_patient_never_reads_the_practitioners_papers(own, patient):
    papers = [{"kind": "state_licence", "number": "SECRET-77"}]
    appointment = booked(patient, allowed_because={"papers": papers, "rule": {}})

    text = own.get(f"/appointments/{appointment.uid}/").content.decode()

    assert "Why this booking was allowed" not in text
    assert "SECRET-77" not in text


def test_a_patient_cancels_and_the_time_is_free(own, patient):
    appointment = booked(patient)

    answer = own.post(f"/appointments/{appointment.uid}/cancel/", {"reason": "away"})

    appointment.refresh_from_db()
    assert answer.status_code == 302
    assert appointment.status == Status.CANCELLED
    assert appointment.cancelled_by == patient.user
    assert appointment.claims.count() == 0


def test_a_patient_cannot_cancel_what_has_begun(own, patient):
    appointment = booked(patient, days=0)

    answer = own.post(f"/appointments/{appointment.uid}/cancel/")

    appointment.refresh_from_db()
    assert answer.status_code == 409
    assert "call us" in answer.content.decode()
    assert appointment.status == Status.BOOKED


def test_a_practitioner_sees_their_own_and_cannot_cancel_it(client, patient):
    practitioner = factories.PractitionerFactory(user=factories.UserFactory())
    appointment = booked(patient, practitioner=practitioner)
    other = booked(patient, days=5)
    client.force_login(practitioner.user)

    assert client.get(f"/appointments/{appointment.uid}/").status_code == 200
    assert client.post(f"/appointments/{appointment.uid}/cancel/").status_code == 409
    assert client.get(f"/appointments/{other.uid}/").status_code == 404


def test_cancelling_is_never_done_by_get(own, patient):
    appointment = booked(patient)

    page = own.get(f"/appointments/{appointment.uid}/cancel/", follow=True)

    assert page.redirect_chain == [(appointment.get_absolute_url(), 302)]
    assert ONCE_MORE in page.content.decode()
    appointment.refresh_from_db()
    assert appointment.status == Status.BOOKED


def on_an_edition(patient, days, text):
    """An appointment, booked on an edition that says `text` of the days before."""
    appointment = booked(patient, days=days)
    treatment = appointment.variant.treatment
    edition = factories.EditionFactory(
        treatment=treatment, state="published", number=3, published_at=timezone.now()
    )
    field = factories.CatalogueFieldFactory(code="preparation", label="Before you come")
    factories.EditionTextFactory(edition=edition, field=field, text=text)
    appointment.edition = edition
    appointment.save()
    return appointment


def test_what_to_do_before_stands_on_the_page_as_it_was_at_booking(own, patient):
    appointment = on_an_edition(patient, 3, "Come without make-up.")
    version = f"/treatments/{appointment.variant.treatment.code}/versions/3/"

    html = own.get(appointment.get_absolute_url()).content.decode()

    assert "Before you come</h2>" in html
    assert "Come without make-up." in html
    assert f'href="{version}"' in html


def test_what_was_to_do_before_is_not_told_afterwards(own, patient):
    appointment = on_an_edition(patient, -3, "Come without make-up.")

    html = own.get(appointment.get_absolute_url()).content.decode()

    assert "Come without make-up." not in html
    assert "As it was described when this was booked" in html
