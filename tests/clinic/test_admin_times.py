"""Times in the back office: by the clock of their place, else marked as UTC."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from clinic import access, audit
from tests import factories

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 21, 20, 15, tzinfo=UTC)
THERE = "Dec 21, 2026, 1:15 PM MST"


@pytest.fixture
def office(client):
    client.force_login(
        factories.UserFactory(groups=[access.CLINIC_ADMIN], is_staff=True)
    )
    return client


def page(client, name, *args):
    return client.get(reverse(f"admin:{name}", args=args)).content.decode()


def test_appointment_is_told_by_the_clock_of_its_place(office):
    made = factories.AppointmentFactory(
        starts_at=AT, ends_at=AT + timedelta(minutes=45), claims=False
    )

    for html in (
        page(office, "bookings_appointment_changelist"),
        page(office, "bookings_appointment_change", made.pk),
    ):
        assert THERE in html
        assert "8:15 p.m." not in html


def test_override_and_fee_are_told_by_the_clock_of_their_appointment(office):
    made = factories.AppointmentFactory(claims=False)
    made.overrides.create(
        code="OUTSIDE_HOURS",
        subject="a",
        severity="policy",
        message="No.",
        reason="So.",
        by=factories.UserFactory(),
        at=AT,
        starts_at=AT,
    )
    factories.FeeFactory(appointment=made, charged_at=AT)

    assert THERE in page(office, "bookings_override_changelist")
    assert THERE in page(office, "bookings_fee_changelist")


def test_what_has_no_place_says_that_it_is_utc(office):
    audit.record(
        by=None, verb="did", subject=factories.LocationFactory(equipment=False), now=AT
    )

    assert "Dec 21, 2026, 8:15 PM UTC" in page(office, "clinic_auditevent_changelist")


def test_appointment_shows_no_raw_reasons_and_leads_to_its_page(office):
    made = factories.AppointmentFactory(
        allowed_because={"role": "physical_therapist"}, claims=False
    )

    html = page(office, "bookings_appointment_change", made.pk)

    assert "physical_therapist" not in html
    assert "Submission" not in html
    assert f'href="{made.get_absolute_url()}"' in html
