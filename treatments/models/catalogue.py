"""Treatments and the variants in which they are booked."""

from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from clinic.models import Sourced
from clinic.models.resources import codes_in


class Family(models.TextChoices):
    MUSCULOSKELETAL = "musculoskeletal", "Muscles and movement"
    SKIN = "skin", "Skin"
    CONSULTATION = "consultation", "Consultation"


class TreatmentTerms(models.Model):
    """What a treatment has now, and what an edition of it proposes or proposed."""

    name = models.CharField(max_length=120)
    family = models.CharField(max_length=20, choices=Family)
    summary = models.TextField(blank=True)

    class Meta:
        abstract = True


class Treatment(TreatmentTerms, Sourced):
    """A treatment. FHIR: HealthcareService. Source: treatments.csv.

    `limited_by_depth` marks treatments that are never booked without a planned depth
    and a cap (section 4.1 of the domain notes). `needs_hours` marks those to which
    the clinic's own floor of hours applies. Signs that speak of a needle are shown
    where it `uses_needles`. Without an `edition` it is not published.
    """

    code = models.SlugField(max_length=60, unique=True)
    limited_by_depth = models.BooleanField(default=False)
    needs_hours = models.BooleanField(default=False)
    uses_needles = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    edition = models.ForeignKey(
        "Edition", models.PROTECT, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return self.name


class VisitKind(models.TextChoices):
    FIRST = "first", "First visit"
    FOLLOW_UP = "follow_up", "Follow-up"
    ANY = "any", "Any visit"


# The words in the note of a variant that say that nobody should begin with it.
CONSULTATION_FIRST = "consultation first"


class VariantTerms(models.Model):
    """How long, how deep, where, for how much: on these terms a variant is booked.

    Minutes of preparation and clean-up claim the practitioner, not the patient.
    `needs_room` and `needs_device` are codes of kinds joined with commas: one of each
    is needed, for its own minutes before and after; without them, for as many as the
    practitioner.
    `default_areas` are area codes joined with commas; when given, the planned areas
    lie among them. `max_depth_mm` is the planned depth, in millimetres.
    """

    label = models.CharField(max_length=160)
    visit = models.CharField(max_length=10, choices=VisitKind, default=VisitKind.ANY)
    duration_min = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(5), MaxValueValidator(480)]
    )
    prep_min = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(120)]
    )
    cleanup_min = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(120)]
    )
    needs_room = models.CharField(max_length=120, blank=True)
    needs_device = models.CharField(max_length=120, blank=True)
    room_prep_min = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(120)]
    )
    room_cleanup_min = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(120)]
    )
    device_prep_min = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(120)]
    )
    device_cleanup_min = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(120)]
    )
    default_areas = models.TextField(blank=True)
    max_depth_mm = models.DecimalField(
        max_digits=4, decimal_places=2, null=True, blank=True
    )
    price_usd = models.DecimalField(max_digits=8, decimal_places=2)
    note = models.TextField(blank=True)
    is_offered = models.BooleanField(default=True)

    class Meta:
        abstract = True

    @property
    def begins_with_talk(self) -> bool:
        """Whether its note asks for a consultation before the first session."""
        return CONSULTATION_FIRST in self.note.casefold()

    @property
    def rooms_needed(self) -> tuple[str, ...]:
        return codes_in(self.needs_room)

    @property
    def devices_needed(self) -> tuple[str, ...]:
        return codes_in(self.needs_device)

    @property
    def areas_planned(self) -> tuple[str, ...]:
        """Codes of the areas that are planned where nobody names others."""
        return codes_in(self.default_areas)

    @property
    def around_rooms(self) -> tuple[int, int]:
        """The minutes for which a room is needed before and after."""
        return (
            self.prep_min if self.room_prep_min is None else self.room_prep_min,
            self.cleanup_min
            if self.room_cleanup_min is None
            else self.room_cleanup_min,
        )

    @property
    def around_devices(self) -> tuple[int, int]:
        """The minutes for which a device is needed before and after."""
        before, after = self.device_prep_min, self.device_cleanup_min
        return (
            self.prep_min if before is None else before,
            self.cleanup_min if after is None else after,
        )


class TreatmentVariant(VariantTerms, Sourced):
    """A treatment as it is booked. Source: variants.csv."""

    code = models.SlugField(max_length=60, unique=True)
    treatment = models.ForeignKey(Treatment, models.PROTECT, related_name="variants")

    class Meta:
        verbose_name = "variant"
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_takes_some_time",
                condition=models.Q(duration_min__gte=1),
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def short_label(self) -> str:
        """The label beside the treatment's name: "First visit"."""
        what, _, rest = self.label.partition(", ")
        if not rest or not self.treatment.name.startswith(what):
            return self.label
        return rest[:1].upper() + rest[1:]

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.duration_min)
