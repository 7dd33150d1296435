"""Courses: all sessions that are asked for are written, or none of them."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from bookings import notices
from bookings.actions.all_or_none import (
    NotAllBookable,
    Sessions,
    Turn,
    all_hopeful,
)
from bookings.actions.attend import cancel
from bookings.actions.become import NotPossible
from bookings.actions.cut_off import check_in_time, is_cancellable
from bookings.actions.locks import lock
from bookings.actions.move import check_may_move, is_there
from bookings.actions.submitted import SubmissionReused
from bookings.models import Appointment, Cause, Course, Notice, Status
from bookings.turnstile import in_line
from clinic import audit
from clinic.models import User
from treatments.areas import format_areas
from treatments.models import CoursePlan


def book_course(
    *,
    plan: CoursePlan,
    sessions: Sessions,
    by: User | None,
    now: datetime,
    submission: UUID | None = None,
) -> Course:
    """Book a course: a question that names a practitioner, and a start, by number.

    The same `submission` again answers with the first course. Raises NotAllBookable
    with the findings of each session that is closed, NotPossible, SubmissionReused,
    slots.NoSuchMoment, UnknownName.
    """
    if not plan.sessions_least <= len(sessions) <= plan.sessions_most:
        raise NotPossible(
            f"This course has {plan.sessions_least} to {plan.sessions_most} sessions."
        )
    if sorted(sessions) != list(range(1, len(sessions) + 1)):
        raise ValueError("The sessions of a new course are counted from one.")
    draft = _draft(plan, sessions, by, now, submission)

    def work(turn: Turn) -> Course:
        draft.pk = None  # a turn that is taken again begins anew
        draft.save(force_insert=True)
        turn.write(draft, {})
        return draft

    turn = Turn(sessions, by, now)
    with all_hopeful(now):
        try:
            turn.look(draft, {})
            return turn.take(work)
        except (NotAllBookable, IntegrityError):
            first = _submitted(draft, sessions, by)
            if first is None:
                raise
            return first


def _draft(
    plan: CoursePlan,
    sessions: Sessions,
    by: User | None,
    now: datetime,
    submission: UUID | None,
) -> Course:
    asked, _ = sessions[1]
    people = {each.practitioner for each, _ in sessions.values()}
    return Course(
        patient=asked.patient,
        variant=asked.variant,
        plan=plan,
        practitioner=people.pop() if len(people) == 1 else None,
        place=asked.place,
        areas=format_areas(asked.areas),
        depth_mm=asked.depth_mm,
        label=asked.variant.label,
        sessions=len(sessions),
        least_days=plan.least_days,
        most_days=plan.most_days,
        submission=submission,
        created_at=now,
        booked_by=by,
    )


def _submitted(draft: Course, sessions: Sessions, by: User | None) -> Course | None:
    """What this form made before, if it did. Raises SubmissionReused."""
    if draft.submission is None:
        return None
    first = Course.objects.filter(submission=draft.submission).first()
    if first is None:
        return None
    theirs = by is None or first.booked_by_id == by.pk
    names = ("patient_id", "variant_id", "plan_id", "place_id", "sessions", "areas")
    same = all(getattr(first, name) == getattr(draft, name) for name in names)
    starts = set(first.appointments.values_list("starts_at", flat=True))
    if theirs and same and starts == {at for _, at in sessions.values()}:
        return first
    raise SubmissionReused


def arrange(
    *,
    course: Course,
    sessions: Sessions,
    by: User | None,
    now: datetime,
) -> Course:
    """Give sessions of a course a time: those that stand are moved, others booked.

    What is there already stays untouched. Sent twice, it is done once.
    Raises NotAllBookable, NotPossible, slots.NoSuchMoment, UnknownName.
    """
    if not sessions or not set(sessions) <= set(range(1, course.sessions + 1)):
        raise NotPossible(f"This course has {course.sessions} sessions.")
    before = _standing(course, sessions)
    sessions = {
        number: session
        for number, session in sessions.items()
        if number not in before or not is_there(before[number], *session)
    }
    if not sessions:
        return course

    def work(turn: Turn) -> Course:
        standing = _standing(course, sessions)
        if len(standing) == len(sessions) and all(
            is_there(row, *sessions[number]) for number, row in standing.items()
        ):  # sent twice, and the other came first
            return course
        for row in standing.values():
            check_may_move(row, by, now)
        turn.write(course, standing)
        return course

    turn = Turn(sessions, by, now)
    with all_hopeful(now):
        turn.look(course, before)
        return turn.take(work, [row.practitioner_id for row in before.values()])


def _standing(course: Course, sessions: Sessions) -> dict[int, Appointment]:
    """The appointments that sessions have already, locked where locks are held."""
    found = Appointment.objects.with_people().standing()
    found = found.filter(course=course, session__in=sessions).order_by("pk")
    if transaction.get_connection().in_atomic_block:
        found = found.select_for_update(of=("self",), no_key=True)
    return {row.session: row for row in found if row.session is not None}


def to_cancel(
    *, course: Course, by: User | None, now: datetime
) -> tuple[list[Appointment], list[Appointment]]:
    """The sessions to come that `by` may cancel now, and those that it is too late for."""
    to_come = course.appointments.filter(status=Status.BOOKED, starts_at__gt=now)
    may: list[Appointment] = []
    too_late: list[Appointment] = []
    for row in to_come.with_people().order_by("starts_at", "pk"):
        (may if is_cancellable(row, by=by, now=now) else too_late).append(row)
    return may, too_late


def cancel_rest(
    *,
    course: Course,
    by: User | None,
    now: datetime,
    reason: str = "",
    caused_by: Cause = Cause.CLINIC,
) -> list[Appointment]:
    """Cancel every session to come that `by` may cancel; told in one message.

    Each as `cancel` does it, fees included. Raises NotPossible where there is none.
    """
    with in_line(), transaction.atomic():
        lock(patient_id=course.patient_id)
        rows, too_late = to_cancel(course=course, by=by, now=now)
        if not rows and too_late:
            check_in_time(too_late[0], by, now)
        if not rows:
            raise NotPossible("No session of this course is still to come.")
        done = [
            cancel(appointment=row, by=by, now=now, reason=reason, caused_by=caused_by)
            for row in rows
        ]
        Notice.objects.filter(
            appointment__in=done, kind=Notice.Kind.CANCELLED, created_at=now
        ).delete()
        audit.record(
            by=by,
            verb="cancel rest of course",
            subject=course,
            now=now,
            patient=course.patient,
            sessions=[row.session for row in done],
        )
        notices.owe(Notice.Kind.COURSE, done[0], now)
    return done
