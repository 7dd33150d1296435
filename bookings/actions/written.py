"""What a booking writes: itself, its claims, and why it was allowed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from bookings import notices
from bookings.actions.supervised import rested_on
from bookings.models import Appointment, CancellationPolicy, Claim, Notice, Status
from bookings.rules.scope import verdict_on
from bookings.timeline import from_minute
from bookings.wanted import Wanted
from clinic import audit, qualifications
from clinic.models import User
from clinic.statements import insert
from treatments.areas import format_areas


def make(
    wanted: Wanted,
    status: Status,
    *,
    by: User | None,
    now: datetime,
    submission: UUID | None,
    held_until: datetime | None = None,
    notice: Notice.Kind | None = None,
) -> Appointment:
    """Write an appointment, or a hold: with its claims, who made it, what is owed."""
    made = _new(
        wanted,
        status=status,
        held_until=held_until,
        submission=submission,
        created_at=now,
        booked_by=by,
    )
    held = {} if held_until is None else {"held_until": held_until}
    insert(
        *claims_of(wanted, made),
        audit.event(
            by=by,
            verb="hold" if held else "book",
            subject=made,
            now=now,
            patient=made.patient,
            starts_at=made.starts_at,
            variant=wanted.variant.code,
            **held,
        ),
        *([] if notice is None else [notices.owed(notice, made, now)]),
        after=made,
    )
    return made


def _new(wanted: Wanted, created_at: datetime, **how: Any) -> Appointment:
    if wanted.patient is None:
        raise ValueError("An appointment names a patient.")
    variant, session = wanted.variant, wanted.course
    return Appointment(
        patient=wanted.patient,
        practitioner=wanted.practitioner,
        role=wanted.role,
        place=wanted.place,
        variant=variant,
        areas=format_areas(wanted.areas),
        depth_mm=wanted.depth_mm,
        starts_at=from_minute(wanted.first),
        ends_at=from_minute(wanted.first + wanted.minutes),
        label=variant.label,
        edition_id=variant.treatment.edition_id,
        price_usd=variant.price_usd,
        policy=policy_of(wanted, created_at),
        allowed_because=reasons(wanted, created_at),
        course_id=session.course if session else None,
        session=session.number if session else None,
        created_at=created_at,
        **how,
    )


def claims_of(wanted: Wanted, appointment: Appointment) -> list[Claim]:
    """The patient's visible time; all others' with what goes before and after.

    Rooms and devices are those that `open_role` chose. Claims of a hold carry the end
    of it.
    """
    variant = wanted.variant
    rooms, devices = wanted.rooms, wanted.devices
    if (variant.needs_room and rooms is None) or (
        variant.needs_device and devices is None
    ):
        raise ValueError("Rooms and devices are chosen before they are claimed.")
    with_staff = (variant.prep_min, variant.cleanup_min)
    owners: list[tuple[dict[str, Any], tuple[int, int]]] = [
        ({"practitioner": wanted.practitioner}, with_staff),
        *(({"room": room}, variant.around_rooms) for room in rooms or ()),
        *(({"device": device}, variant.around_devices) for device in devices or ()),
        ({"patient": wanted.patient}, (0, 0)),
    ]
    return [
        Claim(
            appointment=appointment,
            starts_at=from_minute(wanted.first - before),
            ends_at=from_minute(wanted.first + wanted.minutes + after),
            held_until=appointment.held_until,
            **owner,
        )
        for owner, (before, after) in owners
    ]


def policy_of(wanted: Wanted, now: datetime) -> CancellationPolicy | None:
    """What is said about cancelling to whoever books now; it stays with the booking."""
    day = now.astimezone(wanted.place.tz).date()
    return wanted.book.policy_at(wanted.place.pk, day)


def reasons(wanted: Wanted, now: datetime) -> dict[str, Any]:
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
        **rested_on(wanted, now),
        **({"overrides": _overridden(wanted)} if wanted.despite else {}),
    }


def _overridden(wanted: Wanted) -> list[dict[str, str]]:
    return [
        {
            "code": finding.code,
            "subject": finding.subject,
            "severity": finding.severity,
        }
        for finding in wanted.despite
    ]
