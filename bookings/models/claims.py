"""Time that is given away."""

from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Self

from django.db import models
from django.db.models import F, Q

from clinic.models import Device, Room


def _exactly_one(*keys: str) -> Q:
    """Of these columns one is filled, and all others are empty."""
    return reduce(
        or_, (Q(**{f"{key}__isnull": key != one for key in keys}) for one in keys)
    )


def _owner(model: str) -> models.ForeignKey:
    """Whose or what it may be a claim of. `_index_of` serves for the key, too."""
    return models.ForeignKey(
        model,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="claims",
        db_index=False,
    )


def _index_of(key: str) -> models.Index:
    """All that a search asks of one owner's claims while it wants no names or ways.

    Three of four claims are not in it, being of others.
    """
    return models.Index(
        fields=[key, "ends_at", "starts_at", "held_until"],
        condition=Q(**{f"{key}__isnull": False}),
        name=f"%(app_label)s_%(class)s_{key}",
    )


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Claims, and the ways to look for them."""

    def of_equipment(self) -> Self:
        """Those of rooms and devices, rooms first: databases differ about NULL."""
        found = self.exclude(room=None, device=None).select_related("room", "device")
        return found.order_by(F("device").asc(nulls_first=True), "pk")


class Claim(models.Model):
    """A stretch of the time of somebody or something that an appointment takes up.

    Claims stand while the appointment's status is one that occupies (see
    `OCCUPYING`) and are deleted with it otherwise, so no two claims of one owner
    may ever overlap, and none be longer than LONGEST: the database refuses them (see
    `bookings.guards`). The ranges of practitioner, room and device hold their own
    preparation and clean-up, the patient's does not.

    The claims of a hold end with it: from `held_until` on they count as free for
    whoever asks (see `rules.claims.taken`), and are deleted when the time is wanted.
    """

    # A search looks so far behind its window for what begins in it.
    LONGEST = timedelta(days=1)

    appointment = models.ForeignKey(
        "bookings.Appointment", models.CASCADE, related_name="claims"
    )
    practitioner = _owner("clinic.Practitioner")
    room = _owner("clinic.Room")
    device = _owner("clinic.Device")
    patient = _owner("clinic.Patient")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_is_of_exactly_one",
                condition=_exactly_one("practitioner", "room", "device", "patient"),
            ),
        ]
        indexes = [
            _index_of("practitioner"),
            _index_of("room"),
            _index_of("device"),
            _index_of("patient"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} to {self.ends_at:%H:%M} UTC"

    @property
    def what(self) -> Room | Device | None:
        """The room or the device, where it is of one."""
        return self.room or self.device
