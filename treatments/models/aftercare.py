"""What to do after a session, what may happen, and when to call for help."""

from django.core.validators import MinValueValidator
from django.db import models

from clinic.models import Sourced

ALL_TREATMENTS = "*"


class AftercareStep(Sourced):
    """A piece of advice for a stretch of time since the session. Source: aftercare.csv.

    `treatment` is a treatment's code, or `*` for all of them. What goes on when its
    phase is over has `lasts_days` (aftercare_lasting.csv), counted from the session.
    """

    class Phase(models.TextChoices):
        HOURS = "0-4h", "The first 4 hours"
        DAY = "24h", "The first day"
        DAYS = "48-72h", "Days 2 and 3"
        WEEK = "week1", "The first week"
        WEEKS = "weeks2-6", "Weeks 2 to 6"
        ANY = "any", "At any time"

    class Kind(models.TextChoices):
        EXPECT = "expect", "What to expect"
        DO = "do", "What to do"
        DONT = "dont", "What to avoid"
        URGENT = "urgent", "Call for help"

    code = models.CharField(max_length=20, unique=True)
    treatment = models.CharField(max_length=60)
    phase = models.CharField(max_length=10, choices=Phase)
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField()
    lasts_days = models.PositiveSmallIntegerField(
        "goes on for so many days",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Counted from the session, where it goes on when its phase is over: "
        "28 for “at least four weeks”. Empty where it ends with its phase.",
    )

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class RedFlag(Sourced):
    """A sign that needs help at once, and which help. Source: red_flags.csv.

    One that is `for_staff` (staff_flags.csv) is no patient's to see to; one that is
    `only_needles` (needle_flags.csv) can come of nothing but a needle.
    """

    code = models.CharField(max_length=20, unique=True)
    treatment = models.CharField(max_length=60)
    sign = models.TextField()
    action = models.TextField()
    for_staff = models.BooleanField(default=False)
    only_needles = models.BooleanField("only where needles are used", default=False)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.sign


class Effect(Sourced):
    """Something that may happen, and how often. Source: expected_and_adverse_effects.csv."""

    code = models.CharField(max_length=20, unique=True)
    treatment = models.CharField(max_length=60)
    event = models.CharField(max_length=200)
    rate_text = models.CharField(max_length=200)
    severity = models.CharField(max_length=20)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.event
