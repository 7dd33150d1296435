"""What is said about cancelling, for the pages that show it before a click."""

from datetime import datetime
from typing import NamedTuple

from bookings.models import CancellationPolicy


class Terms(NamedTuple):
    """A policy as it applies to one start. `is_late`: its cut-off has passed."""

    policy: CancellationPolicy
    cut_off: datetime
    is_late: bool


def terms_of(
    policy: CancellationPolicy | None, starts_at: datetime, now: datetime
) -> Terms | None:
    if policy is None:
        return None
    cut_off = policy.cut_off(starts_at)
    return Terms(policy, cut_off, now >= cut_off)
