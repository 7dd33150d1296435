"""A turn: whoever is concerned is locked, the question is put again, then it is written.

Booking, holding, confirming and moving all take time in this way and no other.
"""

from collections.abc import Callable, Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from bookings import rulebook
from bookings.actions.equipped import candidates
from bookings.actions.locks import lock, owners_of
from bookings.actions.opening import NotBookable, check_locked, taken
from bookings.actions.supervised import check_counted_on, counted_on
from bookings.models import Appointment
from bookings.question import Asked
from bookings.seating import release
from bookings.turnstile import in_line
from bookings.wanted import Wanted

Gate = Callable[[Asked], Wanted]
Write = Callable[[Gate], Appointment]


def in_turn(
    asked: Asked,
    gate: Gate,
    write: Write,
    *others: int,
    freeing: Collection[int] = (),
    now: datetime,
) -> Appointment:
    """Do `write` under the locks; it asks through the gate that it is given.

    `others` are practitioners who are concerned besides the one asked for; `freeing`
    are ids of appointments whose claims `write` may give back. A hold that
    is over counts as free, but its claims stand until somebody wants the time: then
    the database refuses, and the turn is taken once more without them. Raises
    NotBookable, and what gate and write raise.
    """
    try:
        return _turn(asked, gate, write, others, freeing)
    except IntegrityError as refusal:
        taken(refusal)  # any other refusal is a fault
    try:
        return _turn(asked, gate, write, others, freeing, over_at=now)
    except IntegrityError as refusal:
        raise NotBookable(taken(refusal)) from refusal


def _turn(
    asked: Asked,
    gate: Gate,
    write: Write,
    others: tuple[int, ...],
    freeing: Collection[int],
    over_at: datetime | None = None,
) -> Appointment:
    if asked.practitioner is None or asked.patient is None:
        raise ValueError("Whoever takes time names a practitioner and a patient.")
    with in_line(), transaction.atomic(durable=True):
        over = counted_on(asked)
        where = candidates(asked)
        who, patient = asked.practitioner.pk, asked.patient.pk
        freed = owners_of(freeing)
        lock(
            *(who, *others, *over, *freed.practitioners),
            room_ids=[*where["room_ids"], *freed.rooms],
            device_ids=[*where["device_ids"], *freed.devices],
            patient_id=patient,
        )
        book = rulebook.current()
        if over_at is not None:
            release(
                over_at,
                practitioner=[who],
                room=where["room_ids"],
                device=where["device_ids"],
                patient=[patient],
            )

        def ask_again(question: Asked) -> Wanted:
            wanted = gate(question.afresh(book))
            check_counted_on(wanted, over)
            check_locked(wanted, where)
            return wanted

        return write(ask_again)
