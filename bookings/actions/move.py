"""Moving: one operation that ignores itself, and leaves the old time if it fails."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from bookings import notices, slots
from bookings.actions.become import NotPossible, locked
from bookings.actions.cut_off import check_in_time, is_in_time
from bookings.actions.opening import hopeful, open_role
from bookings.actions.overriding import Overriding, keep_overrides, lapse_overrides
from bookings.actions.turn import Gate, in_turn
from bookings.actions.written import claims_of, reasons
from bookings.breaks import resolve_of
from bookings.models import Appointment, AtRisk, Notice, Status
from bookings.question import Asked, ask
from bookings.rulebook import Rulebook
from bookings.timeline import from_minute
from bookings.wanted import Wanted
from clinic import audit
from clinic.models import User
from clinic.statements import insert
from treatments.areas import PlannedArea, parse_areas


def to_move(
    appointment: Appointment,
    *,
    place: str | None = None,
    practitioner: str | None = None,
    areas: Sequence[PlannedArea] | None = None,
    book: Rulebook | None = None,
) -> Asked:
    """The question that moving asks: the same again, as if it were not booked yet.

    At its own place, with its own practitioner (slugs) and areas, unless others are
    named, and as long as it was booked; asked of `book`, else of the current rulebook.
    Raises UnknownName.
    """
    asked = ask(
        book=book,
        variant=appointment.variant.code,
        place=place or appointment.place.slug,
        practitioner=practitioner or appointment.practitioner.slug,
        patient=appointment.patient,
        areas=parse_areas(appointment.areas) if areas is None else areas,
        depth_mm=appointment.depth_mm,
    )
    return replace(
        asked,
        ignoring=frozenset({appointment.pk}),
        course=appointment.in_course,
        booked_min=appointment.booked_min,
    )


def move(
    *,
    appointment: Appointment,
    asked: Asked,
    at: datetime,
    by: User | None,
    now: datetime,
    overriding: Overriding | None = None,
) -> Appointment:
    """Give an appointment another start, perhaps another practitioner or place.

    `asked` is what `to_move` gave. Label, price and length stay as they were booked;
    every rule is asked for the new date, and what was let pass for the old one does
    not count. Sent twice, it is moved once. Raises NotBookable with every finding,
    ReasonNeeded, NotPossible, slots.NoSuchMoment, UnknownName.
    """
    if asked.practitioner is None:
        raise ValueError("A move names a practitioner.")
    minute = slots.minute_asked(at)
    if is_there(appointment, asked, at):
        return appointment
    gate = partial(open_role, minute=minute, now=now, by=by, overriding=overriding)
    check_may_move(appointment, by, now)

    def write(ask: Gate) -> Appointment:
        found = locked(appointment)
        if is_there(found, asked, at):  # sent twice, and the other came first
            return found
        check_may_move(found, by, now)
        wanted = ask(asked)
        moved = rewrite(found, wanted, by, now)
        notices.owe(Notice.Kind.MOVED, moved, now)
        lapse_overrides(moved, now)
        keep_overrides(moved, wanted, overriding, by, now)
        return moved

    with hopeful(now):
        gate(asked)
        return in_turn(asked, gate, write, appointment.practitioner_id, now=now)


def is_there(appointment: Appointment, asked: Asked, at: datetime) -> bool:
    """Whether it is booked already for that start, person and place."""
    return (
        appointment.status == Status.BOOKED
        and appointment.starts_at == at
        and appointment.practitioner == asked.practitioner
        and appointment.place == asked.place
    )


def is_movable(appointment: Appointment, *, by: User | None, now: datetime) -> bool:
    """Whether it is booked, has not begun, and for its patient is before the cut-off."""
    standing = appointment.status == Status.BOOKED and now < appointment.starts_at
    return standing and is_in_time(appointment, by, now)


def check_may_move(appointment: Appointment, by: User | None, now: datetime) -> None:
    """Raises NotPossible where it is not booked, has begun, or is past the cut-off."""
    if appointment.status != Status.BOOKED:
        status = appointment.get_status_display().lower()
        raise NotPossible(f"This appointment is “{status}” and cannot be moved.")
    if appointment.starts_at <= now:
        raise NotPossible("This appointment has begun. Book a new one instead.")
    check_in_time(appointment, by, now)


def rewrite(
    appointment: Appointment, wanted: Wanted, by: User | None, now: datetime
) -> Appointment:
    """Write where an appointment is now, with its claims and its audit row."""
    before = _where(appointment)
    appointment.practitioner, appointment.role = wanted.practitioner, wanted.role
    appointment.place = wanted.place
    appointment.starts_at = from_minute(wanted.first)
    appointment.ends_at = from_minute(wanted.first + wanted.minutes)
    appointment.allowed_because = reasons(wanted, now)
    appointment.claims.all().delete()
    appointment.save(
        update_fields=[
            *("practitioner", "role", "place", "starts_at", "ends_at"),
            "allowed_because",
        ]
    )
    after = _where(appointment)
    given = before["starts_at"] == after["starts_at"]
    how = AtRisk.How.GIVEN if given else AtRisk.How.MOVED
    resolve_of(appointment, how, by=by, now=now)
    insert(
        *claims_of(wanted, appointment),
        audit.event(
            by=by,
            verb="move",
            subject=appointment,
            now=now,
            patient=appointment.patient,
            before=before,
            after=after,
        ),
    )
    return appointment


def _where(appointment: Appointment) -> dict[str, str]:
    return {
        "starts_at": appointment.starts_at.isoformat(),
        "practitioner": appointment.practitioner.slug,
        "place": appointment.place.slug,
    }
