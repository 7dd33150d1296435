"""What becomes of an appointment: it is cancelled, or somebody comes, or not."""

from datetime import datetime
from typing import Any

from django.db import transaction

from bookings import notices
from bookings.actions import fees
from bookings.actions.become import NotPossible, check_may_become, locked
from bookings.actions.cut_off import check_in_time, cut_off, is_own_doing
from bookings.breaks import resolve_of
from bookings.models import Appointment, AtRisk, Cause, Fee, Notice, Status
from bookings.models.appointments import EXPECTED, OCCUPYING
from bookings.turnstile import in_line
from clinic import audit
from clinic.models import User

LONGEST_REASON = 200


def cancel(
    *,
    appointment: Appointment,
    by: User | None,
    now: datetime,
    reason: str = "",
    caused_by: Cause = Cause.CLINIC,
) -> Appointment:
    """Cancel and free the time.

    A patient cancels before the cut-off only, and it is the patient's doing; whoever
    else cancels says whose doing it is. After the cut-off the patient's doing costs
    the late fee of the policy it was booked under. Sent twice by the same person, it is
    cancelled once. Raises NotPossible.
    """
    with in_line(), transaction.atomic():
        found = locked(appointment)
        if found.status == Status.CANCELLED and by and found.cancelled_by_id == by.pk:
            return found
        check_may_become(found, Status.CANCELLED)
        if found.status == Status.PENDING:
            raise NotPossible("This time is only on hold. Let it go instead.")
        check_in_time(found, by, now)
        if is_own_doing(found, by):
            caused_by = Cause.PATIENT
        late = found.status in EXPECTED and now >= cut_off(found)
        _become(
            found,
            Status.CANCELLED,
            by=by,
            now=now,
            cancelled_at=now,
            cancelled_by=by,
            cancel_reason=reason[:LONGEST_REASON],
            caused_by=caused_by,
        )
        notices.owe(Notice.Kind.CANCELLED, found, now)
        if late and caused_by == Cause.PATIENT and found.policy:
            amount = found.policy.late_fee_usd
            fees.charge(found, Fee.Reason.LATE, amount, by=by, now=now)
    return found


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
    """The patient did not come: the time is free, and the policy's fee is owed.

    Raises NotPossible.
    """
    if now < appointment.starts_at:
        raise NotPossible(
            "This appointment has not begun yet, so wait for the patient."
        )
    with in_line(), transaction.atomic():
        found = locked(appointment)
        if found.status == Status.NOSHOW:  # sent twice: it is owed once
            return found
        check_may_become(found, Status.NOSHOW)
        _become(found, Status.NOSHOW, by=by, now=now)
        if found.policy:
            amount = found.policy.noshow_fee_usd
            fees.charge(found, Fee.Reason.NOSHOW, amount, by=by, now=now)
    return found


def mark_in_error(
    *, appointment: Appointment, by: User | None, now: datetime, reason: str
) -> Appointment:
    """It never should have been written: its time is free, and nothing is owed for it.

    What is still to come is called off to the patient as well. Raises NotPossible.
    """
    because = reason.strip()[:LONGEST_REASON]
    if not because:
        raise NotPossible("Say why it was entered in error.")
    with in_line(), transaction.atomic():
        found = locked(appointment)
        check_may_become(found, Status.ENTERED_IN_ERROR)
        expected = found.status in EXPECTED
        _become(found, Status.ENTERED_IN_ERROR, by=by, now=now, error_reason=because)
        if expected:
            notices.owe(Notice.Kind.CANCELLED, found, now)
        fees.drop(found, by=by, now=now)
    return found


def _move(
    appointment: Appointment, status: Status, *, by: User | None, now: datetime
) -> Appointment:
    """Sent twice, it is done once."""
    with in_line(), transaction.atomic():
        found = locked(appointment)
        if found.status != status:
            check_may_become(found, status)
            _become(found, status, by=by, now=now)
    return found


def _become(
    found: Appointment, status: Status, *, by: User | None, now: datetime, **said: Any
) -> None:
    """Write the new status of a locked row, with what is `said` of it."""
    was, found.status = found.status, status
    for name, value in said.items():
        setattr(found, name, value)
    found.save(update_fields=["status", *said])
    if status not in OCCUPYING:
        found.claims.all().delete()
    if status not in EXPECTED:
        resolve_of(found, AtRisk.How.OVER, by=by, now=now)
    cause = {"caused_by": found.caused_by} if "caused_by" in said else {}
    audit.record(
        by=by,
        verb=str(status),
        subject=found,
        now=now,
        patient=found.patient,
        was=str(was),
        **cause,
    )
