"""What people come with, and what may help."""

from django.db import models

from clinic.models import Sourced
from treatments.models.catalogue import Family


class Concern(Sourced):
    """What somebody would like to change. Source: concerns.csv.

    `treatments` are treatment codes with how strong the evidence is, such as
    `microneedling:promising`, joined with commas. `wording` is what may be said where
    the evidence is best, which is of the first of the surest; of any other only its
    strength's `meaning` may be. A strength is never shown without one of the two.
    """

    class Strength(models.TextChoices):
        """How sure the benefit is, the surest first."""

        PROMISING = "promising", "Promising"
        SHORT_TERM = "short_term", "Short-term help"
        FEW_STUDIES = "few_studies", "Few studies"
        LIMITED = "limited", "Limited evidence"
        UNCERTAIN = "uncertain", "Uncertain"

        @property
        def meaning(self) -> str:
            """What the word says, in a sentence that is true of any treatment."""
            return MEANINGS[self.value]

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


MEANINGS = {
    "promising": "Many studies agree, but they have limits.",
    "short_term": "It may help for a time.",
    "few_studies": "Only a few studies have looked at it.",
    "limited": "Some studies show it, but they are weak.",
    "uncertain": "Nothing but general knowledge speaks for it.",
}
