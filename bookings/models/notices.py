"""What is to be sent."""

from django.db import models


class Notice(models.Model):
    """A message that is owed, written with the change that owes it.

    The worker reads the appointment again before it sends, so nothing stale goes
    out. `key` is unique: one message per appointment, kind and start.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        DROPPED = "dropped", "No longer needed"
        FAILED = "failed", "Failed"

    class Kind(models.TextChoices):
        BOOKED = "booked", "Appointment booked"
        CANCELLED = "cancelled", "Appointment cancelled"
        MOVED = "moved", "Appointment moved"
        COURSE = "course", "Course booked or changed"

    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind)
    appointment = models.ForeignKey(
        "bookings.Appointment", models.CASCADE, related_name="notices"
    )
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        # Not `unique=True`: PostgreSQL would keep a second index for LIKE.
        constraints = [
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_each_is_owed_once", fields=["key"]
            )
        ]
        indexes = [models.Index(fields=["state", "due_at"])]

    def __str__(self) -> str:
        return self.key
