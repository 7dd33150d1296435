"""Who did what. Made by clinic.audit, for actions only; never changed."""

from django.db import models


class AuditEvent(models.Model):
    """One thing that somebody did. FHIR: AuditEvent.

    `by` is empty when a command did it without a person. `detail` never holds
    health details: codes and times only.
    """

    at = models.DateTimeField()
    by = models.ForeignKey(
        "clinic.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    verb = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    patient = models.ForeignKey(
        "clinic.Patient",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = "event"
        verbose_name_plural = "who did what"
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"]),
            models.Index(fields=["patient", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.subject_kind}"
