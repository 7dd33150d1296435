"""Books at a given moment through the action itself, with protections taken away.

The application has no switch for that: this process, which is a test's child, puts
nothing in the place of a lock or a transaction. It shows what the races would find.
"""

import contextlib
import json
import sys
import time
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from unittest import mock

import django

django.setup()

from bookings import actions, slots  # noqa: E402 -- Django is set up first
from clinic.models import Patient  # noqa: E402 -- the same

HESITATION = 0.05  # seconds between the question and the writing, if not told
booking = sys.modules["bookings.actions.book"]  # its name there is the action's
turn = sys.modules["bookings.actions.turn"]
write = booking._write


def hesitantly(seconds: float) -> Any:
    def write_later(*args: Any) -> Any:
        time.sleep(seconds)
        return write(*args)

    return write_later


def nothing(*args: Any, **kwargs: Any) -> Any:
    return contextlib.nullcontext()


AWAY = {
    "lock": {"lock": nothing, "in_line": nothing},
    "transaction": {"transaction": SimpleNamespace(atomic=nothing)},
}


def book(job: dict[str, Any]) -> dict[str, Any]:
    asked = slots.ask(
        variant=job["variant"],
        place=job["place"],
        practitioner=job["practitioner"],
        patient=Patient.objects.get(pk=job["patient"]),
    )
    at, now = (datetime.fromisoformat(job[name]) for name in ("at", "now"))
    with contextlib.ExitStack() as changed:
        slow = hesitantly(job.get("hesitates", HESITATION))
        changed.enter_context(mock.patch.object(booking, "_write", slow))
        for name in job["without"]:
            changed.enter_context(mock.patch.multiple(turn, **AWAY[name]))
        time.sleep(max(0, job["moment"] - time.monotonic()))
        try:
            actions.book(asked=asked, at=at, by=None, now=now)
        except actions.NotBookable as refused:
            return {"booked": False, "why": [f.code for f in refused.findings]}
        except django.db.OperationalError as problem:
            return {"booked": False, "why": [str(problem)]}
    return {"booked": True}


def main() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(book(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
