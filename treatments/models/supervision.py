"""Who answers for whom: agreements under which supervised work is done."""

from django.db import models
from django.db.models import F, Q


class SupervisionAgreement(models.Model):
    """Somebody performs a variant, or a whole treatment, under named supervisors.

    Any one of the supervisors will do, each by itself. `location` empty means every
    place. Both days of the period are included; depth in millimetres.
    """

    practitioner = models.ForeignKey(
        "clinic.Practitioner", models.PROTECT, related_name="agreements"
    )
    supervisors = models.ManyToManyField("clinic.Practitioner", related_name="+")
    variant = models.ForeignKey(
        "treatments.TreatmentVariant",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    treatment = models.ForeignKey(
        "treatments.Treatment", models.PROTECT, null=True, blank=True, related_name="+"
    )
    location = models.ForeignKey(
        "clinic.Location", models.PROTECT, null=True, blank=True, related_name="+"
    )
    max_depth_mm = models.DecimalField(
        max_digits=4, decimal_places=2, null=True, blank=True
    )
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    made_by = models.ForeignKey(
        "clinic.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ends_after_it_begins",
                condition=Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_one_variant_or_treatment",
                condition=Q(variant=None, treatment__isnull=False)
                | Q(variant__isnull=False, treatment=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practitioner}: {self.variant or self.treatment}"
