"""Appointments and what may become of them."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.urls import reverse

from bookings.courses import InCourse
from bookings.models.at_risk import AtRisk
from bookings.models.claims import Claim
from bookings.models.overrides import Override


class Status(models.TextChoices):
    """FHIR's AppointmentStatus codes, as stored."""

    PROPOSED = "proposed", "Offered"
    PENDING = "pending", "On hold"
    BOOKED = "booked", "Booked"
    ARRIVED = "arrived", "Arrived"
    FULFILLED = "fulfilled", "Done"
    CANCELLED = "cancelled", "Cancelled"
    NOSHOW = "noshow", "Did not come"
    ENTERED_IN_ERROR = "entered-in-error", "Entered in error"


# The one definition of "occupies": an appointment has claims while its status is
# one of these, and none otherwise. A hold that is over may have lost some of them.
OCCUPYING = frozenset(
    {
        Status.PROPOSED,
        Status.PENDING,
        Status.BOOKED,
        Status.ARRIVED,
        Status.FULFILLED,
    }
)

# What is to take place still, and whom the clinic waits for.
EXPECTED = frozenset({Status.BOOKED, Status.ARRIVED})

# What takes place, took place, or is to: more than an offer or a hold.
STANDING = frozenset({Status.BOOKED, Status.ARRIVED, Status.FULFILLED})

# The one table of what an appointment may become; what is not here never happens.
MOVES: dict[str, frozenset[str]] = {
    Status.PROPOSED: frozenset({Status.PENDING, Status.BOOKED, Status.CANCELLED}),
    Status.PENDING: frozenset({Status.BOOKED, Status.CANCELLED}),
    Status.BOOKED: frozenset(
        {
            Status.ARRIVED,
            Status.CANCELLED,
            Status.NOSHOW,
            Status.ENTERED_IN_ERROR,
        }
    ),
    Status.ARRIVED: frozenset(
        {Status.FULFILLED, Status.CANCELLED, Status.ENTERED_IN_ERROR}
    ),
    Status.FULFILLED: frozenset({Status.ENTERED_IN_ERROR}),
    Status.CANCELLED: frozenset({Status.ENTERED_IN_ERROR}),
    Status.NOSHOW: frozenset({Status.ENTERED_IN_ERROR}),
    Status.ENTERED_IN_ERROR: frozenset(),
}


class Cause(models.TextChoices):
    """Whose doing a cancellation is. The clinic's own never costs a patient anything."""

    PATIENT = "patient", "The patient"
    CLINIC = "clinic", "The clinic"


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def standing(self) -> Self:
        """Those that take place, took place, or are to; no holds."""
        return self.filter(status__in=STANDING)

    def held(self, now: datetime) -> Self:
        """Holds that are not over."""
        return self.filter(status=Status.PENDING, held_until__gt=now)

    def shown(self, now: datetime) -> Self:
        """Without what never became an appointment: holds that are over, or let go."""
        return self.filter(
            Q(held_until=None) | Q(status=Status.PENDING, held_until__gt=now)
        )

    def upcoming(self, now: datetime) -> Self:
        return self.standing().filter(ends_at__gt=now)

    def past(self, now: datetime) -> Self:
        """All that is over or was called off, apart from what never was booked."""
        return self.filter(held_until=None).exclude(
            status__in=STANDING, ends_at__gt=now
        )

    def with_people(self) -> Self:
        """With all that a line in a list shows."""
        return self.select_related(
            "patient",
            "practitioner",
            "place",
            "role__role",
            "variant__treatment",
            "course",
            "policy",
        )

    def with_marks(self) -> Self:
        """With `is_overridden`: whether something was let pass where it stands now.

        And with `is_at_risk`: whether a change no longer allows it.
        """
        passed = Override.objects.current().filter(appointment=OuterRef("pk"))
        at_risk = AtRisk.objects.open().filter(appointment=OuterRef("pk"))
        return self.annotate(is_overridden=Exists(passed), is_at_risk=Exists(at_risk))

    def with_equipment(self) -> Self:
        """With the claims of rooms and devices that it takes, as `equipment`."""
        claims = Claim.objects.of_equipment()
        return self.prefetch_related(Prefetch("claims", claims, to_attr="equipment"))


class Appointment(models.Model):
    """A patient's time with a practitioner. FHIR: Appointment.

    Keeps duration, price, cancellation policy, wording (`label`, and the catalogue's
    `edition`) and the reasons it was allowed as they were at booking.
    `starts_at` and `ends_at` are the visible time; what is claimed around it stands
    in the claims. `areas` are codes with a side, such as `cheeks:left`, joined with
    commas. `submission` is the key of the rendered form that made it. `held_until` is
    set on a hold, and stays on one that never became an appointment.

    Each index makes a booking dearer. Patient, practitioner and place have theirs with
    the start; by role, variant, edition, policy and who booked or cancelled nobody looks.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(
        "clinic.Patient", models.PROTECT, related_name="appointments", db_index=False
    )
    practitioner = models.ForeignKey(
        "clinic.Practitioner",
        models.PROTECT,
        related_name="appointments",
        db_index=False,
    )
    role = models.ForeignKey(
        "clinic.PractitionerRole", models.PROTECT, related_name="+", db_index=False
    )
    place = models.ForeignKey(
        "clinic.Location", models.PROTECT, related_name="appointments", db_index=False
    )
    variant = models.ForeignKey(
        "treatments.TreatmentVariant",
        models.PROTECT,
        related_name="appointments",
        db_index=False,
    )
    areas = models.TextField(blank=True)
    depth_mm = models.DecimalField(
        max_digits=4, decimal_places=2, null=True, blank=True
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    status = models.CharField(max_length=20, choices=Status, default=Status.BOOKED)
    held_until = models.DateTimeField(null=True, blank=True)
    label = models.CharField(max_length=160)
    edition = models.ForeignKey(
        "treatments.Edition",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    price_usd = models.DecimalField(max_digits=8, decimal_places=2)
    policy = models.ForeignKey(
        "bookings.CancellationPolicy",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    allowed_because = models.JSONField(default=dict)
    course = models.ForeignKey(
        "bookings.Course",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        db_index=False,
    )
    session = models.PositiveSmallIntegerField(null=True, blank=True)
    submission = models.UUIDField(null=True, blank=True, unique=True)
    created_at = models.DateTimeField()
    booked_by = models.ForeignKey(
        "clinic.User", models.PROTECT, null=True, related_name="+", db_index=False
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        "clinic.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    cancel_reason = models.CharField(max_length=200, blank=True)
    caused_by = models.CharField(max_length=10, choices=Cause, blank=True)
    error_reason = models.CharField(max_length=200, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_status_is_one_of_fhirs",
                condition=Q(status__in=Status.values),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_of_a_course_has_a_number",
                condition=Q(course__isnull=True, session__isnull=True)
                | Q(course__isnull=False, session__gte=1),
            ),
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_each_session_stands_once",
                fields=["course", "session"],
                condition=Q(course__isnull=False, status__in=sorted(OCCUPYING)),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_a_hold_ends_some_time",
                condition=Q(held_until__isnull=False) | ~Q(status=Status.PENDING),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_only_holds_are_held",
                condition=Q(held_until=None) | ~Q(status__in=STANDING),
            ),
        ]
        indexes = [
            models.Index(fields=["practitioner", "starts_at"]),
            models.Index(fields=["place", "starts_at"]),
            models.Index(fields=["patient", "starts_at"]),
            models.Index(  # most are of none
                fields=["course"],
                condition=Q(course__isnull=False),
                name="%(app_label)s_%(class)s_course",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}, {self.starts_at:%Y-%m-%d %H:%M} UTC"

    def get_absolute_url(self) -> str:
        return reverse("bookings:appointment", args=[self.uid])

    @property
    def in_course(self) -> InCourse | None:
        """Which session of a course it is, as whoever asks about it must say."""
        if self.course is None or self.session is None:
            return None
        return self.course.session(self.session)

    @property
    def booked_min(self) -> int:
        """The visible minutes that it was booked with; they stay when it moves."""
        return (self.ends_at - self.starts_at) // timedelta(minutes=1)

    def is_held(self, now: datetime) -> bool:
        """Whether its time is kept for its patient now."""
        return (
            self.status == Status.PENDING
            and self.held_until is not None
            and now < self.held_until
        )

    def may_become(self, status: str) -> bool:
        return status in MOVES.get(self.status, frozenset())
