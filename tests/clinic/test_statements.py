"""Rows that are put in at one go are as their managers would have made them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from bookings import notices
from bookings.models import Appointment, Claim, Notice
from clinic import audit
from clinic.models import AuditEvent
from clinic.statements import KeyOf, insert
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


def new(appointment, **other):
    """Another one like it, an hour later, that is not in the database yet."""
    later = appointment.starts_at + timedelta(hours=1)
    fields = {
        field.attname: getattr(appointment, field.attname)
        for field in Appointment._meta.concrete_fields
        if field.name not in {"id", "uid", "submission"}
    }
    ends = later + timedelta(minutes=30)
    return Appointment(**fields | {"starts_at": later, "ends_at": ends} | other)


def test_rows_name_the_one_that_goes_in_before_them(appointment):
    made = new(appointment)
    insert(
        claim(made, practitioner=made.practitioner),
        claim(made, patient=made.patient),
        happened(made),
        notices.owed(Kind.BOOKED, made, NOW),
        happened(appointment),
        after=made,
    )

    found = Appointment.objects.get(uid=made.uid)
    assert made == found
    assert not made._state.adding
    assert model_to_dict(made) == model_to_dict(found)
    assert made.claims.count() == 2
    assert Notice.objects.get().appointment == found
    named = AuditEvent.objects.filter(verb="try").order_by("pk")
    assert [each.subject_id for each in named] == [str(found.pk), str(appointment.pk)]


def test_a_key_is_written_out_once_there_is_one(appointment):
    made = new(appointment)
    key = KeyOf(made)
    with pytest.raises(ValueError, match="no key"):
        str(key)
    insert(after=made)
    assert str(key) == str(made.pk)


@pytest.mark.django_db(transaction=True)
def test_what_goes_in_first_is_refused_with_all_that_names_it(appointment):
    made = new(appointment, uid=appointment.uid)

    with pytest.raises(IntegrityError, match="uid"), transaction.atomic():
        insert(claim(made, patient=made.patient), happened(made), after=made)

    assert made.pk is None
    assert not AuditEvent.objects.filter(verb="try").exists()
    insert(after=new(appointment))  # and the connection is as good as before
    assert Appointment.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_it_goes_with_what_names_it_where_that_is_refused(appointment):
    made = new(appointment)
    twice = [claim(made, patient=made.patient) for _ in range(2)]

    with pytest.raises(IntegrityError, match="no_overlap"), transaction.atomic():
        insert(*twice, happened(made), after=made)

    assert Appointment.objects.get() == appointment
    assert not AuditEvent.objects.filter(verb="try").exists()


def test_what_has_a_key_is_not_new(appointment):
    with pytest.raises(ValueError, match="no key"):
        insert(happened(appointment), after=appointment)


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
