"""When the rules last changed."""

from django.db import models


class RulebookStamp(models.Model):
    """One row whose `stamp` a database trigger replaces at every change of a rule.

    The rulebook in memory is good while its stamp is this one (see
    `bookings.rulebook` and `bookings.guards`).
    """

    stamp = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.stamp
