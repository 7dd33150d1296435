"""How many sessions a course of a treatment has, and how far apart they lie."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from clinic.models import Sourced
from treatments.models.catalogue import Treatment

SESSIONS = [MinValueValidator(2), MaxValueValidator(12)]
DAYS = [MinValueValidator(1), MaxValueValidator(366)]


class CoursePlan(Sourced):
    """A course as it is offered. FHIR: PlanDefinition. Source: course_plans.csv.

    Days between two sessions are the difference of local dates, both bounds included.
    A course keeps them as they were when it was booked.
    """

    code = models.SlugField(max_length=60, unique=True)
    treatment = models.ForeignKey(
        Treatment, models.PROTECT, related_name="course_plans"
    )
    name = models.CharField(max_length=120)
    sessions_least = models.PositiveSmallIntegerField(validators=SESSIONS)
    sessions_usual = models.PositiveSmallIntegerField(validators=SESSIONS)
    sessions_most = models.PositiveSmallIntegerField(validators=SESSIONS)
    least_days = models.PositiveSmallIntegerField(validators=DAYS)
    most_days = models.PositiveSmallIntegerField(validators=DAYS)
    note = models.TextField(blank=True)

    class Meta:
        verbose_name = "plan of a course"
        verbose_name_plural = "plans of courses"
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_sessions_in_order",
                condition=Q(
                    sessions_least__gte=2,
                    sessions_usual__gte=F("sessions_least"),
                    sessions_most__gte=F("sessions_usual"),
                ),
                violation_error_message=(
                    "Write two sessions or more, with the usual number between the "
                    "least and the most."
                ),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_days_in_order",
                condition=Q(least_days__gte=1, most_days__gte=F("least_days")),
                violation_error_message=(
                    "Write one day or more, and the least before the most."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name
