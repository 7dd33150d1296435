"""One database, all sizes: fills it, asks, books, and writes what it found as JSON.

Called by `python -m tests.bench` in a process of its own for each database.
"""

import json
import signal
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402 -- Django is set up first
from django.db import connection  # noqa: E402 -- the same
from django.test.utils import CaptureQueriesContext  # noqa: E402 -- the same
from django.utils import timezone  # noqa: E402 -- the same

from bookings import rulebook, slots  # noqa: E402 -- the same
from bookings.question import ask  # noqa: E402 -- the same
from tests.bench import beside, booking, server, web, workload  # noqa: E402 -- the same

FIRST = {"variant": "w3_60", "place": workload.PLACE}
LONGEST = {"variant": "w5_90", "place": workload.PLACE}
ROUNDS, TIMES = 25, 8


def in_turn(works: dict[str, Callable[[], Any]]) -> list[dict[str, float]]:
    """Milliseconds of each work, round by round: the median of some times."""
    for work in works.values():
        work()
    return [{name: middle(work) for name, work in works.items()} for _ in range(ROUNDS)]


def middle(work: Callable[[], Any]) -> float:
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return statistics.median(took) * 1000


def raw(clinic: workload.Workload) -> Callable[[], Any]:
    """The floor's SQL: the busy stretches of everybody in 28 days, as integers."""
    ids = ", ".join(str(role.practitioner_id) for role in clinic.roles)
    if connection.vendor == "sqlite":
        form = "CAST((JULIANDAY({}) - 2440587.5) * 1440 + 0.5 AS INTEGER)"
    else:
        form = "CAST(EXTRACT(EPOCH FROM {}) AS BIGINT)"
    sql = (
        f"SELECT practitioner_id, {form.format('starts_at')}, {form.format('ends_at')}"  # noqa: S608 -- ids of our own
        f" FROM bookings_claim WHERE practitioner_id IN ({ids})"
        " AND ends_at > %s AND starts_at < %s"
    )
    first = datetime.combine(clinic.monday, datetime.min.time(), UTC)
    window = [first, first + timedelta(days=workload.DAYS + 1)]
    if connection.vendor == "sqlite":
        window = [f"{moment:%Y-%m-%d %H:%M:%S}" for moment in window]

    def ask() -> int:
        with connection.cursor() as cursor:
            cursor.execute(sql, window)
            return len(cursor.fetchall())

    return ask


def questions(clinic: workload.Workload, now: datetime) -> dict[str, Callable[[], Any]]:
    """Q1, Q2 and Q3 as the pages and commands ask them."""
    who, monday = web.somebody(clinic), clinic.monday

    def one() -> Any:
        asked = ask(practitioner=who, **FIRST)
        return slots.open_slots(asked, first_day=monday, days=1, now=now)

    def anybody() -> Any:
        asked = ask(**FIRST)
        return slots.open_slots(asked, first_day=monday, days=workload.DAYS, now=now)

    def first() -> Any:
        return slots.first_open(ask(**LONGEST), now=now)

    return {"Q1": one, "Q2": anybody, "Q3": first}


def ask_all(clinic: workload.Workload) -> dict[str, Any]:
    """The questions inside this process: time, statements, and how much they found."""
    rulebook._kept.clear()
    began = time.perf_counter()
    rulebook.current()
    found: dict[str, Any] = {"cold": (time.perf_counter() - began) * 1000}
    asked = questions(clinic, timezone.now())
    found["rounds"] = in_turn({"raw": raw(clinic), **asked})
    for name, put in asked.items():
        with CaptureQueriesContext(connection) as statements:
            answer = put()
        found[f"{name} statements"] = len(statements)
        if isinstance(answer, list):
            starts = {slot.start for slot in answer}
            found[f"{name} found"] = [len(answer), len(starts)]
    return found


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sizes, seconds, peer = sys.argv[1].split(","), float(sys.argv[2]), sys.argv[3]
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    today = timezone.now().astimezone(workload.ZONE).date()
    clinic = workload.Workload(today + timedelta(days=7 - today.weekday()))
    clinic.make_clinic()
    found: dict[str, Any] = {"monday": str(clinic.monday), "sizes": {}}
    for size in sizes:
        began = time.monotonic()
        clinic.grow(size)
        of_size: dict[str, Any] = {"filled in": time.monotonic() - began}
        of_size |= {"reaches": str(clinic.reaches), **ask_all(clinic)}
        desk = booking.Desk(clinic)
        of_size["B1 statements"] = booking.statements(desk)
        floor, last = partial(middle, raw(clinic)), size == sizes[-1]
        of_size |= web.measure(clinic, desk, seconds, floor=floor, last=last)
        if last:
            of_size["server"] = server.measure(desk)
        if last and peer:
            asked = questions(clinic, clinic.begins)
            first = partial(middle, asked["Q3"])
            of_size["beside"] = beside.measure(clinic, desk, seconds, peer, first)
        desk.undo()
        found["sizes"][size] = of_size
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
