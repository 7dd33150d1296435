"""Books a course through the action itself, and stops before one of its sessions.

Where it stops it says so, and waits to be killed or goes on after a while. The application has no switch for
that: this process, which is a test's child, puts itself before the writing of a
session, and can put nothing in the place of the one transaction.
"""

import json
import sys
import time
from contextlib import ExitStack
from datetime import datetime
from typing import Any
from unittest import mock

import django

django.setup()

from django.utils import timezone  # noqa: E402 -- Django is set up first

from bookings import actions  # noqa: E402 -- the same
from bookings.actions import all_or_none  # noqa: E402 -- the same
from bookings.question import ask  # noqa: E402 -- the same
from clinic.models import Patient  # noqa: E402 -- the same
from tests.races.unguarded import taken_away  # noqa: E402 -- the same
from treatments.models import CoursePlan  # noqa: E402 -- the same

FOR_EVER = 60  # seconds; whoever waits so long was not killed
make = all_or_none.make


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def stopping(before: int, seconds: float) -> Any:
    """Write sessions as always, but wait before the one of that number."""

    def write(wanted: Any, *args: Any, **kwargs: Any) -> Any:
        if wanted.course.number == before:
            say(json.dumps({"stopped_before": before}))
            time.sleep(seconds)
        return make(wanted, *args, **kwargs)

    return write


def book(job: dict[str, Any]) -> dict[str, Any]:
    asked = ask(
        variant=job["variant"],
        place=job["place"],
        practitioner=job["practitioner"],
        patient=Patient.objects.get(pk=job["patient"]),
    )
    moments = [datetime.fromisoformat(at) for at in job["on"]]
    with ExitStack() as changed:
        changed.enter_context(taken_away(all_or_none, job.get("without", ())))
        stops = stopping(job.get("stops_before", 0), job.get("lingers", FOR_EVER))
        changed.enter_context(mock.patch.object(all_or_none, "make", stops))
        course = actions.book_course(
            plan=CoursePlan.objects.get(code=job["plan"]),
            sessions={n: (asked, at) for n, at in enumerate(moments, 1)},
            by=None,
            now=timezone.now(),
        )
    return {"booked": course.appointments.count()}


def main() -> None:
    say("ready")
    for line in sys.stdin:
        say(json.dumps(book(json.loads(line))))


if __name__ == "__main__":
    main()
