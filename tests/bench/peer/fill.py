"""Fills its database; run by its own Python, and told what to write by stdin.

The first line is JSON: how many of what. Each other line is an appointment: number of
the practitioner, of the patient and of the treatment, day, start and end. Answers with
the keys of what it made.
"""

import json
import sys
from collections.abc import Iterator
from datetime import date, time, timedelta
from itertools import islice
from typing import Any

import django

django.setup()

from appointment.models import (  # noqa: E402 -- Django is set up first
    Appointment,
    AppointmentRequest,
    Config,
    Service,
    StaffMember,
    Unavailability,
    WorkingHours,
)
from django.contrib.auth import (  # noqa: E402 -- the same
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
)
from django.contrib.auth.models import User  # noqa: E402 -- the same
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402 -- the same
from django.core.management import call_command  # noqa: E402 -- the same
from django.db import connection  # noqa: E402 -- the same

OPENS, CLOSES, GRID = time(9), time(17), 15
MONDAY_TO_FRIDAY = range(1, 6)  # it counts from Sunday
LOT = 5_000


def people(kind: str, many: int) -> list[User]:
    """Accounts with an address, without a password."""
    return User.objects.bulk_create(
        [
            User(
                username=f"{kind}{number}",
                first_name=kind.title(),
                last_name=f"Doe{number}",
                email=f"{kind}{number}@example.com",
                password="!",
            )
            for number in range(many)
        ],
        batch_size=LOT,
    )


def services(lengths: list[int]) -> list[Service]:
    return [
        Service.objects.create(
            name=f"w{number}_{minutes}", duration=timedelta(minutes=minutes), price=100
        )
        for number, minutes in enumerate(lengths)
    ]


def staff(told: dict[str, Any], offered: list[Service]) -> list[StaffMember]:
    """Everybody does everything; lunch is what it has for it, an absence of each day."""
    found = []
    monday = date.fromisoformat(told["monday"])
    for number, user in enumerate(people("staff", told["staff"])):
        member = StaffMember.objects.create(user=user)
        member.services_offered.set(offered)
        lunch = time.fromisoformat(told["lunches"][number % len(told["lunches"])])
        WorkingHours.objects.bulk_create(
            WorkingHours(
                staff_member=member,
                day_of_week=day,
                start_time=OPENS,
                end_time=CLOSES,
            )
            for day in MONDAY_TO_FRIDAY
        )
        Unavailability.objects.bulk_create(
            Unavailability(
                staff_member=member,
                date=monday + timedelta(days=day),
                start_time=lunch,
                end_time=lunch.replace(hour=lunch.hour + 1),
            )
            for day in range(told["days"])
            if day % 7 < 5
        )
        found.append(member)
    return found


def appointments(
    lines: Iterator[str], members: list[StaffMember], clients: list[User], offered: Any
) -> int:
    """A request and an appointment for each line, a lot at a time."""
    written = 0
    while lot := [line.split() for line in islice(lines, LOT)]:
        requests = AppointmentRequest.objects.bulk_create(
            AppointmentRequest(
                date=date.fromisoformat(day),
                start_time=time.fromisoformat(start),
                end_time=time.fromisoformat(end),
                service=offered[int(service)],
                staff_member=members[int(member)],
                id_request=f"request{written + number}",
            )
            for number, (member, _, service, day, start, end) in enumerate(lot)
        )
        Appointment.objects.bulk_create(
            Appointment(
                client=clients[int(line[1])],
                appointment_request=request,
                phone="+12015550123",
                amount_to_pay=100,
                id_request=f"appointment{request.id}",
            )
            for request, line in zip(requests, lot, strict=True)
        )
        written += len(lot)
    return written


def signed_in(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def main() -> None:
    told = json.loads(sys.stdin.readline())
    call_command("migrate", verbosity=0)
    call_command("migrate", run_syncdb=True, verbosity=0)  # what has no migrations
    Config.objects.create(
        slot_duration=GRID,
        lead_time=OPENS,
        finish_time=CLOSES,
        appointment_buffer_time=0,
        website_name="W",
    )
    offered = services(told["lengths"])
    members = staff(told, offered)
    clients = people("client", told["clients"])
    written = appointments(iter(sys.stdin), members, clients, offered)
    with connection.cursor() as cursor:
        for tidy in told["tidy"]:
            cursor.execute(tidy)
    made = {
        "written": written,
        "staff": [member.pk for member in members],
        "services": [service.pk for service in offered],
        "sessions": [signed_in(client) for client in clients[: told["sessions"]]],
    }
    # It writes its log to stdout; what was made is the last line.
    print(json.dumps(made))


if __name__ == "__main__":
    main()
