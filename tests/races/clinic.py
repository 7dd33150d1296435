"""A small clinic to race for, and what must be true of it afterwards."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils import timezone

from clinic import access
from tests import factories

ZONE = ZoneInfo("America/Denver")
BACKEND = "clinic.backends.Backend"
QUARTER = timedelta(minutes=15)
STARTS = (8, 10, 12, 14, 16)
OVERLAPS = """
    SELECT count(*) FROM bookings_claim one JOIN bookings_claim two
    ON one.id < two.id AND one.starts_at < two.ends_at AND two.starts_at < one.ends_at
    AND (one.practitioner_id = two.practitioner_id OR one.patient_id = two.patient_id
    OR one.room_id = two.room_id OR one.device_id = two.device_id)
"""


@dataclass
class Clinic:
    """Practitioners who may do an hour of dry needling, and their patients."""

    variant: Any
    place: Any
    practitioners: list[Any]
    patients: list[Any] = field(default_factory=list)
    sessions: list[str] = field(default_factory=list)
    desk: str = ""

    @property
    def now(self) -> datetime:
        return timezone.now()

    def start(self, number: int) -> datetime:
        """The start of a round, on a working day from a week on; none meets another."""
        day = _monday() + timedelta(days=7 * (number // 25) + number % 25 // 5)
        return datetime.combine(day, time(STARTS[number % 5]), ZONE)

    def form(self, start: datetime, whom: int = 0, key: str = "") -> dict[str, str]:
        """What the page sends that moves an appointment."""
        return {
            "place": self.place.slug,
            "practitioner": self.practitioners[whom].slug,
            "at": start.isoformat(timespec="minutes"),
            "submission": key or str(uuid4()),
        }

    def booking(self, start: datetime, patient: int, whom: int = 0) -> dict[str, str]:
        """What the desk's confirm page sends for one of the patients."""
        return {**self.form(start, whom), "for": str(self.patients[patient].uid)}

    def hold(self, start: datetime, whom: int = 0, key: str = "") -> dict[str, str]:
        """What the button of a time sends that a patient chooses."""
        slug = self.practitioners[whom].slug
        return {
            "place": self.place.slug,
            "start": f"{start.isoformat(timespec='minutes')} {slug}",
            "submission": key or str(uuid4()),
        }


def weeks_on(start: datetime, weeks: int) -> datetime:
    """The same clock so many weeks later, whatever the clocks did meanwhile."""
    day = start.astimezone(ZONE).date() + timedelta(weeks=weeks)
    return datetime.combine(day, start.astimezone(ZONE).time(), ZONE)


def _monday() -> date:
    today = timezone.now().astimezone(ZONE).date()
    return today + timedelta(days=14 - today.weekday())


def make(people: int, *, practitioners: int = 2, **scarce: int) -> Clinic:
    """Write the clinic, with so many patients who are signed in.

    With `room=2` it needs a room, of which there are two; `device=1` alike.
    """
    needed = {f"needs_{what}": "quiet" for what in scarce}
    variant = factories.TreatmentVariantFactory(duration_min=60, **needed)
    factories.TreatmentFactory()
    factories.ScopeOfPracticeFactory(credential_kind="licence", min_specific_hours=0)
    factories.CredentialTokenFactory()
    clinic = Clinic(variant, factories.LocationFactory(), [])
    for what, count in scarce.items():
        for _ in range(count):
            _one_more(what, clinic.place)
    for _ in range(practitioners):
        role = factories.PractitionerRoleFactory()
        who = role.practitioner
        clinic.practitioners.append(who)
        factories.QualificationFactory(practitioner=who, role=role.role)
        factories.PrivilegeFactory(practitioner=who, variant=variant)
        for weekday in range(7):
            factories.AvailableTimeFactory(
                role=role, weekday=weekday, start_time=time(7), end_time=time(20)
            )
    clinic.desk = signed_in(factories.FrontDeskUserFactory())
    for _ in range(people):
        patient = factories.PatientFactory(user__groups=[access.PATIENT])
        clinic.patients.append(patient)
        clinic.sessions.append(signed_in(patient.user))
    return clinic


def _one_more(what: str, place: Any) -> None:
    if what == "room":
        factories.RoomFactory(location=place, kinds="quiet")
    else:
        factories.DeviceFactory(location=place, kind="quiet")


def signed_in(user: Any) -> str:
    """The key of a session of somebody who has signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def overlapping() -> int:
    """How many pairs of claims of one owner meet, asked of the rows themselves."""
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS)
        (count,) = cursor.fetchone()
    return int(count)
