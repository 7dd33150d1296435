"""What may be done to patients' details."""

from datetime import date, datetime
from functools import partial
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction

from clinic import access, audit
from clinic.actions.old_address import tell_old_address
from clinic.actions.refusals import BirthDateImpossible, BirthDateOnFile
from clinic.days import latest_day
from clinic.models import Patient, User
from clinic.names import folded

EARLIEST_BIRTH = date(1900, 1, 1)


def check_birth_date(birth_date: date | None, *, now: datetime) -> None:
    if birth_date is None:
        return
    if birth_date < EARLIEST_BIRTH:
        raise BirthDateImpossible("Enter a birth date after 1900, such as 04/12/1985.")
    if birth_date > latest_day(now):
        raise BirthDateImpossible("Enter a birth date that is not in the future.")


def digits_of(phone: str) -> str:
    return "".join(ch for ch in phone if ch in "0123456789")


@transaction.atomic
def register_patient(
    *,
    given_name: str,
    family_name: str,
    birth_date: date | None = None,
    phone: str = "",
    email: str = "",
    user: User | None = None,
    by: User | None,
    now: datetime,
) -> Patient:
    """Put a patient on file; one who signs in (`user`) joins the group of patients."""
    check_birth_date(birth_date, now=now)
    patient = Patient.objects.create(
        user=user,
        given_name=given_name.strip(),
        family_name=family_name.strip(),
        folded_name=folded(f"{given_name} {family_name}"),
        birth_date=birth_date,
        phone=phone.strip(),
        phone_digits=digits_of(phone),
        email=email.strip().lower(),
        created_at=now,
        registered_by=by,
    )
    if user is not None:
        user.groups.add(Group.objects.get_or_create(name=access.PATIENT)[0])
    audit.record(
        by=by, verb="registered patient", subject=patient, now=now, patient=patient
    )
    return patient


@transaction.atomic
def change_patient(
    *,
    patient: Patient,
    given_name: str,
    family_name: str,
    phone: str = "",
    birth_date: date | None = None,
    email: str | None = None,
    by: User,
    now: datetime,
) -> Patient:
    """Correct a patient's details; no `birth_date` or `email` leaves it as it is.

    Age decides what may be booked, so one on file is corrected at the desk only. An
    address to which we wrote until now is told that we no longer do.
    """
    check_birth_date(birth_date, now=now)
    patient = Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    wrote_to = patient.contact_email
    changes: dict[str, Any] = {
        "given_name": given_name.strip(),
        "family_name": family_name.strip(),
        "folded_name": folded(f"{given_name} {family_name}"),
        "phone": phone.strip(),
        "phone_digits": digits_of(phone),
    }
    if birth_date is not None:
        _check_may_correct(patient, birth_date, by)
        changes["birth_date"] = birth_date
    if email is not None:
        changes["email"] = email.strip().lower()
    changed = [name for name in changes if getattr(patient, name) != changes[name]]
    for name in changed:
        setattr(patient, name, changes[name])
    if changed:
        patient.save(update_fields=changed)
        audit.record(
            by=by,
            verb="changed patient",
            subject=patient,
            now=now,
            patient=patient,
            fields=changed,
        )
    if wrote_to not in {"", patient.contact_email}:
        transaction.on_commit(partial(tell_old_address, wrote_to))
    return patient


def _check_may_correct(patient: Patient, birth_date: date, by: User) -> None:
    on_file = patient.birth_date
    if on_file not in {None, birth_date} and not access.is_front_desk(by):
        raise BirthDateOnFile(
            "Your birth date is on file. Call us, and the desk will correct it."
        )
