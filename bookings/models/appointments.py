"""Appointments and what may become of them."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse


class Status(models.TextChoices):
    """FHIR's AppointmentStatus codes, as stored."""

    PROPOSED = "proposed", "Offered"
    PENDING = "pending", "On hold"
    BOOKED = "booked", "Booked"
    ARRIVED = "arrived", "Arrived"
    FULFILLED = "fulfilled", "Done"
    CANCELLED = "cancelled", "Cancelled"
    NOSHOW = "noshow", "Did not come"
    ENTERED_IN_ERROR = "entered-in-error", "Entered in error"


# The one definition of "occupies": an appointment has claims while its status is
# one of these, and none otherwise.
OCCUPYING = frozenset(
    {
        Status.PROPOSED,
        Status.PENDING,
        Status.BOOKED,
        Status.ARRIVED,
        Status.FULFILLED,
    }
)

MOVES: dict[str, frozenset[str]] = {
    Status.BOOKED: frozenset({Status.ARRIVED, Status.CANCELLED, Status.NOSHOW}),
    Status.ARRIVED: frozenset({Status.FULFILLED, Status.CANCELLED}),
}


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def standing(self) -> Self:
        """Those that take place, took place, or may yet."""
        return self.filter(status__in=OCCUPYING)

    def upcoming(self, now: datetime) -> Self:
        return self.standing().filter(ends_at__gt=now)

    def with_people(self) -> Self:
        """With all that a line in a list shows."""
        return self.select_related(
            "patient", "practitioner", "place", "role__role", "variant__treatment"
        )


class Appointment(models.Model):
    """A patient's time with a practitioner. FHIR: Appointment.

    Keeps duration, price, wording (`label`, and the catalogue's `edition`) and the
    reasons it was allowed as they were at booking.
    `starts_at` and `ends_at` are the visible time; what is claimed around it stands
    in the claims. `areas` are codes with a side, such as `cheeks:left`, joined with
    commas. `submission` is the key of the rendered form that made it.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(
        "clinic.Patient", models.PROTECT, related_name="appointments"
    )
    practitioner = models.ForeignKey(
        "clinic.Practitioner", models.PROTECT, related_name="appointments"
    )
    role = models.ForeignKey(
        "clinic.PractitionerRole", models.PROTECT, related_name="+"
    )
    place = models.ForeignKey(
        "clinic.Location", models.PROTECT, related_name="appointments"
    )
    variant = models.ForeignKey(
        "treatments.TreatmentVariant", models.PROTECT, related_name="appointments"
    )
    areas = models.TextField(blank=True)
    depth_mm = models.DecimalField(
        max_digits=4, decimal_places=2, null=True, blank=True
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    status = models.CharField(max_length=20, choices=Status, default=Status.BOOKED)
    held_until = models.DateTimeField(null=True, blank=True)
    label = models.CharField(max_length=160)
    edition = models.ForeignKey(
        "treatments.Edition", models.PROTECT, null=True, blank=True, related_name="+"
    )
    price_usd = models.DecimalField(max_digits=8, decimal_places=2)
    allowed_because = models.JSONField(default=dict)
    submission = models.UUIDField(null=True, blank=True, unique=True)
    created_at = models.DateTimeField()
    booked_by = models.ForeignKey(
        "clinic.User", models.PROTECT, null=True, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        "clinic.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    cancel_reason = models.CharField(max_length=200, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_status_is_one_of_fhirs",
                condition=Q(status__in=Status.values),
            ),
        ]
        indexes = [
            models.Index(fields=["practitioner", "starts_at"]),
            models.Index(fields=["place", "starts_at"]),
            models.Index(fields=["patient", "starts_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.label}, {self.starts_at:%Y-%m-%d %H:%M} UTC"

    def get_absolute_url(self) -> str:
        return reverse("bookings:appointment", args=[self.uid])

    def may_become(self, status: str) -> bool:
        return status in MOVES.get(self.status, frozenset())
