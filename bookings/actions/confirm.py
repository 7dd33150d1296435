"""Making an appointment of a time on hold."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from bookings import notices, slots
from bookings.actions.become import check_may_become, locked
from bookings.actions.move import to_move
from bookings.actions.opening import hopeful, open_role
from bookings.actions.turn import Gate, in_turn
from bookings.actions.written import claims_of, reasons
from bookings.models import Appointment, Notice, Status
from bookings.question import Asked
from bookings.rulebook import Rulebook
from bookings.timeline import from_minute, minute_from
from bookings.wanted import Wanted
from clinic import audit
from clinic.models import User
from clinic.statements import insert
from treatments.areas import PlannedArea, format_areas


def confirm(
    *,
    appointment: Appointment,
    areas: Sequence[PlannedArea] | None = None,
    book: Rulebook | None = None,
    by: User | None,
    now: datetime,
) -> Appointment:
    """Make an appointment of a hold, with other `areas` than it has if they are given.

    Every rule is asked again; while the hold lives, notice counts from when it began.
    A hold that is over is confirmed if the time is still free. Sent twice, it is
    confirmed once. Raises NotBookable with every finding, NotPossible,
    UnknownName.
    """
    if appointment.status == Status.BOOKED:
        return appointment
    check_may_become(appointment, Status.BOOKED)
    asked = to_confirm(appointment, areas=areas, book=book, now=now)
    minute = slots.minute_asked(appointment.starts_at)
    gate = partial(open_role, minute=minute, now=now)

    def write(ask: Gate) -> Appointment:
        found = locked(appointment)
        if found.status == Status.BOOKED:
            return found
        check_may_become(found, Status.BOOKED)
        return _confirmed(found, ask(asked), by, now)

    with hopeful(now):
        gate(asked)
        return in_turn(asked, gate, write, now=now)


def to_confirm(
    appointment: Appointment,
    *,
    areas: Sequence[PlannedArea] | None = None,
    book: Rulebook | None = None,
    now: datetime,
) -> Asked:
    """The question that confirming asks. Raises UnknownName."""
    asked = to_move(appointment, areas=areas, book=book)
    if appointment.is_held(now):
        asked = replace(asked, held_from=minute_from(appointment.created_at))
    return asked


def _confirmed(
    found: Appointment, wanted: Wanted, by: User | None, now: datetime
) -> Appointment:
    found.claims.all().delete()
    found.status, found.held_until = Status.BOOKED, None
    found.role, found.depth_mm = wanted.role, wanted.depth_mm
    found.areas = format_areas(wanted.areas)
    found.ends_at = from_minute(wanted.first + wanted.minutes)
    found.allowed_because = reasons(wanted, now)
    found.save(
        update_fields=[
            *("status", "held_until", "role", "depth_mm", "areas", "ends_at"),
            "allowed_because",
        ]
    )
    insert(
        *claims_of(wanted, found),
        audit.event(
            by=by,
            verb="confirm",
            subject=found,
            now=now,
            patient=found.patient,
            starts_at=found.starts_at,
        ),
        notices.owed(Notice.Kind.BOOKED, found, now),
    )
    return found
