"""What a change breaks: the sweep before and after it, and the flags that follow.

Named in the setting CHANGE_WATCHER; `clinic.changes` asks it around every change.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bookings import rulebook, seating
from bookings.calendar import clock
from bookings.findings import Finding
from bookings.models import Appointment, AtRisk, Claim
from bookings.models.appointments import EXPECTED
from bookings.rulebook import Rulebook
from bookings.sweep import Found, Sweep, takers
from bookings.timeline import to_minute
from clinic import audit
from clinic.changes import Broken, Outcome, seal_of
from clinic.models import User

# Who could take it is asked of so many; a page shows no more of them at once.
MOST_SHOWN = 50
MOST_SAID = 300


class Watcher:
    """Asks all that stands, and flags and lifts accordingly."""

    def before(self, now: datetime) -> Sweep | None:
        """What the rules say until now; None where nothing stands."""
        rows = standing(now)
        return Sweep(rows, rulebook.current(), now) if rows else None

    def after(
        self,
        known: Sweep | None,
        outcome: Outcome,
        *,
        by: User | None,
        now: datetime,
        in_full: bool,
    ) -> None:
        # Read again: what was booked before the locks were taken stands by now.
        rows = standing(now)
        if not rows:
            return
        book = Rulebook()  # as it is within this transaction
        asked = Sweep(rows, book, now)
        found = asked.findings(row.pk for row in rows)
        claims = seating.claims_of(asked.wanteds)
        seated = seating.seat(asked.wanteds, claims, now)
        for pk, findings in seated.nowhere.items():
            found[pk] = [*found.get(pk, ()), *findings]
        was = _was(known, found, claims, seated)
        flagged = {
            flag.appointment_id: flag
            for flag in AtRisk.objects.open().filter(
                appointment__starts_at__gt=now, appointment__status__in=EXPECTED
            )
        }
        broken = [row for row in rows if _is_broken(row.pk, found, was, flagged)]
        words = "; ".join(outcome.said)[:MOST_SAID]
        _flag(broken, found, flagged, words, by, now)
        moved = [row for row in rows if row.pk in seated.elsewhere]
        audit.record_each(
            by=by, verb="took a room or device anew", subjects=moved, now=now
        )
        free = [flag for pk, flag in flagged.items() if pk not in found]
        resolve(free, AtRisk.How.ALLOWED, by=by, now=now)
        outcome.count, outcome.lifted = len(broken), len(free)
        outcome.seal = seal_of([f"{row.uid} {_keys(found[row.pk])}" for row in broken])
        if in_full:
            outcome.broken = _told(broken[:MOST_SHOWN], found, now, book)


def _was(
    known: Sweep | None, found: Found, claims: list[Claim], seated: seating.Seated
) -> Found:
    """Why those that are closed now were closed before, if they were."""
    if known is None:
        return {}
    was = known.findings(found)
    before = [claim for claim in claims if claim.appointment_id in known.wanteds]
    for pk in seating.unfit(known.wanteds, before):
        if pk in seated.nowhere:
            was[pk] = [*was.get(pk, ()), *seated.nowhere[pk]]
    return was


def against(appointment: Appointment, now: datetime) -> list[Finding]:
    """What speaks by now against one that stands; what was let pass does not."""
    asked = Sweep([appointment], rulebook.current(), now)
    return asked.findings([appointment.pk]).get(appointment.pk, [])


def standing(now: datetime) -> list[Appointment]:
    """Every appointment that is to come, by start.

    What is on hold is asked again before it is booked.
    """
    rows = Appointment.objects.filter(status__in=EXPECTED, starts_at__gt=now)
    return list(rows.select_related("patient", "course").order_by("starts_at", "pk"))


def resolve(
    flags: Iterable[AtRisk], how: AtRisk.How, *, by: User | None, now: datetime
) -> None:
    """Lift flags: it is allowed again, or somebody has seen to it."""
    done = [flag for flag in flags if flag.resolved_at is None]
    for flag in done:
        flag.resolved_at, flag.resolved_how, flag.resolved_by = now, how, by
    AtRisk.objects.bulk_update(
        done, ["resolved_at", "resolved_how", "resolved_by"], batch_size=200
    )


def resolve_of(
    appointment: Appointment, how: AtRisk.How, *, by: User | None, now: datetime
) -> None:
    """Lift the flag of one appointment, if it has one."""
    AtRisk.objects.open().filter(appointment=appointment).update(
        resolved_at=now, resolved_how=how, resolved_by=by
    )


def _is_broken(pk: int, found: Found, was: Found, flagged: dict[int, AtRisk]) -> bool:
    """Allowed before and not after; or closed before and unnoticed, and now for more.

    Some are closed before by what no change did, such as an import.
    """
    if pk not in found:
        return False
    if pk not in was:
        return True
    return pk not in flagged and bool(_keys(found[pk]) - _keys(was[pk]))


def _keys(findings: Iterable[Finding]) -> frozenset[tuple[str, str]]:
    return frozenset((finding.code, finding.subject) for finding in findings)


def _flag(
    broken: Sequence[Appointment],
    found: Found,
    flagged: dict[int, AtRisk],
    words: str,
    by: User | None,
    now: datetime,
) -> None:
    """A row for each that is broken; for those that have one, what is true now."""
    new = [row for row in broken if row.pk not in flagged]
    AtRisk.objects.bulk_create(
        [
            AtRisk(
                appointment=row,
                since=now,
                findings=said(found[row.pk]),
                changed=words,
                by=by,
            )
            for row in new
        ],
        ignore_conflicts=True,  # another change flagged it meanwhile: it is flagged
    )
    audit.record_each(by=by, verb="put at risk", subjects=new, now=now, change=words)
    other = []
    for pk, flag in flagged.items():
        if pk in found and flag.findings != said(found[pk]):
            flag.findings = said(found[pk])
            other.append(flag)
    AtRisk.objects.bulk_update(other, ["findings"], batch_size=200)


def said(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Findings as codes and words for staff."""
    return [
        {
            "code": finding.code,
            "subject": finding.subject,
            "desk": finding.desk or finding.message,
            "detail": finding.detail,
        }
        for finding in findings
    ]


def _told(
    rows: Sequence[Appointment], found: Found, now: datetime, book: Rulebook
) -> list[Broken]:
    could_take = takers(rows, now, book)
    told = []
    for row in rows:
        role = book.roles[row.role_id]
        begins = row.starts_at.astimezone(role.location.tz)
        told.append(
            Broken(
                key=str(row.uid),
                when=f"{begins:%a, %b} {begins.day}, {begins.year}, "
                f"{clock(to_minute(row.starts_at), role.location.tz)}",
                patient=row.patient.name,
                what=row.label,
                practitioner=role.practitioner.name,
                place=role.location.name,
                url=row.get_absolute_url(),
                why=tuple(each["desk"] for each in said(found[row.pk])),
                could_take=tuple(
                    other.practitioner.name for other in could_take.get(row.pk, ())
                ),
            )
        )
    return told
