"""Days on which a place is open or closed, other than it usually is."""

from django.db import models


class PlaceDay(models.Model):
    """A day of a place that somebody decided about: open or closed.

    It wins over a public holiday either way, and can close a day that is none. The
    reason is shown to patients. FHIR: Location.hoursOfOperation, availabilityExceptions.
    """

    location = models.ForeignKey(
        "clinic.Location", models.CASCADE, related_name="place_days"
    )
    day = models.DateField()
    is_open = models.BooleanField("open on this day", default=False)
    reason = models.CharField(
        max_length=80, blank=True, help_text="Patients read it, as in “Staff training”."
    )

    class Meta:
        verbose_name = "open or closed day"
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_one_a_day", fields=["location", "day"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.location} {'open' if self.is_open else 'closed'} on {self.day}"
