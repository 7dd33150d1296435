"""What it is asked and told over HTTP, where we are asked once."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from tests.bench import workload
from tests.bench.booking import AFTER, STARTS
from tests.bench.web import get
from tests.races.client import TOKEN

BOOKINGS = 4  # in a turn, each by somebody else
THIRTY, SIXTY, NINETY = 0, 3, 5  # treatments: those of B1, of Q1 and Q2, of Q3


@dataclass
class Peer:
    """Its requests, by the keys of its practitioners, treatments and sessions."""

    monday: date
    staff: list[int]
    services: list[int]
    sessions: list[str]

    def starts(self, member: int, day: int) -> str:
        asked = {
            "selected_date": self.monday + timedelta(days=day),
            "staff_member": self.staff[member],
            "service_id": self.services[SIXTY],
        }
        return f"/ajax/available_slots/?{urlencode(asked)}"

    def month(self) -> list[str]:
        """Q2: every practitioner and day of it."""
        return [
            ajax(self.starts(member, day))
            for day in range(workload.DAYS)
            for member in range(len(self.staff))
        ]

    def first(self) -> list[str]:
        """Q3: the first day of every practitioner."""
        path = f"/ajax/request_next_available_slot/{self.services[NINETY]}/"
        return [ajax(f"{path}?staff_member={pk}") for pk in self.staff]

    def bookings(self, turn: int) -> dict[str, list[str]]:
        """B1: what asks for a time, and what says by whom and books."""
        chosen, day = [], self.monday + AFTER + timedelta(days=turn // 5 * 7 + turn % 5)
        mine = range(turn * BOOKINGS, (turn + 1) * BOOKINGS)
        for number in mine:
            start = datetime.combine(day, STARTS[number % BOOKINGS])
            form = {
                "date": day,
                "start_time": start.time(),
                "end_time": (start + timedelta(minutes=30)).time(),
                "service": self.services[THIRTY],
                "staff_member": self.staff[0],
            }
            chosen.append(post("/request-submit/", self.sessions[number], form))
        who = {"name": "Pat Doe", "phone_0": "US", "phone_1": "2015550123"}
        told = {**who, "address": "", "additional_info": "", "payment_type": "full"}
        then = [post("{location}", self.sessions[number], told) for number in mine]
        return {"requests": chosen, "then": then}


def ajax(path: str) -> str:
    return get(path).replace("\r\n", "\r\nX-Requested-With: XMLHttpRequest\r\n", 1)


def post(path: str, session: str, form: dict[str, Any]) -> str:
    body = urlencode({**form, "csrfmiddlewaretoken": TOKEN})
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Cookie: sessionid={session}; csrftoken={TOKEN}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}"
    )
