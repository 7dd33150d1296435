"""django-appointment beside us: its questions and bookings, in turns with ours.

Its clinic holds the very appointments of ours, its web server and its database are
those of ours. What we answer in one request, it answers in many: Q2 by a request for
each practitioner and day, Q3 by one for each practitioner, B1 by two POSTs.
"""

import json
import os
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.utils import timezone

from bookings import slots
from bookings.models import Appointment
from bookings.question import ask
from tests.bench import web, workload
from tests.bench.booking import Desk
from tests.bench.peer.questions import BOOKINGS, Peer, ajax
from tests.bench.peer.run import filled, served
from tests.races.processes import Crowd, Port, crowd, gunicorn

WARM = 3  # turns of bookings before: what is asked often is planned by then
TURNS = 16  # in all of them together Q2 is asked once
LONG = 120  # seconds that a turn's list of requests may take at the very most


def measure(
    clinic: workload.Workload,
    desk: Desk,
    seconds: float,
    url: str,
    first: Callable[[], float],
) -> dict[str, Any]:
    """Turn by turn the milliseconds of ours and of theirs, at the size there is.

    `first` gives the milliseconds of our Q3, which is asked here; both are asked as the
    first of the 28 days begins, as in the measurement that the bound comes from.
    """
    made = filled(url, written(clinic, desk))
    assert made["written"] == clinic.written
    peer = Peer(clinic.monday, made["staff"], made["services"], made["sessions"])
    slugs = [role.practitioner.slug for role in clinic.roles]
    one = ajax(peer.starts(slugs.index(web.somebody(clinic)), 0))
    pages = {name: web.get(path) for name, path in our_pages(clinic).items()}
    ours = starts_of_monday(clinic, slugs)
    connection.close()
    environment = dict(os.environ)
    options = ["--worker-class", "sync", "--max-requests", "0"]
    with (
        gunicorn(environment, *options, WEB_THREADS="1") as here,
        served(url, clinic.begins) as there,
        crowd("tests.bench.load", 1, environment) as clients,
    ):
        theirs = starts_there(there, peer)
        assert ours <= theirs, "it has not a start that we have"
        both = Both(clients, here, there, seconds / 16)
        both.warm(pages, [one, *peer.month()[:8], *peer.first()[:8]])
        for number in range(WARM):
            web.book(clients, here, desk, 1, both.seconds)
            both.it_books(peer, number)
        turns = []
        for number in range(TURNS):
            of_us = both.ask_us(pages) | {"Q3": first()}
            booked = web.book(clients, here, desk, 1, both.seconds)
            of_us["B1"] = web.middle(booked)
            turns.append(of_us | both.ask_it(number, peer, one))
    return {"turns": turns, "ours": len(ours), "theirs": len(theirs)}


def our_pages(clinic: workload.Workload) -> dict[str, str]:
    """An empty one, Q1 and Q2; and Q3: today's times, or where there is none, the next."""
    known = web.pages(clinic)
    asked = urlencode({"place": workload.PLACE, "days": 1})
    ours = {name: known[name] for name in ("empty", "Q1 page", "Q2 page")}
    return {**ours, "Q3 page": f"/book/w5_90/?{asked}"}


def written(clinic: workload.Workload, desk: Desk) -> Iterator[str]:
    """What fills its clinic: how many of what, then each appointment of ours."""
    yield json.dumps(
        {
            "staff": len(clinic.roles),
            "lunches": [lunch.isoformat() for lunch in workload.LUNCHES],
            "lengths": workload.LENGTHS,
            "clients": clinic.patients,
            "sessions": (WARM + TURNS) * BOOKINGS,
            "monday": str(clinic.monday),
            "days": workload.DAYS,
            "tidy": workload.TIDY[connection.vendor],
        }
    )
    staff = {role.practitioner_id: at for at, role in enumerate(clinic.roles)}
    services = {variant.pk: at for at, variant in enumerate(clinic.variants)}
    rows = (
        Appointment.objects.filter(pk__lte=desk.last)
        .order_by("pk")
        .values_list(
            "practitioner_id", "patient_id", "variant_id", "starts_at", "ends_at"
        )
    )
    for who, patient, what, starts, ends in rows.iterator():
        wall = starts.astimezone(workload.ZONE)
        until = ends.astimezone(workload.ZONE)
        yield (
            f"{staff[who]} {patient - 1} {services[what]}"
            f" {wall:%Y-%m-%d} {wall:%H:%M} {until:%H:%M}"
        )


def starts_of_monday(
    clinic: workload.Workload, slugs: list[str]
) -> set[tuple[int, str]]:
    """Ours of the first day: who, by number, and when, by the clock on the wall."""
    asked = ask(variant="w3_60", place=workload.PLACE)
    found = slots.open_slots(asked, first_day=clinic.monday, days=1, now=timezone.now())
    return {
        (
            slugs.index(slot.practitioner.slug),
            f"{slot.start.astimezone(workload.ZONE):%Y-%m-%dT%H:%M:%S}",
        )
        for slot in found
    }


def starts_there(port: Port, peer: Peer) -> set[tuple[int, str]]:
    """Those that it has: ours and more, for it knows of no rooms."""
    found = set()
    for member in range(len(peer.staff)):
        address = f"http://127.0.0.1:{port}{peer.starts(member, 0)}"
        headers = {"X-Requested-With": "XMLHttpRequest"}
        question = urllib.request.Request(address, headers=headers)
        with urllib.request.urlopen(question, timeout=LONG) as answer:  # noqa: S310
            told = json.load(answer)["available_slots"]
        found |= {(member, start) for start, _ in told}
    return found


@dataclass
class Both:
    """The two web servers, and the client that asks them in turns."""

    clients: Crowd
    here: Port
    there: Port
    seconds: float

    def warm(self, pages: dict[str, str], theirs: list[str]) -> None:
        """Both processes of each have seen it."""
        for port, requests in ((self.here, [*pages.values()]), (self.there, theirs)):
            self.took(port, requests * 4, seconds=LONG, most=len(requests) * 4)

    def took(self, port: Port, requests: list[str], **more: Any) -> list[float]:
        """Milliseconds of each request, all of which are answered."""
        job = {"port": port, "requests": requests, "seconds": self.seconds, **more}
        [answer] = self.clients.at_once([job])
        expected = {"302"} if "then" in more else {"200"}
        assert set(answer["statuses"]) == expected, answer["statuses"]
        return [1000 * each for each in answer["took"]]

    def ask_us(self, pages: dict[str, str]) -> dict[str, float]:
        return {
            name: median(self.took(self.here, [request]))
            for name, request in pages.items()
        }

    def ask_it(self, number: int, peer: Peer, one: str) -> dict[str, float]:
        """Q1, a sixteenth of Q2, Q3 and some bookings."""
        month, first = peer.month()[number::TURNS], peer.first()
        day = self.took(self.there, [one])
        part = self.took(self.there, month, seconds=LONG, most=len(month))
        days = self.took(self.there, first, seconds=LONG, most=len(first))
        booked = self.it_books(peer, WARM + number)
        return {
            "its Q1": median(day),
            "its Q2": sum(part) * TURNS,
            "its Q3": sum(days),
            "its B1": median(booked),
        }

    def it_books(self, peer: Peer, lot: int) -> list[float]:
        booked = peer.bookings(lot)
        return self.took(self.there, seconds=LONG, most=BOOKINGS, **booked)
