"""When a practitioner is there, and when not."""

from django.db import models
from django.db.models import F, Q


class Weekday(models.IntegerChoices):
    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"


class AvailableTime(models.Model):
    """Weekly hours in a role at a place. FHIR: Availability.availableTime.

    Wall clock in the zone of the place. An end of 00:00 is the midnight after.
    """

    role = models.ForeignKey(
        "clinic.PractitionerRole", models.CASCADE, related_name="hours"
    )
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    start_time = models.TimeField()
    end_time = models.TimeField()
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ends_after_it_starts",
                condition=Q(end_time__gt=F("start_time")) | Q(end_time="00:00:00"),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_weekday_is_one_of_seven",
                condition=Q(weekday__lte=6),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.start_time}-{self.end_time}"


class SingleDay(models.Model):
    """Hours of one date, in a role at a place.

    With times, hours that the day has besides; without them, the weekly hours do not
    hold on that day. A day with other hours than the week has both. Wall clock in the
    zone of the place; an end of 00:00 is the midnight after.
    """

    role = models.ForeignKey(
        "clinic.PractitionerRole", models.CASCADE, related_name="single_days"
    )
    day = models.DateField()
    start_time = models.TimeField(null=True, blank=True)
    end_time = models.TimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_has_both_times_or_neither",
                condition=Q(start_time__isnull=True, end_time__isnull=True)
                | Q(start_time__isnull=False, end_time__isnull=False),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ends_after_it_starts",
                condition=Q(end_time__isnull=True)
                | Q(end_time__gt=F("start_time"))
                | Q(end_time="00:00:00"),
            ),
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_once_without_the_week",
                fields=["role", "day"],
                condition=Q(start_time__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        if self.adds:
            return f"{self.day} {self.start_time}-{self.end_time}"
        return f"{self.day} without the weekly hours"

    @property
    def adds(self) -> bool:
        return self.start_time is not None


class NotAvailableTime(models.Model):
    """Leave: a practitioner is away. FHIR: Availability.notAvailableTime.

    `reason` is for staff only.
    """

    practitioner = models.ForeignKey(
        "clinic.Practitioner", models.CASCADE, related_name="leave"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
            )
        ]
        indexes = [models.Index(fields=["practitioner", "ends_at"])]

    def __str__(self) -> str:
        return f"{self.practitioner} away from {self.starts_at:%Y-%m-%d %H:%M}"
