"""Time that is given away."""

from django.db import models
from django.db.models import F, Q


class Claim(models.Model):
    """A stretch of somebody's time that an appointment takes up.

    Claims stand while the appointment's status is one that occupies (see
    `OCCUPYING`) and are deleted with it otherwise, so no two claims of one person
    may ever overlap: the database refuses them (see `bookings.guards`). The
    practitioner's range holds preparation and clean-up, the patient's does not.
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
    patient = models.ForeignKey(
        "clinic.Patient", models.PROTECT, null=True, blank=True, related_name="claims"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_is_of_exactly_one",
                condition=Q(practitioner__isnull=True, patient__isnull=False)
                | Q(practitioner__isnull=False, patient__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["practitioner", "ends_at", "starts_at"]),
            models.Index(fields=["patient", "ends_at", "starts_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} to {self.ends_at:%H:%M} UTC"
