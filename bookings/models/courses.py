"""Several sessions that belong together."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from bookings.courses import InCourse, Sitting
from bookings.timeline import to_minute


class Course(models.Model):
    """Sessions of one variant for one patient, some days apart. FHIR: CarePlan.

    Keeps the number of sessions and the days between them as they were at booking;
    each appointment keeps its own price. `practitioner` is whom the patient wants, if
    anybody. What has become of a session is read from the appointments. `submission`
    is the key of the rendered form that made it.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(
        "clinic.Patient", models.PROTECT, related_name="courses"
    )
    variant = models.ForeignKey(
        "treatments.TreatmentVariant", models.PROTECT, related_name="courses"
    )
    plan = models.ForeignKey(
        "treatments.CoursePlan", models.PROTECT, related_name="courses"
    )
    practitioner = models.ForeignKey(
        "clinic.Practitioner",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="courses",
    )
    place = models.ForeignKey("clinic.Location", models.PROTECT, related_name="courses")
    areas = models.TextField(blank=True)
    depth_mm = models.DecimalField(
        max_digits=4, decimal_places=2, null=True, blank=True
    )
    label = models.CharField(max_length=160)
    sessions = models.PositiveSmallIntegerField()
    least_days = models.PositiveSmallIntegerField()
    most_days = models.PositiveSmallIntegerField()
    submission = models.UUIDField(null=True, blank=True, unique=True)
    created_at = models.DateTimeField()
    booked_by = models.ForeignKey(
        "clinic.User", models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_days_in_order",
                condition=Q(least_days__gte=1, most_days__gte=F("least_days")),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_has_sessions",
                condition=Q(sessions__gte=2),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sessions} sessions: {self.label}"

    def get_absolute_url(self) -> str:
        return reverse("bookings:course", args=[self.uid])

    def sittings(self) -> list[Sitting]:
        """Where its standing sessions lie, in order."""
        rows = self.appointments.standing().select_related("place")
        return sorted(
            Sitting(row.session, to_minute(row.starts_at), row.place.tz)
            for row in rows
            if row.session is not None
        )

    def session(self, number: int) -> InCourse:
        """The session of that number, as whoever asks about it must say."""
        return InCourse(number, self.least_days, self.most_days, self.pk)
