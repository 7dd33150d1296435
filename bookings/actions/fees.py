"""What is owed for not coming: charged with what brought it about, paid or waived."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from bookings.actions.become import NotPossible
from bookings.models import Appointment, Fee
from bookings.turnstile import in_line
from clinic import audit
from clinic.models import User

IN_ERROR = "The appointment was entered in error."
LONGEST_REASON = 200


def charge(
    appointment: Appointment,
    reason: Fee.Reason,
    amount: Decimal,
    *,
    by: User | None,
    now: datetime,
) -> Fee | None:
    """Write that the patient owes `amount` USD; for nothing, nothing is written.

    Part of the transaction of what it is owed for.
    """
    if amount <= 0:
        return None
    fee = Fee.objects.create(
        appointment=appointment,
        amount_usd=amount,
        reason=reason,
        charged_at=now,
        charged_by=by,
    )
    _tell(fee, "fee owed", by, now)
    return fee


def drop(appointment: Appointment, *, by: User | None, now: datetime) -> None:
    """Waive what is still owed for an appointment that never should have been."""
    owed = Fee.objects.owed().select_related("appointment__patient")
    for fee in owed.filter(appointment=appointment):
        _settle(fee, Fee.State.WAIVED, by=by, now=now, because=IN_ERROR)


def waive(*, fee: Fee, by: User | None, now: datetime, reason: str) -> Fee:
    """Let somebody off, with a reason. Raises NotPossible."""
    because = reason.strip()[:LONGEST_REASON]
    if not because:
        raise NotPossible("Say why the fee is waived.")
    with in_line(), transaction.atomic():
        return _settle(_owed(fee), Fee.State.WAIVED, by=by, now=now, because=because)


def mark_paid(*, fee: Fee, by: User | None, now: datetime) -> Fee:
    """It was paid at the desk. Raises NotPossible."""
    with in_line(), transaction.atomic():
        return _settle(_owed(fee), Fee.State.PAID, by=by, now=now)


def _owed(fee: Fee) -> Fee:
    """The row as it is now, and locked. Raises NotPossible where nothing is owed."""
    found = (
        Fee.objects.select_for_update(of=("self",), no_key=True)
        .select_related("appointment__patient")
        .get(pk=fee.pk)
    )
    if found.state != Fee.State.OWED:
        state = found.get_state_display().lower()
        raise NotPossible(f"This fee is {state} already.")
    return found


def _settle(
    fee: Fee, state: Fee.State, *, by: User | None, now: datetime, because: str = ""
) -> Fee:
    fee.state, fee.waived_because = state, because
    fee.settled_at, fee.settled_by = now, by
    fee.save(update_fields=["state", "waived_because", "settled_at", "settled_by"])
    _tell(fee, f"fee {state}", by, now)
    return fee


def _tell(fee: Fee, verb: str, by: User | None, now: datetime) -> None:
    audit.record(
        by=by,
        verb=verb,
        subject=fee.appointment,
        now=now,
        patient=fee.appointment.patient,
        amount_usd=fee.amount_usd,
        reason=fee.reason,
    )
