"""Puts messages down in the transaction that owes them; bookings.post sends them."""

from datetime import datetime

from bookings.models import Appointment, Notice


def owe(kind: Notice.Kind, appointment: Appointment, now: datetime) -> None:
    """Write that a message of this kind is owed, once per appointment and start."""
    Notice.objects.bulk_create([owed(kind, appointment, now)])


def owed(kind: Notice.Kind, appointment: Appointment, now: datetime) -> Notice:
    """Give what `owe` would write, for whoever inserts it with other rows.

    An appointment can be moved to the same start twice; each time is told. Of a course
    all appointments are told in one message, under any one of them.
    """
    again = kind in (Notice.Kind.MOVED, Notice.Kind.COURSE)
    which = f"{kind}:{now:%Y%m%dT%H%M%S.%f}" if again else kind
    return Notice(
        key=f"{appointment.uid}:{which}:{appointment.starts_at:%Y%m%dT%H%MZ}",
        kind=kind,
        appointment=appointment,
        due_at=now,
        created_at=now,
    )
