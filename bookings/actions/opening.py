"""Whether a start is open: asked before and inside a transaction, and told if not."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError

from bookings import evaluator, slots
from bookings.findings import Finding
from bookings.guards import overlap_name
from bookings.slots import Asked
from bookings.timeline import from_minute
from bookings.wanted import Wanted

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


def open_role(asked: Asked, minute: int, now: datetime) -> Wanted:
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


def taken(refusal: IntegrityError) -> list[Finding]:
    """The finding for whose time the database refused. Anything else is a fault."""
    for key, finding in TAKEN.items():
        if overlap_name(key) in str(refusal):
            return [finding]
    raise refusal
