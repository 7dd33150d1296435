"""Holding a time for some minutes, and letting it go.

A hold that is over stays as it is: nothing lists it, its time is free, and its owner
may still confirm it if nobody else came.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from bookings import slots
from bookings.actions.become import NotPossible, check_may_become, locked
from bookings.actions.locks import lock, owners_of
from bookings.actions.opening import NotBookable, hopeful, open_role
from bookings.actions.submitted import SubmissionReused, submitted
from bookings.actions.turn import Gate, in_turn
from bookings.actions.written import make
from bookings.calendar import clock
from bookings.findings import Finding
from bookings.models import Appointment, Status
from bookings.models.appointments import STANDING
from bookings.question import Asked
from bookings.timeline import to_minute
from bookings.turnstile import in_line
from clinic import audit
from clinic.models import User


def hold(
    *,
    asked: Asked,
    at: datetime,
    by: User | None,
    now: datetime,
    submission: UUID | None = None,
) -> Appointment:
    """Keep the time at `at` for the patient, for the minutes that the place gives.

    It takes the place of the patient's hold for the same variant, and may overlap it.
    The same `submission` again answers with the same hold, or with what it became.
    Raises NotBookable, also where the patient holds too many times; SubmissionReused,
    slots.NoSuchMoment, UnknownName.
    """
    if asked.practitioner is None or asked.patient is None:
        raise ValueError("A hold names a practitioner and a patient.")
    minute = slots.minute_asked(at)
    gate = partial(open_role, minute=minute, now=now)
    with hopeful(now):
        while True:
            try:
                return _hold(asked, gate, by=by, now=now, submission=submission)
            except _AnotherHold:
                continue  # made meanwhile from another window, so this ends
            except (NotBookable, IntegrityError):  # a form's key, too, is given once
                first = submitted(asked, minute, by, submission)
                if first is None or _is_spent(first, now):
                    raise
                return first


class _AnotherHold(Exception):
    """The patient has a hold that was not there when the question was put."""


def _hold(
    asked: Asked,
    gate: Gate,
    *,
    by: User | None,
    now: datetime,
    submission: UUID | None,
) -> Appointment:
    """Take the turn. Raises _AnotherHold."""
    holds = list(_of_patient(asked))
    try:
        gate(to_hold(asked, holds))
    except NotBookable:
        if list(_of_patient(asked)) != holds:
            raise _AnotherHold from None
        raise
    freeing = {row.pk for row in holds if _is_replaced(row, asked)}

    def write(ask: Gate) -> Appointment:
        rows = list(_of_patient(asked, submission))
        first = _sent_before(rows, asked, by, submission)
        if first is not None and not _is_spent(first, now):
            return first
        let_go = [row for row in rows if row == first or _is_replaced(row, asked)]
        _check_locked_too(let_go, freeing)
        _check_how_many([row for row in rows if row not in let_go], now)
        wanted = ask(to_hold(asked, let_go))
        for row in let_go:
            _release(row, by, now)
        return make(
            wanted,
            Status.PENDING,
            by=by,
            now=now,
            submission=submission,
            held_until=now + timedelta(minutes=wanted.place.hold_minutes),
        )

    return in_turn(asked, gate, write, freeing=freeing, now=now)


def _check_locked_too(rows: Iterable[Appointment], locked_ids: Collection[int]) -> None:
    """Raises _AnotherHold where claims would go whose owners nobody has locked.

    SQLite has no row locks; there every transaction is the only writer anyway.
    """
    if not connection.features.has_select_for_update:
        return
    if any(row.pk not in locked_ids and row.claims.exists() for row in rows):
        raise _AnotherHold


def _of_patient(asked: Asked, submission: UUID | None = None) -> Iterable[Appointment]:
    """The patient's holds, and what the form made before."""
    holds = Q(patient=asked.patient, status=Status.PENDING)
    made = Q(submission=submission) if submission else Q(pk__in=[])
    return Appointment.objects.with_people().filter(holds | made).order_by("starts_at")


def _sent_before(
    rows: Sequence[Appointment], asked: Asked, by: User | None, key: UUID | None
) -> Appointment | None:
    """What this form made. Raises SubmissionReused where it is somebody else's."""
    for row in rows:
        if key is not None and row.submission == key:
            if row.patient != asked.patient or (by and row.booked_by_id != by.pk):
                raise SubmissionReused
            return row
    return None


def _is_spent(row: Appointment, now: datetime) -> bool:
    """A hold that is over, or something cancelled: the same time can be held anew."""
    return row.status not in STANDING and not row.is_held(now)


def _is_replaced(row: Appointment, asked: Asked) -> bool:
    return row.status == Status.PENDING and row.variant_id == asked.variant.pk


def to_hold(asked: Asked, rows: Iterable[Appointment]) -> Asked:
    """The question that holding asks: as if the holds that give way were not there.

    `rows` are the patient's holds; those for the same variant give way.
    """
    away = {row.pk for row in rows if _is_replaced(row, asked)}
    return replace(asked, ignoring=asked.ignoring | away)


def _check_how_many(rows: Iterable[Appointment], now: datetime) -> None:
    """Raises NotBookable where the patient holds as many other times as one may."""
    others = [row for row in rows if row.is_held(now)]
    if len(others) < settings.MOST_HOLDS:
        return
    named = " and ".join(map(_named, others))
    finding = Finding(
        "TOO_MANY_HOLDS",
        "patient",
        f"You hold {len(others)} other times already: {named}.",
        "Confirm one of them, or let one go, and choose again.",
        desk=f"The patient holds {len(others)} other times already.",
    )
    raise NotBookable([finding])


def _named(row: Appointment) -> str:
    zone = row.place.tz
    day = row.starts_at.astimezone(zone)
    return (
        f"{row.label}, {day:%A, %B} {day.day}, {clock(to_minute(row.starts_at), zone)}"
    )


def let_go(*, appointment: Appointment, by: User | None, now: datetime) -> Appointment:
    """Give a held time back. Sent twice, it is let go once. Raises NotPossible."""
    with in_line(), transaction.atomic():
        theirs = owners_of([appointment.pk])
        lock(
            *theirs.practitioners,
            room_ids=theirs.rooms,
            device_ids=theirs.devices,
            patient_id=appointment.patient_id,
        )
        found = locked(appointment)
        if found.held_until and found.status == Status.CANCELLED:
            return found
        if found.status != Status.PENDING:
            raise NotPossible("This appointment is no longer on hold.")
        _release(found, by, now)
    return found


def _release(found: Appointment, by: User | None, now: datetime) -> None:
    """Let a hold go, and free the key of its form: the same time may be held again."""
    found.submission = None
    changed = ["submission"]
    if found.status == Status.PENDING:
        check_may_become(found, Status.CANCELLED)
        found.status = Status.CANCELLED
        found.cancelled_at, found.cancelled_by = now, by
        found.claims.all().delete()
        changed += ["status", "cancelled_at", "cancelled_by"]
        audit.record(
            by=by, verb="let go", subject=found, now=now, patient=found.patient
        )
    found.save(update_fields=changed)
