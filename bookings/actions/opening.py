"""Whether a start is open: asked before and inside a transaction, and told if not."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError

from bookings import evaluator, rulebook, slots
from bookings.actions.equipped import Locked, not_locked, with_chosen
from bookings.actions.overriding import Overriding
from bookings.findings import Finding
from bookings.guards import overlap_name
from bookings.question import Asked, UnknownName
from bookings.timeline import from_minute
from bookings.wanted import Wanted
from clinic.models import User

# Whoever writes has asked behind the locks, so this is met once in a lifetime.
TAKEN = {
    "practitioner": Finding(
        "OVERLAP_PRACTITIONER",
        "practitioner",
        "That time has just been taken.",
        "Choose another time.",
    ),
    "room": Finding(
        "ROOM_TAKEN",
        "room",
        "The room for that time has just been taken.",
        "Choose another time.",
    ),
    "device": Finding(
        "DEVICE_TAKEN",
        "device",
        "The device for that time has just been taken.",
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
    """The start is closed. Carries every finding, and the question if rules answered."""

    def __init__(
        self, findings: Sequence[Finding], asked: Asked | None = None, minute: int = 0
    ) -> None:
        super().__init__(", ".join(finding.code for finding in findings))
        self.findings = list(findings)
        self.codes = {finding.code for finding in findings}
        self.asked, self.minute = asked, minute


def open_role(
    asked: Asked,
    minute: int,
    now: datetime,
    *,
    by: User | None = None,
    overriding: Overriding | None = None,
) -> Wanted:
    """The role in which the practitioner may be booked, the only way to any write.

    With the rooms and devices that it takes. Where every role is closed, one whose
    every finding `by` may let pass, and does, is given with these findings as
    `despite`. Raises NotBookable with all findings, and ReasonNeeded. When each first
    lets go is told by `hopeful`.
    """
    wanteds = asked.wanteds(minute, minute + 1)
    answers, passing = [], []
    asked_of, kept = evaluator.ask_and_keep(wanteds, now)
    for wanted, closures in zip(wanteds, asked_of, strict=True):
        findings = evaluator.findings_at(closures, minute)
        if not findings:
            return with_chosen(wanted, kept, now)
        answers.append(findings)
        if overriding and overriding.passes(findings, by):
            passing.append(replace(wanted, despite=tuple(findings)))
    if overriding and passing:
        overriding.check_reason(asked.place.override_words)
        least = min(passing, key=lambda wanted: len(wanted.despite))
        return with_chosen(least, kept, now)
    closing = min(answers, key=len, default=[slots.not_at_place(asked)])
    raise NotBookable(closing, asked, minute)


@contextmanager
def hopeful(now: datetime) -> Iterator[None]:
    """Let who is refused in the block know when each finding first lets go.

    Weeks are looked at, so no locks are held around it.
    """
    try:
        yield
    except NotBookable as refused:
        told = with_hope(refused, now)
        if told is refused:
            raise
        raise told from None


def with_hope(refused: NotBookable, now: datetime) -> NotBookable:
    """The refusal with when each finding first lets go, as far as that is soon.

    By the rules as they are by now. If what closed it is gone meanwhile, or goes by
    another name, it stays as it was.
    """
    if refused.asked is None:
        return refused
    try:
        fresh = refused.asked.afresh(rulebook.current())
    except UnknownName:
        return refused
    told = NotBookable(slots.why_not(fresh, at=from_minute(refused.minute), now=now))
    return told if refused.codes <= told.codes else refused


def check_locked(wanted: Wanted, locked: Locked) -> None:
    """Refuse to take what was put up after the rows had been locked.

    Raises NotBookable.
    """
    findings = not_locked(wanted, locked)
    if findings:
        raise NotBookable(findings)


def taken(refusal: IntegrityError) -> list[Finding]:
    """The finding for whose time the database refused. Anything else is a fault."""
    for key, finding in TAKEN.items():
        if overlap_name(key) in str(refusal):
            return [finding]
    raise refusal
