"""Rows that are put in at one go are as their managers would have made them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from bookings import notices
from bookings.models import Claim, Notice
from clinic import audit
from clinic.models import AuditEvent
from clinic.statements import insert
from tests import factories
from tests.worlds import NOW

Kind = Notice.Kind


@pytest.fixture
def appointment(db):
    return factories.AppointmentFactory()


def happened(appointment, **detail):
    return audit.event(
        by=appointment.booked_by,
        verb="try",
        subject=appointment,
        now=NOW,
        patient=appointment.patient,
        **detail,
    )


def claim(appointment, **owner):
    return Claim(
        appointment=appointment,
        starts_at=NOW,
        ends_at=NOW + timedelta(minutes=30),
        **owner,
    )


def without_key(row):
    return {name: value for name, value in model_to_dict(row).items() if name != "id"}


def test_rows_are_as_their_managers_make_them(appointment):
    rows = [
        happened(appointment, starts_at=NOW, who=["ä", "'", "%s"]),
        notices.owed(Kind.BOOKED, appointment, NOW),
    ]
    insert(*rows)
    inserted = [without_key(type(row).objects.get()) for row in rows]
    for row in rows:
        type(row).objects.all().delete()
        row.save()

    assert inserted == [without_key(type(row).objects.get()) for row in rows]
    assert inserted[0]["detail"]["who"] == ["ä", "'", "%s"]


def test_those_of_one_model_are_one_statement(appointment):
    with CaptureQueriesContext(connection) as asked:
        insert(
            claim(appointment, practitioner=appointment.practitioner),
            claim(appointment, patient=appointment.patient),
            happened(appointment),
        )
    inserts = [each["sql"] for each in asked if each["sql"].startswith("INSERT")]
    assert [sql.split('"')[1] for sql in inserts] == [
        Claim._meta.db_table,
        AuditEvent._meta.db_table,
    ]
    whose = Claim.objects.filter(starts_at=NOW).values_list("practitioner", "patient")
    assert set(whose) == {
        (appointment.practitioner_id, None),
        (None, appointment.patient_id),
    }


@pytest.mark.django_db(transaction=True)
def test_the_first_refusal_is_what_is_raised_and_nothing_stays(appointment):
    twice = [claim(appointment, patient=appointment.patient) for _ in range(2)]

    with (
        pytest.raises(IntegrityError, match="bookings_claim_no_overlap_patient"),
        transaction.atomic(),
    ):
        insert(happened(appointment), *twice, happened(appointment))

    assert not AuditEvent.objects.filter(verb="try").exists()
    assert not Claim.objects.filter(starts_at=NOW).exists()
    insert(happened(appointment))  # and the connection is as good as before
    assert AuditEvent.objects.filter(verb="try").exists()
