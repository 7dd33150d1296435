"""What was let pass, by whom and why."""

from typing import Self

from django.db import models
from django.db.models import Q

from bookings.findings import CLINICAL, POLICY


class OverrideQuerySet(models.QuerySet["Override"]):
    def current(self) -> Self:
        """Those on which an appointment rests where it stands now."""
        return self.filter(lapsed_at=None)


class Override(models.Model):
    """One finding let pass by somebody who may, for one appointment at one start.

    It does not travel: once the appointment is moved the row has lapsed, and stays as
    history of `starts_at`, the start that it was for. `message` is the finding's as it
    was; `reason` is for staff only.
    """

    class Severity(models.TextChoices):
        CLINICAL = CLINICAL, "Clinical"
        POLICY = POLICY, "Policy"

    appointment = models.ForeignKey(
        "bookings.Appointment", models.PROTECT, related_name="overrides"
    )
    code = models.CharField(max_length=60)
    subject = models.TextField()
    severity = models.CharField(max_length=10, choices=Severity)
    message = models.TextField()
    reason = models.TextField()
    by = models.ForeignKey("clinic.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(db_index=True)
    starts_at = models.DateTimeField()
    lapsed_at = models.DateTimeField(null=True, blank=True)

    objects = OverrideQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_is_never_of_what_is_hard",
                condition=Q(severity__in=(CLINICAL, POLICY)),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_says_why", condition=~Q(reason="")
            ),
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_answers_a_finding_once",
                fields=["appointment", "code", "subject"],
                condition=Q(lapsed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}, {self.starts_at:%Y-%m-%d %H:%M} UTC"
