"""Letting findings pass: who asks for it, whether they may, and what is kept of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bookings.access import may_override
from bookings.findings import Finding
from bookings.models import Appointment, Override
from bookings.wanted import Wanted
from clinic import audit
from clinic.models import User


class ReasonNeeded(Exception):
    """No reason, or too short a one. Its text is a sentence for a person."""

    def __init__(self, words: int) -> None:
        super().__init__(f"Write in at least {words} words why this is let pass.")


@dataclass(frozen=True, slots=True)
class Overriding:
    """The findings that somebody wants to let pass, by code and subject, and why."""

    keys: frozenset[tuple[str, str]]
    reason: str

    def passes(self, findings: Iterable[Finding], by: User | None) -> bool:
        """Whether every one of `findings` is named here, and `by` may let it pass."""
        return all(
            finding.key in self.keys and may_override(by, finding.severity)
            for finding in findings
        )

    def check_reason(self, words: int) -> None:
        """Raises ReasonNeeded."""
        if len(self.reason.split()) < max(words, 1):
            raise ReasonNeeded(words)


def lapse_overrides(appointment: Appointment, now: datetime) -> None:
    """What was let pass where an appointment stood does not count where it goes."""
    appointment.overrides.current().update(lapsed_at=now)


def keep_overrides(
    appointment: Appointment,
    wanted: Wanted,
    overriding: Overriding | None,
    by: User | None,
    now: datetime,
) -> Sequence[Override]:
    """Write what was let pass for an appointment, in the transaction that writes it."""
    if overriding is None or by is None:
        return []
    rows = Override.objects.bulk_create(
        Override(
            appointment=appointment,
            code=finding.code,
            subject=finding.subject,
            severity=finding.severity,
            message=finding.message,
            reason=overriding.reason.strip(),
            by=by,
            at=now,
            starts_at=appointment.starts_at,
        )
        for finding in wanted.despite
    )
    for row in rows:
        audit.record(
            by=by,
            verb="override",
            subject=appointment,
            now=now,
            patient=appointment.patient,
            code=row.code,
            about=row.subject,
            starts_at=row.starts_at,
        )
    return rows
