"""What people come with, and what may help."""

from django.db import models

from clinic.models import Sourced
from treatments.models.catalogue import Family


class Concern(Sourced):
    """What somebody would like to change. Source: concerns.csv.

    `treatments` are treatment codes with how strong the evidence is, such as
    `microneedling:promising`, joined with commas. `wording` is what may be said of it,
    and a strength is never shown without it.
    """

    class Strength(models.TextChoices):
        PROMISING = "promising", "Promising"
        SHORT_TERM = "short_term", "Short-term help"
        FEW_STUDIES = "few_studies", "Few studies"
        LIMITED = "limited", "Limited evidence"
        UNCERTAIN = "uncertain", "Uncertain"

    code = models.SlugField(max_length=60, unique=True)
    label = models.CharField(max_length=120)
    family = models.CharField(max_length=20, choices=Family)
    description = models.TextField()
    treatments = models.TextField()
    wording = models.TextField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "code")

    def __str__(self) -> str:
        return self.label

    @property
    def strengths(self) -> dict[str, "Concern.Strength"]:
        """How strong the evidence is for each treatment, by its code."""
        pairs = [each.strip().partition(":") for each in self.treatments.split(",")]
        return {code: Concern.Strength(strength) for code, _, strength in pairs if code}
