"""Time that is given away."""

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
    may ever overlap: the database refuses them (see `bookings.guards`). The ranges of
    practitioner, room and device hold their own preparation and clean-up, the
    patient's does not.

    The claims of a hold end with it: from `held_until` on they count as free for
    whoever asks (see `rules.claims.taken`), and are deleted when the time is wanted.
    """

    appointment = models.ForeignKey(
        "bookings.Appointment", models.CASCADE, related_name="claims"
    )
    practitioner = models.ForeignKey(
        "clinic.Practitioner",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="claims",
    )
    room = models.ForeignKey(
        "clinic.Room", models.PROTECT, null=True, blank=True, related_name="claims"
    )
    device = models.ForeignKey(
        "clinic.Device", models.PROTECT, null=True, blank=True, related_name="claims"
    )
    patient = models.ForeignKey(
        "clinic.Patient", models.PROTECT, null=True, blank=True, related_name="claims"
    )
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
            models.Index(fields=["practitioner", "ends_at", "starts_at"]),
            models.Index(fields=["room", "ends_at", "starts_at"]),
            models.Index(fields=["device", "ends_at", "starts_at"]),
            models.Index(fields=["patient", "ends_at", "starts_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} to {self.ends_at:%H:%M} UTC"

    @property
    def what(self) -> Room | Device | None:
        """The room or the device, where it is of one."""
        return self.room or self.device
