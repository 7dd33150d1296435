"""Moving: one operation that ignores itself, and leaves the old time if it fails."""

from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction

from bookings import notices, slots
from bookings.actions.attend import NotPossible
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
from clinic.models import User
from treatments.areas import parse_areas


def to_move(
    appointment: Appointment,
    *,
    place: str | None = None,
    practitioner: str | None = None,
) -> Asked:
    """The question that moving asks: the same again, as if it were not booked yet.

    At its own place and with its own practitioner, unless others are named (slugs).
    Raises slots.UnknownName.
    """
    asked = slots.ask(
        variant=appointment.variant.code,
        place=place or appointment.place.slug,
        practitioner=practitioner or appointment.practitioner.slug,
        patient=appointment.patient,
        areas=parse_areas(appointment.areas),
        depth_mm=appointment.depth_mm,
    )
    return replace(asked, ignoring=frozenset({appointment.pk}))


def move(
    *,
    appointment: Appointment,
    asked: Asked,
    at: datetime,
    by: User | None,
    now: datetime,
) -> Appointment:
    """Give an appointment another start, perhaps another practitioner or place.

    `asked` is what `to_move` gave. Label and price stay as they were booked; every
    rule is asked for the new date. Sent twice, it is moved once. Raises NotBookable
    with every finding, NotPossible, slots.NoSuchMoment, slots.UnknownName.
    """
    if asked.practitioner is None:
        raise ValueError("A move names a practitioner.")
    minute = slots.minute_asked(at)
    if _is_there(appointment, asked, at):
        return appointment
    try:
        _check_may_move(appointment, now)
        open_role(asked, minute, now)
        with in_line(), transaction.atomic(durable=True):
            over = counted_on(asked)
            lock(
                *(appointment.practitioner_id, asked.practitioner.pk, *over),
                patient_id=appointment.patient_id,
            )
            locked = (
                Appointment.objects.select_for_update(of=("self",), no_key=True)
                .with_people()
                .get(pk=appointment.pk)
            )
            _check_may_move(locked, now)
            wanted = open_role(asked.afresh(), minute, now)
            check_counted_on(wanted, over)
            return _rewrite(locked, wanted, by, now)
    except IntegrityError as refusal:
        raise NotBookable(taken(refusal)) from refusal


def _is_there(appointment: Appointment, asked: Asked, at: datetime) -> bool:
    return (
        appointment.starts_at == at
        and appointment.practitioner == asked.practitioner
        and appointment.place == asked.place
    )


def is_movable(appointment: Appointment, now: datetime) -> bool:
    """Whether it is booked and has not begun."""
    return appointment.status == Status.BOOKED and now < appointment.starts_at


def _check_may_move(appointment: Appointment, now: datetime) -> None:
    if appointment.status != Status.BOOKED:
        status = appointment.get_status_display().lower()
        raise NotPossible(f"This appointment is “{status}” and cannot be moved.")
    if appointment.starts_at <= now:
        raise NotPossible("This appointment has begun. Book a new one instead.")


def _rewrite(
    appointment: Appointment, wanted: Wanted, by: User | None, now: datetime
) -> Appointment:
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
    Claim.objects.bulk_create(claims_of(wanted, appointment))
    audit.record(
        by=by,
        verb="move",
        subject=appointment,
        now=now,
        patient=appointment.patient,
        before=before,
        after=_where(appointment),
    )
    notices.owe(Notice.Kind.MOVED, appointment, now)
    return appointment


def _where(appointment: Appointment) -> dict[str, str]:
    return {
        "starts_at": appointment.starts_at.isoformat(),
        "practitioner": appointment.practitioner.slug,
        "place": appointment.place.slug,
    }
