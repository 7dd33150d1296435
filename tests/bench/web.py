"""The pages and the bookings over HTTP, against the web server of production."""

import os
from collections import defaultdict
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.utils import timezone

from bookings import slots
from tests.bench import workload
from tests.bench.booking import CLIENTS, Desk
from tests.races.processes import Crowd, Port, crowd, gunicorn

EIGHT = 8
ROUNDS = 6
TURNS = 32  # short ones: a machine that others use too is seldom quiet for long
MOST_PER_SECOND = 150  # bookings that one client could make at the very most


def get(path: str) -> str:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


def somebody(clinic: workload.Workload) -> str:
    """Who has a free hour on the first Monday: the person of Q1."""
    asked = slots.ask(variant="w3_60", place=workload.PLACE)
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
    clinic: workload.Workload, desk: Desk, seconds: float, *, last: bool
) -> dict[str, float]:
    """Milliseconds of one client; requests a second of eight; p99 of sixteen."""
    connection.close()
    environment = {**os.environ, "CHILD_DATABASE_URL": os.environ["CHILD_DATABASE_URL"]}
    found: dict[str, float] = {}
    options = ["--worker-class", "sync", "--max-requests", "0"]
    with crowd("tests.bench.load", CLIENTS, environment) as clients:
        with gunicorn(environment, *options, WEB_THREADS="1") as port:
            found |= in_turn(clinic, desk, clients, port, seconds / 16)
            found["empty at 8"] = max(
                rate(all_at_once(clients, port, get("/bench/empty/"), seconds), seconds)
                for _ in range(ROUNDS)
            )
            found["B1 at 8"] = max(
                rate(book(clients, port, desk, EIGHT, seconds), seconds, 302)
                for _ in range(ROUNDS)
            )
        if last:
            options = ["--max-requests", "0"]
            with gunicorn(environment, *options, WEB_THREADS="8") as port:
                found["p99"] = min(
                    percentile(book(clients, port, desk, CLIENTS, seconds))
                    for _ in range(ROUNDS)
                )
    return found


def in_turn(
    clinic: workload.Workload, desk: Desk, clients: Crowd, port: Port, seconds: float
) -> dict[str, float]:
    """The best turn's median of each page and of a booking, and the processor's time.

    One client; milliseconds. The pages take turns, so that a machine that is slow for
    some seconds is slow for the floor too. The processor's time, which is that of the
    web server's processes, stays what it is when the machine has other work.
    """
    requests = {name: get(path) for name, path in pages(clinic).items()}
    found: dict[str, float] = {}
    used: dict[str, float] = defaultdict(float)
    answered: dict[str, int] = defaultdict(int)
    for turn in range(TURNS):
        for name, request in requests.items():
            job = {"port": port, "requests": [request], "seconds": seconds}
            if turn == 0:  # both server processes have seen it
                clients.at_once([{**job, "most": 4}])
            before = port.cpu()
            answers = clients.at_once([job])
            assert set(answers[0]["statuses"]) == {"200"}, answers[0]["statuses"]
            used[name] += 1000 * (port.cpu() - before)
            answered[name] += len(answers[0]["took"])
            keep(found, name, middle(answers))
        keep(found, "B1", middle(book(clients, port, desk, 1, seconds)))
    return found | {f"{name} cpu": used[name] / answered[name] for name in requests}


def keep(found: dict[str, float], name: str, value: float) -> None:
    found[name] = min(value, found.get(name, value))


def all_at_once(clients: Crowd, port: Port, request: str, seconds: float) -> Any:
    job = {"port": port, "requests": [request], "seconds": seconds}
    return clients.at_once([job] * EIGHT)


def book(clients: Crowd, port: Port, desk: Desk, many: int, seconds: float) -> Any:
    """Each client books one free time after another."""
    each = int(seconds * MOST_PER_SECOND)
    jobs = [
        {
            "port": port,
            "requests": [desk.request(client) for _ in range(each)],
            "seconds": seconds,
            "most": each,
        }
        for client in range(many)
    ]
    answers = clients.at_once(jobs)
    for answer in answers:
        assert set(answer["statuses"]) == {"302"}, answer["statuses"]
    return answers


def middle(answers: Any) -> float:
    return percentile(answers, 0.5)


def percentile(answers: Any, part: float = 0.99) -> float:
    took = sorted(chain.from_iterable(answer["took"] for answer in answers))
    return float(took[int(part * (len(took) - 1))]) * 1000


def rate(answers: Any, seconds: float, status: int = 200) -> float:
    done = sum(answer["statuses"].get(str(status), 0) for answer in answers)
    return float(done) / seconds
