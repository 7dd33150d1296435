"""Letting go of holds that are over: no job does it, whoever wants their time does."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from bookings.models import Claim


def release(now: datetime, **owners: Collection[int]) -> int:
    """Delete claims of holds that are over, of owners who are locked; how many.

    `owners` are ids by key: practitioner, patient and so on. Only claims of those who
    are locked are touched, so that two who release never wait for each other. What is
    left of such a hold counts as free, and goes when its own owner is wanted.
    """
    theirs = Q(pk__in=[])
    for key, ids in owners.items():
        theirs |= Q(**{f"{key}__in": list(ids)})
    return Claim.objects.filter(theirs, held_until__lte=now).delete()[0]
