"""Booking: lock, ask, write. Whoever books has looked, on the page before."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import IntegrityError

from bookings import slots
from bookings.actions.opening import NotBookable, hopeful, open_role
from bookings.actions.overriding import Overriding, keep_overrides
from bookings.actions.submitted import submitted
from bookings.actions.turn import Gate, in_turn
from bookings.actions.written import make
from bookings.models import Appointment, Notice, Status
from bookings.question import Asked
from clinic.models import User


def book(
    *,
    asked: Asked,
    at: datetime,
    by: User | None,
    now: datetime,
    submission: UUID | None = None,
    overriding: Overriding | None = None,
) -> Appointment:
    """Book the patient in at `at`, with the practitioner asked for.

    The same `submission` again answers with the first appointment. Raises
    NotBookable with every finding, ReasonNeeded, SubmissionReused, slots.NoSuchMoment, and
    UnknownName where something was renamed since it was asked for.
    """
    if asked.practitioner is None or asked.patient is None:
        raise ValueError("A booking names a practitioner and a patient.")
    minute = slots.minute_asked(at)
    gate = partial(open_role, minute=minute, now=now, by=by, overriding=overriding)

    def write(ask: Gate) -> Appointment:
        wanted = ask(asked)
        made = make(
            wanted,
            Status.BOOKED,
            by=by,
            now=now,
            submission=submission,
            notice=Notice.Kind.BOOKED,
        )
        keep_overrides(made, wanted, overriding, by, now)
        return made

    with hopeful(now):
        try:
            return in_turn(asked, gate, write, now=now)
        except (NotBookable, IntegrityError):
            first = submitted(asked, minute, by, submission)
            if first is None:
                raise
            return first
