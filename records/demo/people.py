"""Brings the staff and the patients in, each with their sign-in. Makes what is missing.

A practitioner comes with papers, privileges and hours in one transaction; whoever is
there already keeps what somebody made of them since.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from bookings.actions import set_hours
from clinic.access import CLINICIAN, PRACTITIONER
from clinic.actions import add_qualification, register_patient
from clinic.models import (
    CredentialKind,
    Location,
    Patient,
    Practitioner,
    PractitionerRole,
    Role,
    User,
)
from records.demo.patients import PATIENTS, Registered
from records.demo.staff import OFFICE, PRACTITIONERS, Person
from treatments.actions import grant_privilege
from treatments.models import TreatmentVariant

PASSWORD = "needles-and-care-2026"  # noqa: S105 -- printed: these people do not exist
HOURS = ((time(8, 30), time(12, 30)), (time(13, 15), time(17, 30)))
WEEKEND, WEEKEND_HOURS = (5, 6), ((time(9), time(15)),)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Opening:
    """The day on which the demo is loaded, and when all was put on file before it."""

    now: datetime
    today: date

    @property
    def filed(self) -> datetime:
        """Long before the first appointment, and in the past of every booking."""
        return self.now - 90 * DAY

    def years_ago(self, years: int) -> date:
        return self.today - timedelta(days=366 * years)


class Keys:
    """Makes sign-ins; the one password is hashed once."""

    def __init__(self) -> None:
        self._hash = make_password(PASSWORD)
        self._groups = {group.name: group for group in Group.objects.all()}

    def sign_in(
        self,
        email: str,
        given_name: str,
        family_name: str,
        groups: tuple[str, ...] = (),
        *,
        is_staff: bool = False,
    ) -> User:
        """The user of this address, who may sign in at once."""
        user = User.objects.filter(email=email).first()
        if user is not None:
            return user
        user = User.objects.create_user(
            email, first_name=given_name, last_name=family_name, is_staff=is_staff
        )
        User.objects.filter(pk=user.pk).update(password=self._hash)
        user.groups.add(*(self._groups[name] for name in groups))
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        return user


def email_of(slug: str) -> str:
    """A practitioner signs in with the given name."""
    return f"{slug.partition('-')[0]}@example.com"


@transaction.atomic
def open_office(keys: Keys) -> dict[str, User]:
    """The back office and the desk, by e-mail."""
    return {
        email: keys.sign_in(email, given, family, groups, is_staff=is_staff)
        for email, given, family, groups, is_staff in OFFICE
    }


def hire_all(
    opening: Opening, keys: Keys, places: dict[str, Location], admin: User
) -> None:
    known = set(Practitioner.objects.values_list("slug", flat=True))
    for person in PRACTITIONERS:
        if person.slug not in known:
            _hire(person, opening, keys, places, admin)


@transaction.atomic
def _hire(
    person: Person,
    opening: Opening,
    keys: Keys,
    places: dict[str, Location],
    admin: User,
) -> None:
    plain = person.name.removeprefix("Dr. ").partition(",")[0]
    given, _, family = plain.partition(" ")
    user = keys.sign_in(
        email_of(person.slug),
        given,
        family,
        (PRACTITIONER, *person.groups),
        is_staff=CLINICIAN in person.groups,  # they review the catalogue's drafts
    )
    practitioner = Practitioner.objects.create(
        slug=person.slug,
        user=None if hasattr(user, "practitioner") else user,
        name=person.name,
        npi=person.npi,
        about=person.about,
    )
    role = Role.objects.get(code=person.role)
    _file_papers(person, practitioner, role, opening, admin)
    _grant(person, practitioner, opening, admin)
    for slug, weekdays in person.week.items():
        held = PractitionerRole.objects.create(
            practitioner=practitioner, role=role, location=places[slug]
        )
        for weekday in weekdays:
            spans = WEEKEND_HOURS if weekday in WEEKEND else HOURS
            set_hours(
                role=held,
                weekday=weekday,
                spans=list(spans),
                by=admin,
                now=opening.filed,
            )


def _file_papers(
    person: Person,
    practitioner: Practitioner,
    role: Role,
    opening: Opening,
    admin: User,
) -> None:
    kinds = {kind.code: kind for kind in CredentialKind.objects.all()}
    licensed = opening.years_ago(person.licensed_years)
    papers = [
        (
            person.licence,
            {
                "role": role,
                "jurisdiction": jurisdiction,
                "number": f"DEMO-{jurisdiction[-2:]}-{practitioner.pk:04}",
                "valid_from": licensed,
                "valid_until": opening.today + person.licence_ends_in_days * DAY,
            },
        )
        for jurisdiction in person.licensed_in
    ]
    for kind, counted in person.courses:
        hours = {name: Decimal(value) for name, value in counted.items()}
        papers.append((kind, {**hours, "valid_from": licensed}))
    for kind, fields in papers:
        add_qualification(
            practitioner=practitioner,
            kind=kinds[kind],
            by=admin,
            now=opening.filed,
            verified_by=admin if person.verified else None,
            **fields,
        )


def _grant(
    person: Person, practitioner: Practitioner, opening: Opening, admin: User
) -> None:
    variants = TreatmentVariant.objects.select_related("treatment")
    for variant in variants.filter(code__in=person.does):
        grant_privilege(
            practitioner=practitioner, variant=variant, by=admin, now=opening.filed
        )


@transaction.atomic
def register_all(opening: Opening, keys: Keys, desk: User) -> list[Patient]:
    """The patients of the table, in its order; those that are missing are made."""
    known = {
        (patient.given_name, patient.family_name): patient
        for patient in Patient.objects.select_related("user").order_by("-pk")
    }
    return [
        known.get((row.given_name, row.family_name))
        or _register(row, opening, keys, desk)
        for row in PATIENTS
    ]


def _register(row: Registered, opening: Opening, keys: Keys, desk: User) -> Patient:
    user = None
    if row.signs_in:
        user = keys.sign_in(row.email, row.given_name, row.family_name)
        user = None if hasattr(user, "patient") else user
    return register_patient(
        given_name=row.given_name,
        family_name=row.family_name,
        birth_date=date.fromisoformat(row.birth_date),
        phone=row.phone,
        email="" if user else row.email,
        user=user,
        by=user or desk,
        now=opening.filed,
    )
