"""Books, moves or confirms at a given moment, with protections taken away.

Through the action itself: whatever the job names in `does`.

The application has no switch for that: this process, which is a test's child, puts
nothing in the place of a lock or a transaction. It shows what the races would find.
"""

import contextlib
import json
import sys
import time
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from types import SimpleNamespace
from typing import Any
from unittest import mock

import django
from django.db.models import QuerySet

django.setup()

from bookings import actions  # noqa: E402 -- Django is set up first
from bookings.models import Appointment  # noqa: E402 -- the same
from bookings.question import ask  # noqa: E402 -- the same
from clinic.models import Patient  # noqa: E402 -- the same

HESITATION = 0.05  # seconds between the question and the writing, if not told
turn = sys.modules["bookings.actions.turn"]
# What each action calls to write, by module, by its name there.
WRITES = {"book": "make", "move": "rewrite", "confirm": "_confirmed"}


def hesitantly(does: str, seconds: float) -> Any:
    """Let the action wait between its question and its writing."""
    module = sys.modules[f"bookings.actions.{does}"]
    write = getattr(module, WRITES[does])

    def write_later(*args: Any, **more: Any) -> Any:
        time.sleep(seconds)
        return write(*args, **more)

    return mock.patch.object(module, WRITES[does], write_later)


def nothing(*args: Any, **kwargs: Any) -> Any:
    return contextlib.nullcontext()


def unlocked(rows: QuerySet, **kwargs: Any) -> QuerySet:
    return rows.all()


def taken_away(module: Any, protections: Iterable[str]) -> contextlib.ExitStack:
    """Leave `module`'s lock, its transaction or both out until the stack is closed."""
    stack = contextlib.ExitStack()
    if "lock" in protections:
        away = mock.patch.multiple(module, lock=nothing, in_line=nothing)
        stack.enter_context(away)
        away = mock.patch.object(QuerySet, "select_for_update", unlocked)
        stack.enter_context(away)
    if "transaction" in protections:
        none = SimpleNamespace(atomic=nothing)
        stack.enter_context(mock.patch.object(module, "transaction", none))
    return stack


def prepared(job: dict[str, Any]) -> Any:
    """What is to be done at the moment, with everything read that can be before."""
    at, now = (datetime.fromisoformat(job[name]) for name in ("at", "now"))
    if "appointment" in job:
        row = Appointment.objects.with_people().get(pk=job["appointment"])
        if job["does"] == "confirm":
            return partial(actions.confirm, appointment=row, by=None, now=now)
        asked = actions.to_move(row, practitioner=job["practitioner"])
        where = {"appointment": row, "asked": asked, "at": at}
        return partial(actions.move, **where, by=None, now=now)
    asked = ask(
        variant=job["variant"],
        place=job["place"],
        practitioner=job["practitioner"],
        patient=Patient.objects.get(pk=job["patient"]),
    )
    return partial(actions.book, asked=asked, at=at, by=None, now=now)


def do(job: dict[str, Any]) -> dict[str, Any]:
    act = prepared(job)
    with contextlib.ExitStack() as changed:
        does, seconds = job.get("does", "book"), job.get("hesitates", HESITATION)
        changed.enter_context(hesitantly(does, seconds))
        changed.enter_context(taken_away(turn, job["without"]))
        time.sleep(max(0, job["moment"] - time.monotonic()))
        try:
            act()
        except actions.NotBookable as refused:
            return {"booked": False, "why": [f.code for f in refused.findings]}
        except django.db.OperationalError as problem:
            return {"booked": False, "why": [str(problem)]}
    return {"booked": True}


def main() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(do(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
