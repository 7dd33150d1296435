"""The desk sees what a change would break before it is made."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from bookings.turnstile import in_line
from clinic import changes
from clinic.changes import Outcome

SEEN = "breaks_seen"


def unless_broken(request: HttpRequest, change: Callable[[], Any]) -> Outcome | None:
    """Make a change; or nothing, and what it would break that was not shown before."""
    seen = request.POST.get(SEEN, "")
    with in_line():
        _, outcome = changes.made(
            change, by=request.user, now=timezone.now(), seen=seen
        )
    return None if changes.is_seen(outcome, seen) else outcome


def shown(outcome: Outcome | None) -> dict[str, Any]:
    """What `bookings/_breaks.html` draws."""
    return {"breaks": outcome, "breaks_seen": SEEN, "sees_patients": True}
