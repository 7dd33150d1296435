"""What is locked before anything about somebody's time is decided.

Always in this order: practitioners (and who supervises them), rooms, devices, patients,
each by ascending id. Every action that changes hours, leave, papers, privileges,
agreements, orders, rooms or devices locks those whom it concerns too.
"""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Model

from bookings.models import Claim
from clinic.models import Device, Patient, Practitioner, Room
from clinic.statements import words_of


class Owners(NamedTuple):
    """Ids of those whose time some appointments take, apart from their patients."""

    practitioners: list[int]
    rooms: list[int]
    devices: list[int]


def owners_of(appointment_ids: Collection[int]) -> Owners:
    """Whom to lock before the claims of these appointments are given back.

    While they are being deleted, whoever wants that time waits; if both gave back what
    the other wants, both would wait for ever.
    """
    keys = ("practitioner", "room", "device")
    rows: Sequence[tuple[int | None, ...]] = ()
    if appointment_ids:
        claims = Claim.objects.filter(appointment__in=appointment_ids)
        rows = list(claims.values_list(*keys))
    columns = zip(*rows, strict=True) if rows else ((), (), ())
    return Owners(*([each for each in column if each] for column in columns))


def lock(
    *practitioner_ids: int,
    room_ids: Sequence[int] = (),
    device_ids: Sequence[int] = (),
    patient_id: int | None = None,
) -> None:
    """Queue for these people, rooms and devices until the transaction ends.

    One round trip, whoever is concerned: whoever waits next waits for all of it.

    SQLite has no row locks; there every transaction is the only writer anyway.
    Raises TransactionManagementError outside of one, where nothing would be kept.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "Locks are kept until a transaction ends; there is none."
        )
    if not connection.features.has_select_for_update:
        return
    patients = [] if patient_id is None else [patient_id]
    queries: list[str] = []
    values: list[int] = []
    for model, ids in (
        (Practitioner, practitioner_ids),
        (Room, room_ids),
        (Device, device_ids),
        (Patient, patients),
    ):
        if wanted := sorted(set(ids)):
            queries.append(_rows(model, len(wanted)))
            values += wanted
    if queries:
        with connection.cursor() as cursor:  # one statement, done part by part in order
            cursor.execute(" UNION ALL ".join(queries), values)


@lru_cache(maxsize=256)
def _rows(model: type[Model], many: int) -> str:
    """The part that locks so many rows, in order. To word it takes a while."""
    rows = model._default_manager.select_for_update(no_key=True).order_by("pk")
    named = rows.filter(pk__in=range(1, many + 1)).values_list("pk")
    return f"SELECT * FROM ({words_of(named)}) AS locked"  # noqa: S608 -- the ORM's
