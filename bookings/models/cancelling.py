"""What the clinic says about cancelling, and what somebody owes for it."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

AT_LEAST_NOTHING = [MinValueValidator(Decimal(0))]


class CancellationPolicy(models.Model):
    """Until when patients cancel and move by themselves, and what it costs later.

    A row is never edited: a new one, from a later day on, takes its place, and every
    appointment keeps the one in force at its booking. Without a place it is for the
    whole clinic; a place's own goes before it. `valid_from` is a day at the place.
    `cut_off_hours` are hours that pass before the start, whatever clocks show.
    """

    place = models.ForeignKey(
        "clinic.Location",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cancellation_policies",
        help_text="Leave it empty for all places.",
    )
    valid_from = models.DateField(help_text="For what is booked from this day on.")
    cut_off_hours = models.PositiveSmallIntegerField(
        validators=[MaxValueValidator(60 * 24)],
        help_text="So many hours before the start, cancelling and moving online end.",
    )
    late_fee_usd = models.DecimalField(
        "late fee (USD)",
        max_digits=8,
        decimal_places=2,
        default=0,
        validators=AT_LEAST_NOTHING,
        help_text="Owed if the patient cancels later than that.",
    )
    noshow_fee_usd = models.DecimalField(
        "no-show fee (USD)",
        max_digits=8,
        decimal_places=2,
        default=0,
        validators=AT_LEAST_NOTHING,
        help_text="Owed if the patient does not come.",
    )
    text = models.TextField(help_text="What patients read before they book.")

    class Meta:
        verbose_name_plural = "cancellation policies"
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_fees_are_not_negative",
                condition=Q(late_fee_usd__gte=0, noshow_fee_usd__gte=0),
            ),
        ]

    def __str__(self) -> str:
        where = self.place.name if self.place else "all places"
        return f"{where}, from {self.valid_from.isoformat()}"

    def cut_off(self, starts_at: datetime) -> datetime:
        """From this moment on the patient no longer cancels or moves online."""
        return starts_at - timedelta(hours=self.cut_off_hours)


class FeeQuerySet(models.QuerySet["Fee"]):
    def owed(self) -> Self:
        return self.filter(state=Fee.State.OWED)

    def with_people(self) -> Self:
        """With all that a line in a list shows."""
        return self.select_related(
            "appointment__patient", "appointment__place", "settled_by"
        )


class Fee(models.Model):
    """What a patient owes for not coming, until it is paid or waived.

    `reason` is why it is owed; `waived_because` is for staff only.
    """

    class Reason(models.TextChoices):
        LATE = "late", "Cancelled late"
        NOSHOW = "noshow", "Did not come"

    class State(models.TextChoices):
        OWED = "owed", "Owed"
        WAIVED = "waived", "Waived"
        PAID = "paid", "Paid"

    appointment = models.OneToOneField(
        "bookings.Appointment", models.PROTECT, related_name="fee"
    )
    amount_usd = models.DecimalField(max_digits=8, decimal_places=2)
    reason = models.CharField(max_length=10, choices=Reason)
    state = models.CharField(max_length=10, choices=State, default=State.OWED)
    charged_at = models.DateTimeField()
    charged_by = models.ForeignKey(
        "clinic.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        "clinic.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    waived_because = models.CharField(max_length=200, blank=True)

    objects = FeeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_is_of_something",
                condition=Q(amount_usd__gt=0),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_owed_until_it_is_settled",
                condition=Q(state="owed", settled_at=None)
                | (Q(state__in=("waived", "paid")) & Q(settled_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_is_waived_with_a_reason",
                condition=~Q(state="waived") | ~Q(waived_because=""),
            ),
        ]
        indexes = [models.Index(fields=["state", "charged_at"])]

    def __str__(self) -> str:
        return f"${self.amount_usd}, {self.get_reason_display().lower()}"
