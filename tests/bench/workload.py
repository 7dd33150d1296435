"""Workload W: a clinic of 20 practitioners, and its past in three sizes.

Eight rooms, which all six treatments need, and ten devices, which the three longest
need besides. Twenty practitioners who are booked for 65 % of their minutes have no place
in eight rooms: a room or device is given away for 65 % of its own minutes, and the
appointments above that claim none, as those from before rooms were kept. The next 28 days hold the same 1,920 appointments in every size, so what grows from
size to size is history only. Rows are written past the actions, in bulk.
"""

import random
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management import call_command
from django.db import connection, models, transaction

from bookings import guards
from bookings.models import Appointment, Claim
from clinic.models import Patient
from tests import factories

ZONE = ZoneInfo("America/New_York")
PLACE = "new-york"
JURISDICTION = "US-ZZ"  # no state: the rule of this workload meets no real one
PRACTITIONERS = 20
LENGTHS = (30, 30, 45, 60, 60, 90)
AHEAD = 1_920
DAYS = 28
TIDY = {"sqlite": ["ANALYZE"], "postgresql": ["VACUUM ANALYZE", "CHECKPOINT"]}
SIZES = {"S": (2_000, 200), "M": (20_000, 2_000), "L": (200_000, 20_000)}
DAY_BEGINS, DAY_ENDS = time(9), time(17)
ROOMS, DEVICES = 8, 10
WITH_DEVICE = 60  # minutes; treatments from this length on need one
FILLED = 312  # minutes a day of a room or a device, 65 % of eight hours
LUNCHES = (time(12), time(12, 30), time(13))
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MADE = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass
class Workload:
    """The clinic, and what has been written so far."""

    monday: date
    roles: list[Any] = field(default_factory=list)
    variants: list[Any] = field(default_factory=list)
    rooms: list[Any] = field(default_factory=list)
    devices: list[Any] = field(default_factory=list)
    claims: int = 0
    patients: int = 0
    written: int = 0
    reaches: date | None = None
    dice: random.Random = field(default_factory=lambda: random.Random(20261123))

    @property
    def begins(self) -> datetime:
        """When the first of the 28 days does."""
        return datetime.combine(self.monday, time.min, ZONE)

    def make_clinic(self) -> None:
        """The shipped catalogue; practitioners who may all do everything at a place."""
        call_command("load_domain", verbosity=0)
        place = factories.LocationFactory(
            slug=PLACE,
            zone=ZONE.key,
            jurisdiction=JURISDICTION,
            horizon_days=730,
            equipment=False,
        )
        self.rooms = [factories.RoomFactory(location=place) for _ in range(ROOMS)]
        self.devices = [factories.DeviceFactory(location=place) for _ in range(DEVICES)]
        factories.ScopeOfPracticeFactory(rule_id="W-PT", jurisdiction=JURISDICTION)
        factories.CredentialTokenFactory(t_id="W-01", jurisdictions=JURISDICTION)
        factories.CredentialTokenFactory(
            t_id="W-02",
            token="course",
            jurisdictions=JURISDICTION,
            satisfied_by="w_course",
        )
        course = factories.CredentialKindFactory(
            code="w_course", kind="course", treatments="dry_needling"
        )
        self.variants = [
            factories.TreatmentVariantFactory(
                code=f"w{number}_{minutes}",
                duration_min=minutes,
                prep_min=0,
                cleanup_min=0,
                needs_room=self.rooms[0].kinds,
                needs_device=self.devices[0].kind if minutes >= WITH_DEVICE else "",
            )
            for number, minutes in enumerate(LENGTHS)
        ]
        for number in range(PRACTITIONERS):
            role = factories.PractitionerRoleFactory(location=place)
            self.roles.append(role)
            self._equip(role, course, LUNCHES[number % len(LUNCHES)])

    def _equip(self, role: Any, course: Any, lunch: time) -> None:
        who = role.practitioner
        factories.QualificationFactory(practitioner=who, jurisdiction=JURISDICTION)
        factories.QualificationFactory(
            practitioner=who,
            kind=course,
            role=role.role,
            jurisdiction="",
            specific_hours=60,
        )
        for variant in self.variants:
            factories.PrivilegeFactory(practitioner=who, variant=variant)
        for weekday in range(5):
            for start, end in _spans(lunch):
                factories.AvailableTimeFactory(
                    role=role, weekday=weekday, start_time=start, end_time=end
                )

    def grow(self, size: str) -> None:
        """Write what is missing to this size: patients, then history backwards."""
        appointments, patients = SIZES[size]
        self._patients(patients)
        if not self.written:
            self._write(self._ahead())
            self.reaches = self.monday
        self._write(self._behind(appointments - self.written))
        with connection.cursor() as cursor:
            # What autovacuum does in a running clinic: index-only scans need it. And
            # what was filled in is on the disk before anything is measured.
            for tidy in TIDY[connection.vendor]:
                cursor.execute(tidy)

    def _patients(self, wanted: int) -> None:
        Patient.objects.bulk_create(
            [
                Patient(given_name="Pat", family_name=f"Doe{number}", created_at=MADE)
                for number in range(self.patients, wanted)
            ],
            batch_size=500,
        )
        self.patients = wanted

    def _ahead(self) -> Iterator[tuple[Any, ...]]:
        days = [self.monday + DAY * n for n in range(DAYS)]
        days = [day for day in days if day.weekday() < 5]
        each, more = divmod(AHEAD, len(days) * PRACTITIONERS)
        counts = [each] * (len(days) * PRACTITIONERS)
        for at in self.dice.sample(range(len(counts)), more):
            counts[at] += 1
        takes = iter(counts)
        for day in days:
            yield from self._day(day, [next(takes) for _ in self.roles])

    def _behind(self, wanted: int) -> Iterator[tuple[Any, ...]]:
        day = self.reaches or self.monday
        while wanted > 0:
            day -= DAY
            if day.weekday() > 4:
                continue
            counts = []
            for _ in self.roles:
                counts.append(min(6, wanted))
                wanted -= counts[-1]
            yield from self._day(day, counts)
        self.reaches = day

    def _day(self, day: date, counts: list[int]) -> Iterator[tuple[Any, ...]]:
        """So many appointments for each practitioner; no patient twice in a day."""
        people = cycle(self.dice.sample(range(self.patients), min(self.patients, 200)))
        for number, (role, count) in enumerate(zip(self.roles, counts, strict=True)):
            lunch = LUNCHES[number % len(LUNCHES)]
            for start, variant in _fill(day, lunch, count, self.variants, self.dice):
                yield role, next(people) + 1, start, variant

    def _write(self, planned: Iterable[tuple[Any, ...]]) -> None:
        appointments, claims = [], []
        rooms, devices = (
            Filled("room_id", self.rooms),
            Filled("device_id", self.devices),
        )
        for role, patient, start, variant in planned:
            self.written += 1
            row = _appointment(self.written, role, patient, start, variant)
            appointments.append(row)
            common = {"appointment_id": row["id"], "starts_at": row["starts_at"]}
            common["ends_at"] = row["ends_at"]
            owners = [
                {"practitioner_id": role.practitioner_id},
                {"patient_id": patient},
            ]
            owners += rooms.take(start, variant)
            if variant.needs_device:
                owners += devices.take(start, variant)
            for owner in owners:
                self.claims += 1
                claims.append({"id": self.claims, **NOBODY, **owner, **common})
        insert(Appointment, appointments)
        _without_guards(lambda: insert(Claim, claims))


NOBODY = dict.fromkeys(["practitioner_id", "room_id", "device_id", "patient_id"])


class Filled:
    """Hands out rooms, or devices, until each is taken for 65 % of its day."""

    def __init__(self, key: str, things: list[Any]) -> None:
        self.key, self.ids = key, [thing.pk for thing in things]
        self.taken: dict[tuple[int, date], list[tuple[datetime, datetime]]] = {}

    def take(self, start: datetime, variant: Any) -> list[dict[str, int]]:
        end = start + variant.duration
        for pk in self.ids:
            mine = self.taken.setdefault((pk, start.date()), [])
            used = sum((until - first for first, until in mine), variant.duration)
            if used <= FILLED * MINUTE and not any(
                first < end and start < until for first, until in mine
            ):
                mine.append((start, end))
                return [{self.key: pk}]
        return []


def _spans(lunch: time) -> list[tuple[time, time]]:
    return [(DAY_BEGINS, lunch), (lunch.replace(hour=lunch.hour + 1), DAY_ENDS)]


def _fill(
    day: date, lunch: time, count: int, variants: list[Any], dice: random.Random
) -> Iterator[tuple[datetime, Any]]:
    """Appointments that fit around lunch, at any start where one fits."""
    base = datetime.combine(day, DAY_BEGINS, ZONE).astimezone(UTC)
    noon = _cells(lunch)
    while True:
        chosen = dice.choices(variants, weights=(5, 5, 5, 5, 5, 12), k=count)
        if sum(variant.duration_min for variant in chosen) > 405:
            continue
        free = [True] * _cells(DAY_ENDS)
        free[noon : noon + 4] = [False] * 4
        found = []
        for variant in sorted(chosen, key=lambda variant: -variant.duration_min):
            size = variant.duration_min // 15
            starts = [
                cell
                for cell in range(len(free) - size + 1)
                if all(free[cell : cell + size])
            ]
            if not starts:
                break
            cell = dice.choice(starts)
            free[cell : cell + size] = [False] * size
            found.append((base + cell * 15 * MINUTE, variant))
        if len(found) == count:
            yield from found
            return


def _cells(wall: time) -> int:
    return ((wall.hour - DAY_BEGINS.hour) * 60 + wall.minute) // 15


def _appointment(
    number: int, role: Any, patient: int, start: datetime, variant: Any
) -> dict[str, Any]:
    return {
        "id": number,
        "uid": uuid.UUID(int=number),
        "patient_id": patient,
        "practitioner_id": role.practitioner_id,
        "role_id": role.pk,
        "place_id": role.location_id,
        "variant_id": variant.pk,
        "starts_at": start,
        "ends_at": start + variant.duration,
        "status": "booked",
        "label": variant.label,
        "price_usd": variant.price_usd,
        "allowed_because": {},
        "created_at": MADE,
    }


def _without_guards(work: Callable[[], None]) -> None:
    """Write with the overlap guards away, then put them back.

    PostgreSQL checks what was written as it does; SQLite's triggers, asked about a
    past that is written last, would read all that comes after it.
    """
    with connection.cursor() as cursor:
        for key in guards.KEYS:
            name = guards.overlap_name(key)
            if connection.vendor == "postgresql":
                cursor.execute(f"ALTER TABLE {guards.CLAIM} DROP CONSTRAINT {name}")
            else:
                cursor.execute(f"DROP TRIGGER {name}_insert")
    work()
    guards.install(connection)


def insert(model: type[models.Model], rows: list[dict[str, Any]]) -> None:
    """Write rows fast: COPY on PostgreSQL, executemany on SQLite.

    What a row leaves out is what the model gives it.
    """
    if not rows:
        return
    fields = {
        field.column: field
        for field in model._meta.concrete_fields
        if field.column in rows[0] or not field.primary_key
    }
    prepared = [
        _prepared(
            field,
            [row[name] for row in rows]
            if name in rows[0]
            else [field.get_default()] * len(rows),
        )
        for name, field in fields.items()
    ]
    values = list(zip(*prepared, strict=True))
    table, columns = model._meta.db_table, ", ".join(fields)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for value in values:
                    copy.write_row(value)
            last = f"SELECT setval(%s, max(id)) FROM {table}"  # noqa: S608 -- our own
            cursor.execute(last, [f"{table}_id_seq"])
        else:
            cursor.execute("PRAGMA cache_size = -400000")  # the indexes fit into it
            marks = ", ".join(["%s"] * len(fields))
            put = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 -- our own
            cursor.executemany(put, values)


def _prepared(field: Any, column: list[Any]) -> list[Any]:
    """A column as the database takes it; most of its values come again and again."""
    known: dict[Any, Any] = {}
    found = []
    for value in column:
        key = str(value)
        if key not in known:
            known[key] = field.get_db_prep_save(value, connection)
        found.append(known[key])
    return found
