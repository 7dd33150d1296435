"""Rows that carry a rule's content say where it came from and who reviewed it."""

from django.db import models


class ReviewState(models.TextChoices):
    SAMPLE = "sample", "Sample, not yet reviewed"
    APPROVED = "approved", "Approved by this clinic"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Confidence(models.TextChoices):
    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"
    UNVERIFIED = "unverified", "Unverified"


class Source(models.Model):
    """Where a statement comes from: a law, a paper, a page."""

    code = models.CharField(max_length=40, unique=True)
    grade = models.CharField(max_length=1)
    what = models.TextField()
    where = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.code


class Sourced(models.Model):
    """What every loaded row carries.

    `source` holds source codes joined with `+`. `shipped` holds the values as the
    loader last wrote them, so that it can tell a person's change from its own.
    """

    source = models.CharField(max_length=200, blank=True)
    confidence = models.CharField(
        max_length=12, choices=Confidence, default=Confidence.UNVERIFIED
    )
    review_state = models.CharField(
        max_length=12, choices=ReviewState, default=ReviewState.SAMPLE
    )
    reviewed_by = models.ForeignKey(
        "clinic.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_on = models.DateField(null=True, blank=True)
    shipped = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def source_codes(self) -> list[str]:
        return [code for code in self.source.split("+") if code]
