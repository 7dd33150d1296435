"""Booking: look, lock, ask, write."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from bookings import notices, slots
from bookings.actions.locks import lock
from bookings.actions.opening import NotBookable, open_role, taken
from bookings.actions.supervised import check_counted_on, counted_on
from bookings.actions.written import claims_of, reasons
from bookings.models import Appointment, Claim, Notice, Status
from bookings.slots import Asked
from bookings.timeline import from_minute
from bookings.turnstile import in_line
from bookings.wanted import Wanted
from clinic import audit
from clinic.models import Patient, User
from treatments.areas import format_areas


class SubmissionReused(Exception):
    """The key of a form came again with another content, or from somebody else."""

    def __init__(self) -> None:
        super().__init__("This form was sent before. Please start again.")


def book(
    *,
    asked: Asked,
    at: datetime,
    by: User | None,
    now: datetime,
    submission: UUID | None = None,
) -> Appointment:
    """Book the patient in at `at`, with the practitioner asked for.

    The same `submission` again answers with the first appointment. Raises
    NotBookable with every finding, SubmissionReused, slots.NoSuchMoment, and
    slots.UnknownName where something was renamed since it was asked for.
    """
    if asked.practitioner is None or asked.patient is None:
        raise ValueError("A booking names a practitioner and a patient.")
    minute = slots.minute_asked(at)
    try:
        open_role(asked, minute, now)  # most of those who come too late leave here
        with in_line(), transaction.atomic(durable=True):
            over = counted_on(asked)
            lock(asked.practitioner.pk, *over, patient_id=asked.patient.pk)
            wanted = open_role(asked.afresh(), minute, now)
            check_counted_on(wanted, over)
            return _write(wanted, asked.patient, by, now, submission)
    except NotBookable:
        first = _submitted(asked, minute, by, submission)
        if first is None:
            raise
        return first
    except IntegrityError as refusal:
        first = _submitted(asked, minute, by, submission)
        if first is None:
            raise NotBookable(taken(refusal)) from refusal
        return first


def _submitted(
    asked: Asked, minute: int, by: User | None, submission: UUID | None
) -> Appointment | None:
    """What this form made before, if it did. Raises SubmissionReused."""
    if submission is None:
        return None
    first = Appointment.objects.filter(submission=submission).first()
    if first is None:
        return None
    theirs = by is None or first.booked_by_id == by.pk
    if theirs and _same(first, asked) and first.starts_at == from_minute(minute):
        return first
    raise SubmissionReused


def _same(first: Appointment, asked: Asked) -> bool:
    """Does the form ask for what it asked for before?"""
    return (
        asked.patient is not None
        and asked.practitioner is not None
        and first.patient_id == asked.patient.pk
        and first.practitioner_id == asked.practitioner.pk
        and first.variant_id == asked.variant.pk
        and first.place_id == asked.place.pk
        and first.areas == format_areas(asked.areas)
        and first.depth_mm == asked.depth_mm
    )


def _write(
    wanted: Wanted,
    patient: Patient,
    by: User | None,
    now: datetime,
    submission: UUID | None,
) -> Appointment:
    start = from_minute(wanted.first)
    variant = wanted.variant
    appointment = Appointment.objects.create(
        patient=patient,
        practitioner=wanted.practitioner,
        role=wanted.role,
        place=wanted.place,
        variant=variant,
        areas=format_areas(wanted.areas),
        depth_mm=wanted.depth_mm,
        starts_at=start,
        ends_at=from_minute(wanted.first + wanted.minutes),
        status=Status.BOOKED,
        label=variant.label,
        edition_id=variant.treatment.edition_id,
        price_usd=variant.price_usd,
        allowed_because=reasons(wanted, now),
        submission=submission,
        created_at=now,
        booked_by=by,
    )
    Claim.objects.bulk_create(claims_of(wanted, appointment))
    audit.record(
        by=by,
        verb="book",
        subject=appointment,
        now=now,
        patient=patient,
        starts_at=start,
        variant=variant.code,
    )
    notices.owe(Notice.Kind.BOOKED, appointment, now)
    return appointment
