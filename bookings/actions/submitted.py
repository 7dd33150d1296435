"""A form that comes again is answered with what it made the first time."""

from datetime import datetime
from uuid import UUID

from bookings.models import Appointment
from bookings.question import Asked
from bookings.timeline import from_minute
from clinic.models import User
from treatments.areas import format_areas


class SubmissionReused(Exception):
    """The key of a form came again with another content, or from somebody else."""

    def __init__(self) -> None:
        super().__init__("This form was sent before. Please start again.")


def submitted(
    asked: Asked, minute: int, by: User | None, submission: UUID | None
) -> Appointment | None:
    """What this form made before, if it did. Raises SubmissionReused."""
    if submission is None:
        return None
    first = Appointment.objects.filter(submission=submission).first()
    if first is not None:
        check_same(first, asked, from_minute(minute), by)
    return first


def check_same(first: Appointment, asked: Asked, at: datetime, by: User | None) -> None:
    """Does the form ask for what it asked for before? Raises SubmissionReused."""
    theirs = by is None or first.booked_by_id == by.pk
    if not (theirs and first.starts_at == at and _same(first, asked)):
        raise SubmissionReused


def _same(first: Appointment, asked: Asked) -> bool:
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
