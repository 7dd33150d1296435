"""Rooms and devices that cannot be used for a time, and those that can again."""

from datetime import datetime

from django.db.models import QuerySet

from bookings.actions.locks import lock
from bookings.models import Appointment
from bookings.turnstile import in_line
from clinic import audit
from clinic.changes import watching
from clinic.models import Device, OutOfService, Room, User


class ServiceUnclear(Exception):
    """The times do not make sense. Its text is a sentence for a person."""


def put_out_of_service(
    *,
    what: Room | Device,
    starts_at: datetime,
    ends_at: datetime | None,
    reason: str = "",
    by: User | None,
    now: datetime,
) -> OutOfService:
    """Say that a room or a device cannot be used; without an end, until further word.

    Appointments that have it in that time are given another that is free then; where
    there is none they stay as they are, at risk, and `having` names them. Raises
    ServiceUnclear.
    """
    if ends_at is not None and ends_at <= starts_at:
        raise ServiceUnclear("It must be back after it goes out of service.")
    if ends_at is not None and ends_at <= now:
        raise ServiceUnclear("That time is over. Choose one that is still to come.")
    with in_line(), watching(by=by, now=now, what=f"{what} out of service"):
        _lock(what)
        out = OutOfService.objects.create(
            room=what if isinstance(what, Room) else None,
            device=what if isinstance(what, Device) else None,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=reason[:120],
        )
        audit.record(
            by=by,
            verb="put out of service",
            subject=what,
            now=now,
            starts_at=starts_at,
            ends_at=ends_at,
        )
    return out


def put_back_in_service(*, out: OutOfService, by: User | None, now: datetime) -> None:
    """It can be used again from now on. What has been stays on file.

    Raises ServiceUnclear where it was back before.
    """
    with in_line(), watching(by=by, now=now, what=f"{out.what} back in service"):
        _lock(out.what)
        found = OutOfService.objects.filter(pk=out.pk).first()
        if found is None or (found.ends_at is not None and found.ends_at <= now):
            raise ServiceUnclear(f"{out.what.name} is back in service already.")
        audit.record(
            by=by,
            verb="put back in service",
            subject=out.what,
            now=now,
            starts_at=found.starts_at,
            ends_at=found.ends_at,
        )
        if found.starts_at < now:
            found.ends_at = now
            found.save(update_fields=["ends_at"])
        else:
            found.delete()


def having(
    what: Room | Device, starts_at: datetime, ends_at: datetime | None
) -> QuerySet[Appointment]:
    """The standing appointments that have a room or device in `[starts_at, ends_at)`."""
    claims = what.claims.filter(ends_at__gt=starts_at)
    if ends_at is not None:
        claims = claims.filter(starts_at__lt=ends_at)
    found = Appointment.objects.standing().filter(pk__in=claims.values("appointment"))
    return found.order_by("starts_at", "pk")


def _lock(what: Room | Device) -> None:
    """All of the place: another of them may be given instead."""
    here = type(what)._default_manager.filter(location=what.location_id)
    ids = list(here.order_by("pk").values_list("pk", flat=True))
    if isinstance(what, Room):
        lock(room_ids=ids)
    else:
        lock(device_ids=ids)
