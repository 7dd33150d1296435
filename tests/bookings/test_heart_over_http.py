"""The heart by the doors of the web: nothing that a browser sends gets round it."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from bookings.models import Appointment, Claim, Notice
from clinic.models import AuditEvent
from tests import factories, holding, worlds
from tests.worlds import MONDAY, MONDAY_10, NOW, course, licence, paper

pytestmark = pytest.mark.django_db

PT, AE = "physical_therapist", "aesthetician"


@pytest.fixture(autouse=True)
def _january():
    worlds.load_shipped()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(
    params=[(PT, "mn_face_05"), (AE, "dn_first")], ids=["pt", "aesthetician"]
)
def forbidden(request):
    """Somebody with every paper the other would need, the place, and the variant."""
    role, variant = request.param
    where = worlds.place("US-AZ", "America/Phoenix")
    hours = paper("mn_course", specific_hours=75), paper("device_training")
    who = worlds.somebody(role, where, licence(role, "US-AZ"), course(60), *hours)
    return who, where, variant


@pytest.fixture(params=["patient", "front desk"])
def signed_in(request, client):
    """Somebody at a browser, and the patient it is for."""
    patient = factories.PatientFactory()
    if request.param == "patient":
        client.force_login(patient.user)
        return client, patient, {}
    client.force_login(factories.FrontDeskUserFactory())
    return client, patient, {"for": str(patient.uid)}


def rows():
    return [model.objects.count() for model in (Appointment, Claim, AuditEvent, Notice)]


def test_a_forged_post_is_answered_with_the_reason_and_writes_nothing(
    forbidden, signed_in
):
    who, where, variant = forbidden
    client, _, whose = signed_in
    before = rows()

    answer = client.post(
        reverse("bookings:confirm" if whose else "bookings:hold", args=[variant]),
        {
            **holding.form(where, who, MONDAY_10),
            "practitioner": who.slug,
            "at": MONDAY_10.isoformat(),
            **whose,
        },
    )

    assert answer.status_code == 409
    assert who.roles.get().role.label in answer.content.decode()
    assert rows() == before


def test_the_page_of_times_lists_none(forbidden, client):
    who, where, variant = forbidden

    for given in ({}, {"practitioner": who.slug}):
        answer = client.get(
            reverse("bookings:times", args=[variant]),
            {"place": where.slug, "day": MONDAY.isoformat(), **given},
        )

        assert answer.status_code == 200
        assert reverse("bookings:hold", args=[variant]) not in answer.content.decode()


def test_the_page_of_times_lists_what_they_may_do(client):
    where = worlds.place("US-AZ", "America/Phoenix")
    worlds.somebody(PT, where, licence(PT, "US-AZ"), course(60))

    answer = client.get(
        reverse("bookings:times", args=["dn_first"]),
        {"place": where.slug, "day": MONDAY.isoformat()},
    )

    assert reverse("bookings:hold", args=["dn_first"]) in answer.content.decode()


def test_why_names_the_role(forbidden, client):
    who, where, variant = forbidden

    answer = client.get(
        reverse("bookings:why", args=[variant]),
        {
            "place": where.slug,
            "practitioner": who.slug,
            "at": (MONDAY_10 + timedelta(hours=1)).isoformat(),
        },
    )

    assert answer.status_code == 200
    assert who.roles.get().role.label in answer.content.decode()
