"""How long the way is from one place of the clinic to another."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q


class TravelTime(models.Model):
    """The minutes that somebody who treats needs from one place to another.

    The way back may take another time and is a row of its own; without that row it
    takes as long as the way there.
    """

    from_location = models.ForeignKey(
        "clinic.Location", models.CASCADE, related_name="ways_out", verbose_name="from"
    )
    to_location = models.ForeignKey(
        "clinic.Location", models.CASCADE, related_name="ways_in", verbose_name="to"
    )
    minutes = models.PositiveSmallIntegerField(validators=[MaxValueValidator(24 * 60)])

    class Meta:
        verbose_name = "travel time"
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_one_each_way",
                fields=["from_location", "to_location"],
                violation_error_message="The time of this way is entered already.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_leads_to_another_place",
                condition=~Q(from_location=F("to_location")),
                violation_error_message="A way leads from one place to another.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_location} to {self.to_location}: {self.minutes} minutes"
