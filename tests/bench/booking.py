"""Bookings over HTTP: the requests, each for a time that nobody has."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.models import Appointment
from tests import factories
from tests.bench import workload
from tests.races.client import TOKEN
from tests.races.clinic import signed_in

CLIENTS = 16
AFTER = timedelta(days=35)  # behind the 28 days, whose appointments stay as they are
STARTS = [time(hour, minute) for hour in (9, 10, 11, 14, 15, 16) for minute in (0, 30)]


class Desk:
    """For each client somebody of the desk, a patient, a practitioner, free times.

    The desk books in one request; a patient holds the time in one and books in another.
    """

    variant = "w0_30"
    path = f"/book/{variant}/confirm/"

    def __init__(self, clinic: workload.Workload) -> None:
        self.clinic = clinic
        self.last = Appointment.objects.order_by("-pk").values_list("pk", flat=True)[0]
        self.patients = [factories.PatientFactory() for _ in range(CLIENTS)]
        self.sessions = [
            signed_in(factories.FrontDeskUserFactory()) for _ in range(CLIENTS)
        ]
        self.times = [self._free(client) for client in range(CLIENTS)]
        self.ready: list[list[str]] = [[] for _ in range(CLIENTS)]

    def _free(self, client: int) -> Iterator[datetime]:
        """Every other week is for those who would not find a room in the first."""
        day: date = self.clinic.monday + AFTER
        while True:
            week = (day - self.clinic.monday).days // 7
            if day.weekday() < 5 and week % 2 == client // workload.ROOMS % 2:
                for wall in STARTS:
                    yield datetime.combine(day, wall, workload.ZONE)
            day += timedelta(days=1)

    def undo(self) -> None:
        """Take back what was booked, so that the next size holds what it should."""
        Appointment.objects.filter(pk__gt=self.last).delete()

    def form(self, client: int) -> dict[str, str]:
        return {
            "for": str(self.patients[client].uid),
            "place": workload.PLACE,
            "practitioner": self.clinic.roles[client].practitioner.slug,
            "at": next(self.times[client]).isoformat(timespec="minutes"),
            "submission": str(uuid4()),
            "csrfmiddlewaretoken": TOKEN,
        }

    def in_process(self, client: int) -> Callable[[], None]:
        """What books the next time of a client without a web server."""
        browser = Client(enforce_csrf_checks=True)
        browser.cookies["sessionid"] = self.sessions[client]
        browser.cookies["csrftoken"] = TOKEN

        def book() -> None:
            browser.cookies.pop("messages", None)  # nobody looks at them
            answer = browser.post(self.path, self.form(client))
            assert answer.status_code == 302, answer.status_code

        return book

    def requests(self, client: int, many: int) -> list[str]:
        """The next ones of a client; those that were sent are `spent`."""
        ready = self.ready[client]
        ready += [self._request(client) for _ in range(many - len(ready))]
        return ready[:many]

    def spent(self, client: int, many: int) -> None:
        del self.ready[client][:many]

    def _request(self, client: int) -> str:
        """A whole POST, with session and CSRF token."""
        body = urlencode(self.form(client))
        return (
            f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Cookie: sessionid={self.sessions[client]}; csrftoken={TOKEN}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}"
        )


def statements(desk: Desk) -> int:
    """How many statements one booking takes, BEGIN and COMMIT not counted."""
    book = desk.in_process(0)
    with CaptureQueriesContext(connection) as found:
        book()
    return sum(counted(query["sql"]) for query in found)


def counted(sql: str) -> bool:
    words: Any = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return not sql.upper().startswith(words)
