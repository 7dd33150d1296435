"""What a place has besides people: rooms and devices, and when they cannot be used."""

from django.db import models
from django.db.models import F, Q


class Room(models.Model):
    """A room of a place, for one appointment at a time. FHIR: Location (ro).

    `kinds` are codes joined with commas, such as `treatment_room`: what the room can
    serve as. What codes there are is what the variants of the catalogue need.
    """

    location = models.ForeignKey(
        "clinic.Location",
        models.PROTECT,
        related_name="rooms",
        verbose_name="place",
    )
    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=60)
    kinds = models.CharField(max_length=200)
    is_active = models.BooleanField("in use", default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["location", "slug"],
                name="%(app_label)s_%(class)s_slug_is_given_once_at_a_place",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kind_codes(self) -> tuple[str, ...]:
        return codes_in(self.kinds)


class Device(models.Model):
    """A device of a place, for one appointment at a time. FHIR: Device.

    `kind` is one code, such as `microneedling_device`.
    """

    location = models.ForeignKey(
        "clinic.Location",
        models.PROTECT,
        related_name="devices",
        verbose_name="place",
    )
    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=60)
    kind = models.CharField(max_length=60)
    serial = models.CharField("serial number", max_length=60, blank=True)
    is_active = models.BooleanField("in use", default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["location", "slug"],
                name="%(app_label)s_%(class)s_slug_is_given_once_at_a_place",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kind_codes(self) -> tuple[str, ...]:
        return codes_in(self.kind)


class OutOfService(models.Model):
    """A room or a device cannot be used for a time; without an end, until further word.

    `reason` is for staff only.
    """

    room = models.ForeignKey(
        Room,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="out_of_service",
    )
    device = models.ForeignKey(
        Device,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="out_of_service",
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name_plural = "out of service"
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ends_after_it_starts",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_is_of_a_room_or_of_a_device",
                condition=Q(room__isnull=False, device__isnull=True)
                | Q(room__isnull=True, device__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} out of service from {self.starts_at:%Y-%m-%d %H:%M} UTC"

    @property
    def what(self) -> Room | Device:
        found = self.room or self.device
        if found is None:
            raise ValueError("Out of service is a room or a device.")
        return found


def codes_in(text: str) -> tuple[str, ...]:
    """The codes of a list joined with commas."""
    return tuple(code.strip() for code in text.split(",") if code.strip())
