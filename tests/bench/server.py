"""The processor's time of PostgreSQL itself: for a booking, and for the least it could be.

The least is one transaction of three inserts, a person, an appointment that may not
overlap another and what happened, by prepared statements and without all else. Its
tables hold as many appointments as the clinic's.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from django.db import connection, transaction

from bookings.models import Appointment
from tests.bench.booking import CLIENTS, Desk

TURNS, BOOKINGS, TRANSACTIONS = 25, 12, 60  # so many of each in a turn
TABLES = (
    "CREATE TABLE bench_person (id BIGSERIAL PRIMARY KEY, name TEXT, mail TEXT)",
    """CREATE TABLE bench_appointment (
        id BIGSERIAL PRIMARY KEY,
        person BIGINT REFERENCES bench_person,
        practitioner BIGINT,
        starts_at TIMESTAMPTZ,
        ends_at TIMESTAMPTZ,
        EXCLUDE USING gist (
            practitioner WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&))""",
    """CREATE TABLE bench_event (
        id BIGSERIAL PRIMARY KEY,
        appointment BIGINT REFERENCES bench_appointment,
        what TEXT,
        at TIMESTAMPTZ)""",
)
PERSON = "INSERT INTO bench_person (name, mail) VALUES (%s, %s) RETURNING id"
APPOINTMENT = """
    INSERT INTO bench_appointment (person, practitioner, starts_at, ends_at)
    VALUES (%s, %s, to_timestamp(%s), to_timestamp(%s)) RETURNING id"""
# As many as there are, half an hour each, ahead of all that are made afterwards.
HISTORY = (
    "INSERT INTO bench_person (name, mail)"
    " SELECT 'somebody', 'somebody@example.com' FROM generate_series(1, %s)",
    """INSERT INTO bench_appointment (person, practitioner, starts_at, ends_at)
        SELECT number, number %% 20, to_timestamp(-number * 3600),
            to_timestamp(-number * 3600 + 1800) FROM generate_series(1, %s) AS number""",
    "INSERT INTO bench_event (appointment, what, at)"
    " SELECT number, 'booked', now() FROM generate_series(1, %s) AS number",
)
EVENT = "INSERT INTO bench_event (appointment, what, at) VALUES (%s, %s, now())"


def measure(desk: Desk) -> list[dict[str, float]]:
    """Turn by turn milliseconds of the server's process, if it can be looked at."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    if not is_here(pid):
        return []
    book = desk.in_process(CLIENTS - 1)
    with floor(Appointment.objects.count()) as three:
        for _ in range(BOOKINGS):  # what is asked is planned by then
            book()
            three()
        return [
            {"B1": each(pid, BOOKINGS, book), "floor": each(pid, TRANSACTIONS, three)}
            for _ in range(TURNS)
        ]


def is_here(pid: int) -> bool:
    """Whether the server runs on this machine and this is its process."""
    name = Path(f"/proc/{pid}/comm")
    known = name.exists() and name.read_text().startswith("postgres")
    return known and Path(f"/proc/{pid}/schedstat").exists()


def each(pid: int, many: int, work: Callable[[], object]) -> float:
    before = used(pid)
    for _ in range(many):
        work()
    return (used(pid) - before) / many


def used(pid: int) -> float:
    """Milliseconds that a process has had of the processor."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1_000_000


@contextmanager
def floor(many: int) -> Iterator[Callable[[], None]]:
    """One of the transactions, with as many behind it; its tables go in the end."""
    numbers = count()

    def three() -> None:
        number = next(numbers)
        begins = number * 3600
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(PERSON, ["somebody", "somebody@example.com"])
            values = [*cursor.fetchone(), number % 20, begins, begins + 1800]
            cursor.execute(APPOINTMENT, values)
            cursor.execute(EVENT, [*cursor.fetchone(), "booked"])

    names = ("bench_event", "bench_appointment", "bench_person")
    with connection.cursor() as cursor:
        for sql in TABLES:
            cursor.execute(sql)
        for sql in HISTORY:
            cursor.execute(sql, [many])
    try:
        yield three
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {', '.join(names)}")
