"""What a booking writes beside itself: its claims, and why it was allowed."""

from datetime import datetime
from typing import Any

from bookings.actions.supervised import rested_on
from bookings.models import Appointment, Claim
from bookings.rules.scope import verdict_on
from bookings.timeline import from_minute
from bookings.wanted import Wanted
from clinic import qualifications


def claims_of(wanted: Wanted, appointment: Appointment) -> list[Claim]:
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
    }
