"""What the catalogue says of a treatment: drafts, and what was published."""

from django.db import models
from django.db.models import Q

from clinic.models import Sourced
from treatments.models.catalogue import Treatment, TreatmentTerms, VariantTerms


class CatalogueField(Sourced):
    """A thing the catalogue says of each treatment, such as how it works.

    A row here is a heading on every treatment's page and, if `is_compared`, a row of
    the comparison. Nothing can be published that lacks a required one.
    Source: catalogue_fields.csv.
    """

    class Shown(models.TextChoices):
        TEXT = "text", "In the text of the page"
        GLANCE = "glance", "At a glance"
        COMPARISON = "comparison", "In the comparison only"

    code = models.SlugField(max_length=40, unique=True)
    label = models.CharField(max_length=80)
    help = models.CharField(max_length=200, blank=True)
    shown = models.CharField(max_length=12, choices=Shown, default=Shown.TEXT)
    is_required = models.BooleanField(default=False)
    is_compared = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "heading of the pages"
        verbose_name_plural = "headings of the pages"
        ordering = ("position", "code")

    def __str__(self) -> str:
        return self.label


class Edition(TreatmentTerms):
    """A treatment as it was, is or may be published, with its texts and variants.

    A draft becomes an edition with a number when somebody other than its author
    publishes it; from then on it never changes, and `Treatment.edition` is the latest.
    `reviewed_on` is the day on which all of it was last looked at; without a
    `reviewer` that was not by this clinic's clinician. `source` holds source codes
    joined with `+`.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_REVIEW = "in-review", "In review"
        PUBLISHED = "published", "Published"

    treatment = models.ForeignKey(Treatment, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    source = models.CharField(max_length=400, blank=True)
    change_note = models.CharField(max_length=200, blank=True)
    author = models.ForeignKey(
        "clinic.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    reviewer = models.ForeignKey(
        "clinic.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_on = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "draft or version"
        verbose_name_plural = "drafts and versions"
        permissions = (("publish_edition", "Can publish what another wrote"),)
        constraints = [
            models.UniqueConstraint(
                fields=["treatment", "number"],
                name="%(app_label)s_%(class)s_number_is_given_once",
            ),
            models.UniqueConstraint(
                fields=["treatment"],
                condition=~Q(state="published"),
                name="%(app_label)s_%(class)s_one_open_draft",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_number_when_published",
                condition=Q(
                    state="published", number__isnull=False, published_at__isnull=False
                )
                | (~Q(state="published") & Q(number=None, published_at=None)),
            ),
        ]

    def __str__(self) -> str:
        which = f"version {self.number}" if self.number else "draft"
        return f"{self.name}, {which}"

    @property
    def source_codes(self) -> list[str]:
        return [code for code in self.source.split("+") if code]


class EditionText(models.Model):
    """What an edition says in one field. Plain text; a blank line begins a paragraph."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="texts")
    field = models.ForeignKey(CatalogueField, models.PROTECT, related_name="+")
    text = models.TextField()

    class Meta:
        ordering = ("field__position", "field__code")
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "field"],
                name="%(app_label)s_%(class)s_one_per_field",
            )
        ]

    def __str__(self) -> str:
        return f"{self.field_id} of {self.edition_id}"


class EditionVariant(VariantTerms):
    """A variant on the terms of an edition; `code` says which."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="variants")
    code = models.SlugField(max_length=60)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "code"],
                name="%(app_label)s_%(class)s_one_per_code",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_takes_some_time",
                condition=models.Q(duration_min__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return self.label
