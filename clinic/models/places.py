"""Where treatments take place, and the clinic's own settings for each place."""

from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


def validate_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(
            "“%(name)s” is no time zone. Use a name such as America/Denver.",
            params={"name": name},
        )


class Location(models.Model):
    """A place of the clinic. FHIR: Location.

    `jurisdiction` is an ISO 3166 code such as US-UT; `zone` an IANA name. Hours are
    wall clock in that zone. Minutes and days below are this clinic's own policy.
    """

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    zone = models.CharField(max_length=60, validators=[validate_zone])
    jurisdiction = models.CharField(max_length=10)
    start_grid_min = models.PositiveSmallIntegerField(
        "minutes between starts",
        default=15,
        validators=[MinValueValidator(5), MaxValueValidator(240)],
    )
    notice_min = models.PositiveIntegerField(
        "minutes of notice for a booking",
        default=120,
        validators=[MaxValueValidator(60 * 24 * 60)],
    )
    horizon_days = models.PositiveSmallIntegerField(
        "days ahead that can be booked",
        default=90,
        validators=[MinValueValidator(1), MaxValueValidator(730)],
    )
    hold_minutes = models.PositiveSmallIntegerField(
        "minutes for which a chosen time is held",
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )
    needling_floor_hours = models.DecimalField(
        "the clinic's own floor of dry needling hours",
        max_digits=6,
        decimal_places=1,
        default=Decimal(54),
        validators=[MinValueValidator(0)],
        help_text="Asked for where the rule of the place names no hours.",
    )
    np_independent = models.BooleanField(
        "nurse practitioners work independently here", default=False
    )
    override_words = models.PositiveSmallIntegerField(
        "words of a reason to let a finding pass",
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text="So many at least.",
    )
    keeps_holidays = models.BooleanField(
        "closed on public holidays",
        default=False,
        help_text="Those of the jurisdiction. Single days can be switched at the desk.",
    )
    is_open = models.BooleanField("takes bookings", default=True)

    class Meta:
        verbose_name = "place"
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_starts_lie_on_some_grid",
                condition=models.Q(start_grid_min__gte=1),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)
