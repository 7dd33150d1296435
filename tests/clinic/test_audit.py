"""What was done is written down as plain codes, times and numbers."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from clinic import audit
from clinic.models import AuditEvent
from tests.factories import PatientFactory, UserFactory

NOW = datetime(2026, 1, 5, 16, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def test_record_says_who_did_what_to_what_and_when():
    user, patient = UserFactory(), PatientFactory()

    audit.record(by=user, verb="looked at", subject=patient, now=NOW, patient=patient)

    event = AuditEvent.objects.get()
    assert (event.at, event.by, event.verb) == (NOW, user, "looked at")
    assert (event.subject_kind, event.subject_id) == ("clinic.patient", str(patient.pk))
    assert event.patient == patient


def test_record_writes_every_kind_of_detail_as_text():
    patient = PatientFactory()

    audit.record(
        by=None,
        verb="changed",
        subject=patient,
        now=NOW,
        day=date(2026, 3, 31),
        depth=Decimal("1.50"),
        uid=patient.uid,
        rows=[patient],
        before={"until": None},
    )

    assert AuditEvent.objects.get().detail == {
        "day": "2026-03-31",
        "depth": "1.50",
        "uid": str(patient.uid),
        "rows": [str(patient.pk)],
        "before": {"until": None},
    }
