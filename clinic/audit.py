"""The only maker of AuditEvent: every action says here what it did."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models

from clinic.models import AuditEvent, Patient, User
from clinic.statements import KeyOf


def record(
    *,
    by: User | None,
    verb: str,
    subject: models.Model,
    now: datetime,
    patient: Patient | None = None,
    **detail: Any,
) -> AuditEvent:
    """Write down that `by` (nobody: a command) did `verb` to `subject`.

    `detail` holds codes, times and counts, and why a draft of the catalogue was sent
    back; never anything about somebody's health.
    """
    written = event(
        by=by, verb=verb, subject=subject, now=now, patient=patient, **detail
    )
    written.save()
    return written


def event(
    *,
    by: User | None,
    verb: str,
    subject: models.Model,
    now: datetime,
    patient: Patient | None = None,
    **detail: Any,
) -> AuditEvent:
    """Give what `record` would write, for whoever inserts it with other rows.

    The subject may be one of them, and have no key yet.
    """
    key: Any = KeyOf(subject) if subject.pk is None else str(subject.pk)
    return AuditEvent(
        at=now,
        by=by,
        verb=verb,
        subject_kind=subject._meta.label_lower,
        subject_id=key,
        patient=patient,
        detail={name: plain(value) for name, value in detail.items()},
    )


def record_each(
    *,
    by: User | None,
    verb: str,
    subjects: Iterable[models.Model],
    now: datetime,
    **detail: Any,
) -> None:
    """Write down the same of many rows, in one statement."""
    AuditEvent.objects.bulk_create(
        event(by=by, verb=verb, subject=subject, now=now, **detail)
        for subject in subjects
    )


def plain(value: Any) -> Any:
    """Give `value` as JSON can hold it."""
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return value
