"""Four weeks of appointments around the day of loading, each through the actions.

Every appointment is booked at a moment some days before it, is asked of all rules
then, and goes the way it would have gone: most of those behind us took place.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

from bookings import actions, slots
from bookings.models import Appointment, Cause, Status
from bookings.question import Asked, ask
from clinic.models import Patient, Practitioner, User
from records.demo.patients import PATIENTS, STORIES
from records.demo.people import Opening
from treatments.models import TreatmentVariant

NAMESPACE = UUID("6f6f1f0e-0d5c-4d8e-9a54-8f2f7c1f4b11")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PATIENCE = 6  # days after the planned one on which a visit may still fall
SPREAD = 3  # of them, the first days with a free time
LATEST_DAY = 14
CANCELLED_ONE_IN, MISSED_ONE_IN = 11, 17


class Plan(NamedTuple):
    """One visit that somebody wants; `number` tells it from all others."""

    day: int
    number: int
    patient: int
    variant: str


@dataclass(frozen=True)
class Diary:
    """What is known while the weeks are filled."""

    opening: Opening
    desk: User
    patients: list[Patient]
    made: dict[UUID | None, Appointment]
    treatments: dict[str, int]
    seen_by: dict[tuple[int, int], Practitioner]


def fill(opening: Opening, patients: list[Patient], desk: User) -> int:
    """Book all that is planned and not yet made; give how many were booked."""
    diary = Diary(
        opening=opening,
        desk=desk,
        patients=patients,
        made={
            row.submission: row
            for row in Appointment.objects.exclude(submission=None).with_people()
        },
        treatments=dict(TreatmentVariant.objects.values_list("code", "treatment_id")),
        seen_by={},
    )
    booked = 0
    for plan in sorted(plans()):
        appointment = diary.made.get(key_of(plan)) or _book(diary, plan)
        if appointment is not None:
            _let_happen(diary, plan, appointment)
            booked += 1
    return booked


def plans() -> Iterator[Plan]:
    number = 0
    for index, row in enumerate(PATIENTS):
        for day, variant in STORIES[row.story]:
            yield Plan(day, number, index, variant)
            number += 1


def key_of(plan: Plan) -> UUID:
    """The key by which a load that was broken off finds what it had made."""
    return uuid5(NAMESPACE, str(plan.number))


def _book(diary: Diary, plan: Plan) -> Appointment | None:
    patient = diary.patients[plan.patient]
    asked = ask(
        variant=plan.variant, place=PATIENTS[plan.patient].place, patient=patient
    )
    same = (patient.pk, diary.treatments[plan.variant])
    slot = _choose(diary, plan, asked, diary.seen_by.get(same))
    if slot is None:
        return None
    diary.seen_by[same] = slot.practitioner
    return actions.book(
        asked=replace(asked, practitioner=slot.practitioner),
        at=slot.start,
        by=patient.user if plan.number % 4 and patient.user else diary.desk,
        now=_booked_at(diary, plan, slot.start),
        submission=key_of(plan),
    )


def _choose(
    diary: Diary, plan: Plan, asked: Asked, before: Practitioner | None
) -> slots.Slot | None:
    """A free time on the planned day or soon after, with whom they saw before."""
    first = diary.opening.today + plan.day * DAY
    last = diary.opening.today + LATEST_DAY * DAY
    days = min(PATIENCE, (last - first).days)
    if days < 1:
        return None
    now = min(diary.opening.now, diary.opening.now + plan.day * DAY) - DAY
    for who in [before, None] if before else [None]:
        question = replace(asked, practitioner=who)
        found = slots.open_slots(question, first_day=first, days=days, now=now)
        if found:
            # Not everybody comes on the first day that is free, nor at nine o'clock.
            free = sorted({_day(slot) for slot in found})[:SPREAD]
            day = free[plan.number % len(free)]
            people = sorted({slot.role.pk for slot in found if _day(slot) == day})
            role = people[(plan.number + plan.patient) % len(people)]
            times = [
                slot for slot in found if _day(slot) == day and slot.role.pk == role
            ]
            return times[plan.number * 7 % len(times)]
    return None


def _day(slot: slots.Slot) -> date:
    return slot.start.astimezone(slot.place.tz).date()


def _booked_at(diary: Diary, plan: Plan, start: datetime) -> datetime:
    """Some days before the visit, and before the demo was loaded."""
    lead = (2 + plan.number % 9) * DAY + (plan.number % 7) * HOUR
    return min(start - lead, diary.opening.now - 2 * HOUR)


def _let_happen(diary: Diary, plan: Plan, appointment: Appointment) -> None:
    """Bring it to where it stands now: done, here, missed, cancelled or to come."""
    now, first_visit = diary.opening.now, plan.variant == "dn_first"
    if appointment.status == Status.BOOKED and not first_visit:
        # Follow-ups rest on a first visit, so those take place.
        if plan.number % CANCELLED_ONE_IN == CANCELLED_ONE_IN - 1:
            _cancel(diary, plan, appointment)
            return
        if plan.number % MISSED_ONE_IN == 1 and appointment.ends_at <= now:
            late = appointment.starts_at + timedelta(minutes=20)
            actions.mark_noshow(appointment=appointment, by=diary.desk, now=late)
            return
    if appointment.status == Status.BOOKED and appointment.starts_at <= now:
        early = appointment.starts_at - timedelta(minutes=plan.number % 9)
        appointment = actions.arrive(appointment=appointment, by=diary.desk, now=early)
    if appointment.status == Status.ARRIVED and appointment.ends_at <= now:
        actions.fulfil(
            appointment=appointment,
            by=appointment.practitioner.user,
            now=appointment.ends_at,
        )


def _cancel(diary: Diary, plan: Plan, appointment: Appointment) -> None:
    """Some ring on the day itself, and the desk cancels: that costs them something."""
    late = appointment.starts_at - 3 * HOUR
    latest = diary.opening.now - HOUR
    if plan.number % 3 and late <= latest:
        when, reason = late, "Rang that morning."
    else:
        in_time = max(appointment.starts_at - 2 * DAY, appointment.created_at + HOUR)
        when, reason = min(in_time, latest), "Cannot come that day."
    by = appointment.booked_by
    if not actions.is_cancellable(appointment, by=by, now=when):
        by = diary.desk
    actions.cancel(
        appointment=appointment,
        by=by,
        now=when,
        reason=reason,
        caused_by=Cause.PATIENT,
    )
