"""Written orders and referrals, on which some may treat."""

from django.db import models
from django.db.models import F, Q


class OrderKind(models.TextChoices):
    ORDER = "order", "Order"
    REFERRAL = "referral", "Referral"


class Order(models.Model):
    """A prescriber's word that a treatment may be given. FHIR: ServiceRequest.

    For one patient, or standing for a practitioner; with both, that patient by that
    practitioner alone. The prescriber works here, or is named from outside. `location`
    empty means every place. Both days are included; depth in millimetres.
    """

    kind = models.CharField(max_length=10, choices=OrderKind, default=OrderKind.ORDER)
    patient = models.ForeignKey(
        "clinic.Patient",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
    )
    practitioner = models.ForeignKey(
        "clinic.Practitioner",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
    )
    prescriber = models.ForeignKey(
        "clinic.Practitioner", models.PROTECT, null=True, blank=True, related_name="+"
    )
    prescriber_outside = models.CharField(
        "prescriber from outside",
        max_length=160,
        blank=True,
        help_text="Name and licence number, as on the paper.",
    )
    treatment = models.ForeignKey(
        "treatments.Treatment", models.PROTECT, related_name="+"
    )
    location = models.ForeignKey(
        "clinic.Location", models.PROTECT, null=True, blank=True, related_name="+"
    )
    max_depth_mm = models.DecimalField(
        max_digits=4, decimal_places=2, null=True, blank=True
    )
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(
        "clinic.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = "order or referral"
        verbose_name_plural = "orders and referrals"
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ends_after_it_begins",
                condition=Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_for_somebody",
                condition=Q(patient__isnull=False)
                | Q(practitioner__isnull=False, kind="order"),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_by_one_prescriber",
                condition=Q(prescriber=None) ^ Q(prescriber_outside=""),
            ),
        ]

    def __str__(self) -> str:
        whom = self.patient_id and f"patient {self.patient_id}"
        return f"{self.get_kind_display()} {self.pk}: {self.treatment} for {whom or self.practitioner}"
