"""Booking: look, lock, ask, write."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from bookings import evaluator, notices, slots
from bookings.actions.locks import lock
from bookings.findings import Finding
from bookings.guards import overlap_name
from bookings.models import Appointment, Claim, Notice, Status
from bookings.rules.scope import verdict_on
from bookings.slots import Asked
from bookings.timeline import from_minute
from bookings.turnstile import in_line
from bookings.wanted import Wanted
from clinic import audit, qualifications
from clinic.models import Patient, User
from treatments.areas import format_areas

# A patient asks first, so a refusal of the database is met once in a lifetime.
TAKEN = {
    "practitioner": Finding(
        "OVERLAP_PRACTITIONER",
        "practitioner",
        "That time has just been taken.",
        "Choose another time.",
    ),
    "patient": Finding(
        "OVERLAP_PATIENT",
        "patient",
        "You have another appointment at that time.",
        "Choose another time, or cancel the other appointment first.",
        desk="The patient has another appointment at that time.",
    ),
}


class NotBookable(Exception):
    """The start is closed. Carries every finding."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(", ".join(finding.code for finding in findings))
        self.findings = list(findings)


class SubmissionReused(Exception):
    """The key of a form came again with another content, or from somebody else."""

    def __init__(self) -> None:
        super().__init__("This form was sent before. Please start again.")


def book(
    *,
    asked: Asked,
    at: datetime,
    by: User | None,
    now: datetime,
    submission: UUID | None = None,
) -> Appointment:
    """Book the patient in at `at`, with the practitioner asked for.

    The same `submission` again answers with the first appointment. Raises
    NotBookable with every finding, SubmissionReused, slots.NoSuchMoment, and
    slots.UnknownName where something was renamed since it was asked for.
    """
    if asked.practitioner is None or asked.patient is None:
        raise ValueError("A booking names a practitioner and a patient.")
    minute = slots.minute_asked(at)
    try:
        _open_role(asked, minute, now)  # most of those who come too late leave here
        with in_line(), transaction.atomic(durable=True):
            lock(practitioner_id=asked.practitioner.pk, patient_id=asked.patient.pk)
            wanted = _open_role(asked.afresh(), minute, now)
            return _write(wanted, asked.patient, by, now, submission)
    except NotBookable:
        first = _submitted(asked, minute, by, submission)
        if first is None:
            raise
        return first
    except IntegrityError as refusal:
        first = _submitted(asked, minute, by, submission)
        if first is None:
            raise NotBookable(_taken(refusal)) from refusal
        return first


def _open_role(asked: Asked, minute: int, now: datetime) -> Wanted:
    """The role in which the practitioner may be booked. Raises NotBookable."""
    wanteds = asked.wanteds(minute, minute + 1)
    answers = []
    for wanted, closures in zip(wanteds, evaluator.ask(wanteds, now), strict=True):
        findings = evaluator.findings_at(closures, minute)
        if not findings:
            return wanted
        answers.append(findings)
    # Asked again with hope; if the time came free meanwhile, with what closed it.
    told = slots.why_not(asked, at=from_minute(minute), now=now)
    raise NotBookable(told or min(answers, key=len))


def _submitted(
    asked: Asked, minute: int, by: User | None, submission: UUID | None
) -> Appointment | None:
    """What this form made before, if it did. Raises SubmissionReused."""
    if submission is None:
        return None
    first = Appointment.objects.filter(submission=submission).first()
    if first is None:
        return None
    theirs = by is None or first.booked_by_id == by.pk
    if theirs and _same(first, asked) and first.starts_at == from_minute(minute):
        return first
    raise SubmissionReused


def _same(first: Appointment, asked: Asked) -> bool:
    """Does the form ask for what it asked for before?"""
    return (
        asked.patient is not None
        and asked.practitioner is not None
        and first.patient_id == asked.patient.pk
        and first.practitioner_id == asked.practitioner.pk
        and first.variant_id == asked.variant.pk
        and first.place_id == asked.place.pk
        and first.areas == format_areas(asked.areas)
        and first.depth_mm == asked.depth_mm
    )


def _taken(refusal: IntegrityError) -> list[Finding]:
    """The finding for whose time the database refused. Anything else is a fault."""
    for key, finding in TAKEN.items():
        if overlap_name(key) in str(refusal):
            return [finding]
    raise refusal


def _write(
    wanted: Wanted,
    patient: Patient,
    by: User | None,
    now: datetime,
    submission: UUID | None,
) -> Appointment:
    start = from_minute(wanted.first)
    variant = wanted.variant
    appointment = Appointment.objects.create(
        patient=patient,
        practitioner=wanted.practitioner,
        role=wanted.role,
        place=wanted.place,
        variant=variant,
        areas=format_areas(wanted.areas),
        depth_mm=wanted.depth_mm,
        starts_at=start,
        ends_at=from_minute(wanted.first + wanted.minutes),
        status=Status.BOOKED,
        label=variant.label,
        edition_id=variant.treatment.edition_id,
        price_usd=variant.price_usd,
        allowed_because=_reasons(wanted, now),
        submission=submission,
        created_at=now,
        booked_by=by,
    )
    Claim.objects.bulk_create(_claims(wanted, appointment))
    audit.record(
        by=by,
        verb="book",
        subject=appointment,
        now=now,
        patient=patient,
        starts_at=start,
        variant=variant.code,
    )
    notices.owe(Notice.Kind.BOOKED, appointment, now)
    return appointment


def _claims(wanted: Wanted, appointment: Appointment) -> list[Claim]:
    """The patient's visible time; the practitioner's with what goes before and after."""
    prepares = wanted.first - wanted.variant.prep_min
    cleaned = wanted.first + wanted.minutes + wanted.variant.cleanup_min
    return [
        Claim(
            appointment=appointment,
            practitioner=wanted.practitioner,
            starts_at=from_minute(prepares),
            ends_at=from_minute(cleaned),
        ),
        Claim(
            appointment=appointment,
            patient=wanted.patient,
            starts_at=appointment.starts_at,
            ends_at=appointment.ends_at,
        ),
    ]


def _reasons(wanted: Wanted, now: datetime) -> dict[str, Any]:
    """Why this booking was allowed, frozen as it was known. For staff."""
    rule = verdict_on(wanted).rule
    day = from_minute(wanted.first + wanted.minutes - 1).astimezone(wanted.place.tz)
    papers = [
        paper
        for paper in wanted.book.papers.get(wanted.practitioner.pk, [])
        if qualifications.counts(paper, day.date())
    ]
    fields = ("foundation", "specific", "in_person")
    return {
        "asked_at": now.isoformat(),
        "role": wanted.role.role.code,
        "jurisdiction": wanted.place.jurisdiction,
        "rule": rule
        and {
            "rule_id": rule.rule_id,
            "status": rule.status,
            "other_conditions": rule.other_conditions,
            "source": rule.source,
            "confidence": rule.confidence,
            "review_state": rule.review_state,
        },
        "papers": [
            {
                "kind": paper.kind.code,
                "number": paper.number,
                "jurisdiction": paper.jurisdiction,
                "valid_until": paper.valid_until and paper.valid_until.isoformat(),
                "verified_on": paper.verified_on and paper.verified_on.isoformat(),
                **{
                    f"{name}_hours": str(getattr(paper, f"{name}_hours"))
                    for name in fields
                    if getattr(paper, f"{name}_hours") is not None
                },
            }
            for paper in papers
        ],
        "depth_mm": None if wanted.depth_mm is None else str(wanted.depth_mm),
    }
