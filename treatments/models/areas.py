"""Parts of the body, and how deep a needle may go there."""

from django.db import models

from clinic.models import Sourced


class BodyArea(Sourced):
    """A muscle, a region of skin, or a group of them. Source: areas.csv.

    A tree: `parent` is the code of the area that holds this one. Lists inside a
    field are codes joined with commas. A group is never booked by itself.
    """

    code = models.SlugField(max_length=60, unique=True)
    label = models.CharField(max_length=120)
    parent = models.CharField(max_length=60, blank=True)
    family = models.CharField(max_length=10)
    side_applies = models.BooleanField(default=False)
    region_flags = models.CharField(max_length=120, blank=True)
    svg_view = models.CharField(max_length=20, blank=True)
    never_treat = models.BooleanField(default=False)
    never_treat_treatments = models.TextField(blank=True)
    also_covers = models.TextField(blank=True)
    is_group = models.BooleanField(default=False)
    note = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.label


class AreaDepth(Sourced):
    """How deep a needle may go in an area, in millimetres. Source: depth_by_area.csv.

    Written for micro-needling; it holds for the radiofrequency and PRP kinds too.
    """

    area = models.CharField(max_length=60)
    treatment = models.CharField(max_length=60)
    min_mm = models.DecimalField(max_digits=4, decimal_places=2)
    typical_mm = models.DecimalField(max_digits=4, decimal_places=2)
    max_mm = models.DecimalField(max_digits=4, decimal_places=2)
    note = models.TextField(blank=True)

    class Meta:
        verbose_name = "depth by area"
        verbose_name_plural = "depths by area"
        constraints = [
            models.UniqueConstraint(
                fields=["area", "treatment"],
                name="%(app_label)s_%(class)s_one_per_area_and_treatment",
            )
        ]

    def __str__(self) -> str:
        return f"{self.area}: {self.max_mm} mm"
