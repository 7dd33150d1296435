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
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
QUARTER = timedelta(minutes=15)
STARTS = (8, 10, 12, 14, 16)
OVERLAPS = """
    SELECT count(*) FROM bookings_claim one JOIN bookings_claim two
    ON one.id < two.id AND one.starts_at < two.ends_at AND two.starts_at < one.ends_at
    AND (one.practitioner_id = two.practitioner_id OR one.patient_id = two.patient_id)
"""


@dataclass
class Clinic:
    """Two practitioners who may do an hour of dry needling, and their patients."""

    variant: Any
    place: Any
    practitioners: list[Any]
    patients: list[Any] = field(default_factory=list)
    sessions: list[str] = field(default_factory=list)

    def start(self, number: int) -> datetime:
        """The start of a round, on a working day from a week on; none meets another."""
        day = _monday() + timedelta(days=7 * (number // 25) + number % 25 // 5)
        return datetime.combine(day, time(STARTS[number % 5]), ZONE)

    def form(self, start: datetime, whom: int = 0, key: str = "") -> dict[str, str]:
        """What the confirm page sends."""
        return {
            "place": self.place.slug,
            "practitioner": self.practitioners[whom].slug,
            "at": start.isoformat(timespec="minutes"),
            "submission": key or str(uuid4()),
        }


def _monday() -> date:
    today = timezone.now().astimezone(ZONE).date()
    return today + timedelta(days=14 - today.weekday())


def make(people: int) -> Clinic:
    """Write the clinic, with so many patients who are signed in."""
    variant = factories.TreatmentVariantFactory(duration_min=60)
    factories.TreatmentFactory()
    factories.ScopeOfPracticeFactory(credential_kind="licence", min_specific_hours=0)
    factories.CredentialTokenFactory()
    clinic = Clinic(variant, factories.LocationFactory(), [])
    for _ in range(2):
        role = factories.PractitionerRoleFactory()
        who = role.practitioner
        clinic.practitioners.append(who)
        factories.QualificationFactory(practitioner=who, role=role.role)
        factories.PrivilegeFactory(practitioner=who, variant=variant)
        for weekday in range(7):
            factories.AvailableTimeFactory(
                role=role, weekday=weekday, start_time=time(7), end_time=time(20)
            )
    for _ in range(people):
        patient = factories.PatientFactory(user__groups=[access.PATIENT])
        clinic.patients.append(patient)
        clinic.sessions.append(signed_in(patient.user))
    return clinic


def signed_in(user: Any) -> str:
    """The key of a session of somebody who has signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def overlapping() -> int:
    """How many pairs of claims of one person meet, asked of the rows themselves."""
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS)
        (count,) = cursor.fetchone()
    return int(count)
