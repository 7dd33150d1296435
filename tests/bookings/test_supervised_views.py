"""What pages say of supervision and orders: to staff all of it, to patients what to do."""

import pytest
from django.utils import timezone

from bookings import actions
from clinic.models import Practitioner
from tests import factories, worlds
from tests.worlds import MONDAY_10, NOW, licence, paper

pytestmark = pytest.mark.django_db
NURSE, MD = "registered_nurse", "dermatologist"
DEVICE = paper("device_training")


@pytest.fixture
def made():
    """An appointment that rests on an agreement and an order."""
    worlds.load_shipped()
    where = worlds.place()
    nurse = worlds.somebody(NURSE, where, licence(NURSE, "US-UT"), DEVICE)
    doctor = worlds.somebody(MD, where, licence(MD, "US-UT"), DEVICE, slug="zdoctor")
    factories.SupervisionAgreementFactory(practitioner=nurse, supervisors=[doctor])
    order = factories.OrderFactory()
    asked = worlds.asked("mn_face_05", where, nurse, patient=order.patient)
    return actions.book(asked=asked, at=MONDAY_10, by=None, now=NOW)


def test_the_desk_sees_on_what_it_rested_and_the_patient_does_not(client, made):
    page = f"/appointments/{made.uid}/"
    doctor = f"Under {Practitioner.objects.get(slug='zdoctor').name}"

    client.force_login(factories.FrontDeskUserFactory())
    text = client.get(page).content.decode()
    assert doctor in text
    assert "Dr. Elsewhere" in text

    client.force_login(made.patient.user)
    text = client.get(page).content.decode()
    assert doctor not in text
    assert "Dr. Elsewhere" not in text


def test_whoever_is_not_known_is_told_to_book_a_consultation(client, made):
    question = {
        "place": made.place.slug,
        "practitioner": made.practitioner.slug,
        "at": timezone.now().replace(minute=0, second=0, microsecond=0).isoformat(),
    }

    text = client.get("/why/mn_face_05/", question).content.decode()

    assert "Book a consultation first" in text
