"""What becomes of an appointment: it is cancelled, or somebody comes, or not."""

from datetime import datetime

from django.db import transaction

from bookings import notices
from bookings.models import Appointment, Notice, Status
from bookings.models.appointments import OCCUPYING
from bookings.turnstile import in_line
from clinic import audit
from clinic.models import User


class NotPossible(Exception):
    """The appointment cannot become that now. Its text is a sentence for a person."""


def cancel(
    *, appointment: Appointment, by: User | None, now: datetime, reason: str = ""
) -> Appointment:
    """Cancel and free the time. Raises NotPossible."""
    return _move(appointment, Status.CANCELLED, by=by, now=now, reason=reason)


def arrive(*, appointment: Appointment, by: User | None, now: datetime) -> Appointment:
    """The patient is here. Raises NotPossible, also on another day than the day."""
    zone = appointment.place.tz
    if now.astimezone(zone).date() != appointment.starts_at.astimezone(zone).date():
        raise NotPossible("Only today's appointments can be marked as arrived.")
    return _move(appointment, Status.ARRIVED, by=by, now=now)


def fulfil(*, appointment: Appointment, by: User | None, now: datetime) -> Appointment:
    """The treatment took place. Raises NotPossible."""
    if now < appointment.starts_at:
        raise NotPossible("This appointment has not begun yet.")
    return _move(appointment, Status.FULFILLED, by=by, now=now)


def mark_noshow(
    *, appointment: Appointment, by: User | None, now: datetime
) -> Appointment:
    """The patient did not come; the time is free. Raises NotPossible."""
    if now < appointment.starts_at:
        raise NotPossible(
            "This appointment has not begun yet, so wait for the patient."
        )
    return _move(appointment, Status.NOSHOW, by=by, now=now)


def _move(
    appointment: Appointment,
    status: Status,
    *,
    by: User | None,
    now: datetime,
    reason: str = "",
) -> Appointment:
    with in_line(), transaction.atomic():
        # Read again under a lock: somebody else may have moved it meanwhile.
        locked = (
            Appointment.objects.select_for_update(of=("self",), no_key=True)
            .with_people()
            .get(pk=appointment.pk)
        )
        if not locked.may_become(status):
            raise NotPossible(_cannot(locked, status))
        was, locked.status = locked.status, status
        changed = ["status"]
        if status == Status.CANCELLED:
            locked.cancelled_at, locked.cancelled_by = now, by
            locked.cancel_reason = reason[:200]
            changed += ["cancelled_at", "cancelled_by", "cancel_reason"]
            notices.owe(Notice.Kind.CANCELLED, locked, now)
        locked.save(update_fields=changed)
        if status not in OCCUPYING:
            locked.claims.all().delete()
        audit.record(
            by=by,
            verb=str(status),
            subject=locked,
            now=now,
            patient=locked.patient,
            was=str(was),
        )
    return locked


def _cannot(appointment: Appointment, status: Status) -> str:
    now = appointment.get_status_display().lower()
    return f"This appointment is “{now}” and cannot become “{status.label.lower()}”."
