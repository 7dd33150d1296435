"""What the clinic lets a practitioner perform."""

from django.db import models
from django.db.models import F, Q


class Privilege(models.Model):
    """The clinic's leave for a practitioner to perform a variant.

    It narrows scope of practice and never widens it; none means no. `location` empty
    means every place. Both days of the period are included; depth in millimetres.
    """

    practitioner = models.ForeignKey(
        "clinic.Practitioner", models.PROTECT, related_name="privileges"
    )
    variant = models.ForeignKey(
        "treatments.TreatmentVariant", models.PROTECT, related_name="privileges"
    )
    location = models.ForeignKey(
        "clinic.Location", models.PROTECT, null=True, blank=True, related_name="+"
    )
    max_depth_mm = models.DecimalField(
        max_digits=4, decimal_places=2, null=True, blank=True
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    granted_by = models.ForeignKey(
        "clinic.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ends_after_it_begins",
                condition=Q(valid_until__gte=F("valid_from")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.practitioner}: {self.variant}"


class PrivilegeCondition(models.Model):
    """A condition of the scope row that counting cannot decide, ticked by a person.

    `text` is the condition as the row had it when it was ticked.
    """

    privilege = models.ForeignKey(
        Privilege, models.CASCADE, related_name="conditions_ticked"
    )
    text = models.TextField()
    ticked_by = models.ForeignKey("clinic.User", models.PROTECT, related_name="+")
    ticked_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text
