"""What is done about an appointment at risk, besides moving and cancelling it."""

from datetime import datetime

from django.db import transaction

from bookings.actions.move import move, to_move
from bookings.models import Appointment, AtRisk
from clinic import audit
from clinic.models import User


def reassign(
    *, appointment: Appointment, practitioner: str, by: User | None, now: datetime
) -> Appointment:
    """Give it to another practitioner (a slug) at the same time, through every rule.

    Raises what `move` raises, and UnknownName where a planned area is gone.
    """
    return move(
        appointment=appointment,
        asked=to_move(appointment, practitioner=practitioner),
        at=appointment.starts_at,
        by=by,
        now=now,
    )


def mark_rung(*, flag: AtRisk, rung: bool, by: User, now: datetime) -> AtRisk:
    """Say that the patient has been rung about it, or has not."""
    with transaction.atomic():
        flag.rung_at, flag.rung_by = (now, by) if rung else (None, None)
        flag.save(update_fields=["rung_at", "rung_by"])
        audit.record(
            by=by,
            verb="rang" if rung else "did not ring",
            subject=flag,
            now=now,
            patient=flag.appointment.patient,
        )
    return flag
