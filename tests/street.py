"""A small clinic with somebody of every kind in it, for walks over all of its pages.

It is half past nine in Denver on a Monday. Two patients each have an appointment at
ten, with a practitioner each, and the owner has a time on hold, too; their names and
addresses occur nowhere else. A third, the newcomer, has none yet.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress

from bookings import actions
from bookings.models import Appointment, Course, Fee, NotAvailableTime
from clinic import access
from clinic.models import Location, OutOfService, Patient, Practitioner, User
from tests import factories, worlds
from treatments.models import CoursePlan, TreatmentVariant

NOW = datetime(2026, 2, 2, 16, 30, tzinfo=UTC)
AT_TEN = worlds.MONDAY_10
FREE = "2026-02-04T10:00-07:00"  # nobody is booked then
VARIANT = "dn_first"
PLAN, AGAIN = "dn_course_plan", "dn_follow_up"
PASSWORD = "correct horse"
CANARIES = {"owner": "zquillowner", "other": "zquillother"}


@dataclass(frozen=True)
class Street:
    """Who and what there is; `users` by what they are called in the policy."""

    place: Location
    users: dict[str, User]
    practitioners: dict[str, Practitioner]
    patients: dict[str, Patient]
    appointments: dict[str, Appointment]
    courses: dict[str, Course]
    hold: Appointment
    leave: NotAvailableTime
    fee: Fee
    out: OutOfService

    def arguments(self, whose: str = "owner") -> dict[str, Any]:
        """A value for every argument that an address may take."""
        role = self.practitioners["practitioner"].roles.get()
        return {
            "code": "dry_needling",
            "number": 1,
            "concern": "muscle_pain",
            "variant": VARIANT,
            "place": self.place.slug,
            "practitioner": self.practitioners["practitioner"].slug,
            "role_id": role.pk,
            "leave_id": self.leave.pk,
            "room_id": self.place.rooms.first().pk,
            "device_id": self.place.devices.first().pk,
            "out_id": self.out.pk,
            "verb": "arrive",
            "fee_id": self.fee.pk,
            "plan": PLAN,
            "course": self.courses[whose].uid,
            "appointment": self.appointments[whose].uid,
            "hold": self.hold.uid,
            "patient": self.patients[whose].uid,
        }


def build() -> Street:
    """Bring the street into the database."""
    worlds.load_shipped()
    factories.EditionFactory(treatment__code="dry_needling")  # a draft
    place = worlds.place()
    worlds.place("US-AZ", "America/Phoenix")
    practitioners = {
        called: _practitioner(called, place) for called in ("practitioner", "colleague")
    }
    patients = {called: _patient(canary) for called, canary in CANARIES.items()}
    treated_by = dict(zip(patients, practitioners.values(), strict=True))
    newcomer = _patient("newcomer")
    users = {
        **{called: each.user for called, each in patients.items()},
        **{called: each.user for called, each in practitioners.items()},
        "newcomer": newcomer.user,
        "desk": factories.FrontDeskUserFactory(email="desk@example.com"),
        "admin": factories.UserFactory(is_staff=True, groups=[access.CLINIC_ADMIN]),
    }
    for user in users.values():
        EmailAddress.objects.create(
            user=user, email=user.email, verified=True, primary=True
        )
    appointments = {
        called: _booked(each, treated_by[called], place)
        for called, each in patients.items()
    }
    hold = _held(patients["owner"], practitioners["practitioner"], place)
    return Street(
        place=place,
        hold=hold,
        users=users,
        practitioners=practitioners,
        patients=patients | {"newcomer": newcomer},
        appointments=appointments,
        courses={called: _begun(each) for called, each in appointments.items()},
        fee=factories.FeeFactory(
            appointment__patient=patients["owner"],
            appointment__place=place,
            appointment__starts_at=AT_TEN - timedelta(days=7),
            appointment__claims=False,
        ),
        leave=factories.NotAvailableTimeFactory(
            practitioner=practitioners["practitioner"],
            starts_at=AT_TEN + timedelta(days=7),
        ),
        out=factories.OutOfServiceFactory(
            device=place.devices.last(), starts_at=AT_TEN + timedelta(days=7)
        ),
    )


def _patient(name: str) -> Patient:
    """A patient with an account."""
    user = factories.UserFactory(email=f"{name}@example.com", groups=[access.PATIENT])
    return factories.PatientFactory(
        user=user, given_name=name.title(), family_name=f"{name.title()}son"
    )


def _practitioner(called: str, place: Location) -> Practitioner:
    papers = (
        worlds.licence("physical_therapist", place.jurisdiction),
        worlds.course(60, in_person_hours=50, supervised_sessions=25),
    )
    who = worlds.somebody("physical_therapist", place, *papers, slug=called)
    who.user = factories.UserFactory(
        email=f"{called}@example.com", groups=[access.PRACTITIONER]
    )
    who.save()
    return who


def _booked(somebody: Patient, who: Practitioner, place: Location) -> Appointment:
    asked = worlds.asked(VARIANT, place, who, patient=somebody)
    return actions.book(asked=asked, at=AT_TEN, by=somebody.user, now=worlds.NOW)


def _held(somebody: Patient, who: Practitioner, place: Location) -> Appointment:
    """A time on Friday, on hold for ten minutes from now."""
    asked = worlds.asked(AGAIN, place, who, patient=somebody)
    at = AT_TEN + timedelta(days=4)
    return actions.hold(asked=asked, at=at, by=somebody.user, now=NOW)


def _begun(first: Appointment) -> Course:
    """A course of three, of which the appointment is the first session."""
    course = factories.CourseFactory(
        patient=first.patient,
        variant=TreatmentVariant.objects.get(code=AGAIN),
        plan=CoursePlan.objects.get(code=PLAN),
        place=first.place,
    )
    first.course, first.session = course, 1
    first.save(update_fields=["course", "session"])
    return course
