"""The pages and the bookings over HTTP, against the web server of production."""

import os
from collections import defaultdict
from collections.abc import Callable
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.utils import timezone

from bookings import slots
from bookings.question import ask
from tests.bench import workload
from tests.bench.booking import CLIENTS, Desk
from tests.races.processes import Crowd, Port, crowd, gunicorn

EIGHT = 8
ROUNDS = 9
TURNS = 32  # short ones: a machine that others use too is seldom quiet for long
MOST_PER_SECOND = 150  # bookings that one client could make at the very most


def get(path: str) -> str:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


def somebody(clinic: workload.Workload) -> str:
    """Who has a free hour on the first Monday: the person of Q1."""
    asked = ask(variant="w3_60", place=workload.PLACE)
    free = slots.open_slots(asked, first_day=clinic.monday, days=1, now=timezone.now())
    return free[0].practitioner.slug


def pages(clinic: workload.Workload) -> dict[str, str]:
    """The addresses behind which Q1 and Q2 are asked, the catalogue's, and the floor's."""
    place = workload.PLACE
    who = somebody(clinic)
    day = {"first": clinic.monday.isoformat()}
    one = urlencode({"place": place, "practitioner": who, "days": 1, **day})
    month = urlencode({"place": place, "days": workload.DAYS, **day})
    return {
        "empty": "/bench/empty/",
        "small": "/bench/small/",
        "Q1 page": f"/book/w3_60/?{one}",
        "Q2 page": f"/book/w3_60/?{month}",
        "home page": "/",
        "list page": "/treatments/",
        "treatment page": "/treatments/dry_needling/",
        "comparison page": "/compare/?t=dry_needling&t=microneedling",
    }


def measure(
    clinic: workload.Workload,
    desk: Desk,
    seconds: float,
    *,
    floor: Callable[[], float],
    last: bool,
) -> dict[str, Any]:
    """Turns of one client, rounds of eight, and for the `last` size p99 of sixteen.

    `floor` gives the milliseconds of the raw SQL, which is asked here.
    """
    connection.close()
    environment = {**os.environ, "CHILD_DATABASE_URL": os.environ["CHILD_DATABASE_URL"]}
    found: dict[str, Any] = {}
    options = ["--worker-class", "sync", "--max-requests", "0"]
    with crowd("tests.bench.load", CLIENTS, environment) as clients:
        with gunicorn(environment, *options, WEB_THREADS="1") as port:
            found |= in_turn(clinic, desk, clients, port, floor, seconds / 16)
            found["at eight"] = at_eight(desk, clients, port, seconds)
        if last:
            options = ["--max-requests", "0"]
            with gunicorn(environment, *options, WEB_THREADS="8") as port:
                found["p99"] = min(
                    percentile(book(clients, port, desk, CLIENTS, seconds))
                    for _ in range(ROUNDS)
                )
    return found


def in_turn(
    clinic: workload.Workload,
    desk: Desk,
    clients: Crowd,
    port: Port,
    floor: Callable[[], float],
    seconds: float,
) -> dict[str, Any]:
    """Each turn's milliseconds of every page, a booking and the raw SQL; one client.

    They take turns, so that a machine that is slow for some seconds is slow for the
    floor too. Beside them the processor's time of the web server's processes.
    """
    requests = {name: get(path) for name, path in pages(clinic).items()}
    used: dict[str, float] = defaultdict(float)
    answered: dict[str, int] = defaultdict(int)
    turns = []
    for request in requests.values():  # both server processes have seen it
        job = {"port": port, "requests": [request], "seconds": seconds, "most": 4}
        clients.at_once([job])
    for _ in range(TURNS):
        turn = {"raw": floor()}
        for name, request in requests.items():
            job = {"port": port, "requests": [request], "seconds": seconds}
            before = port.cpu()
            answers = clients.at_once([job])
            assert set(answers[0]["statuses"]) == {"200"}, answers[0]["statuses"]
            used[name] += 1000 * (port.cpu() - before)
            answered[name] += len(answers[0]["took"])
            turn[name] = middle(answers)
        turn["B1"] = middle(book(clients, port, desk, 1, seconds))
        turns.append(turn)
    return {
        "turns": turns,
        **{f"{name} cpu": used[name] / answered[name] for name in requests},
    }


def at_eight(
    desk: Desk, clients: Crowd, port: Port, seconds: float
) -> list[dict[str, float]]:
    """Round by round what eight clients get in a second: of the floor, and booked."""
    rounds = []
    for _ in range(ROUNDS):
        answers = all_at_once(clients, port, get("/bench/empty/"), seconds)
        empty = rate(answers, seconds)
        answers = book(clients, port, desk, EIGHT, seconds)
        rounds.append({"empty": empty, "B1": rate(answers, seconds, 302)})
    return rounds


def all_at_once(clients: Crowd, port: Port, request: str, seconds: float) -> Any:
    job = {"port": port, "requests": [request], "seconds": seconds}
    return clients.at_once([job] * EIGHT)


def book(clients: Crowd, port: Port, desk: Desk, many: int, seconds: float) -> Any:
    """Each client books one free time after another."""
    each = int(seconds * MOST_PER_SECOND)
    jobs = [
        {
            "port": port,
            "requests": desk.requests(client, each),
            "seconds": seconds,
            "most": each,
        }
        for client in range(many)
    ]
    answers = clients.at_once(jobs)
    for client, answer in enumerate(answers):
        assert set(answer["statuses"]) == {"302"}, answer["statuses"]
        desk.spent(client, len(answer["took"]))
    return answers


def middle(answers: Any) -> float:
    return percentile(answers, 0.5)


def percentile(answers: Any, part: float = 0.99) -> float:
    took = sorted(chain.from_iterable(answer["took"] for answer in answers))
    return float(took[int(part * (len(took) - 1))]) * 1000


def rate(answers: Any, seconds: float, status: int = 200) -> float:
    done = sum(answer["statuses"].get(str(status), 0) for answer in answers)
    return float(done) / seconds
