"""Appointments that a change has put at risk."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q


class AtRiskQuerySet(models.QuerySet["AtRisk"]):
    def open(self) -> Self:
        return self.filter(resolved_at=None)

    def to_do(self, now: datetime) -> Self:
        """Those that somebody can still do something about."""
        return self.open().filter(appointment__ends_at__gt=now)


class AtRisk(models.Model):
    """An appointment that a change no longer allows, until somebody has seen to it.

    `findings` are the codes and words of the rules as they were then, `changed` what
    was changed. Nothing is cancelled by itself.
    """

    class How(models.TextChoices):
        ALLOWED = "allowed", "Allowed again"
        MOVED = "moved", "Moved"
        GIVEN = "given", "Given to another practitioner"
        OVER = "over", "Cancelled, or over"

    appointment = models.ForeignKey(
        "bookings.Appointment", models.CASCADE, related_name="risks"
    )
    since = models.DateTimeField()
    findings = models.JSONField(default=list)
    changed = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(
        "clinic.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    rung_at = models.DateTimeField(null=True, blank=True)
    rung_by = models.ForeignKey(
        "clinic.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_how = models.CharField(max_length=10, choices=How, blank=True)
    resolved_by = models.ForeignKey(
        "clinic.User", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = AtRiskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appointment"],
                condition=Q(resolved_at=None),
                name="%(app_label)s_%(class)s_one_open_per_appointment",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_resolved_at_and_how_go_together",
                condition=Q(resolved_at=None, resolved_how="")
                | (Q(resolved_at__isnull=False) & ~Q(resolved_how="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appointment} at risk"
