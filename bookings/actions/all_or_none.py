"""Several sessions asked and written together, in one transaction."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction

from bookings import notices, rulebook, slots
from bookings.actions.equipped import candidates
from bookings.actions.locks import lock
from bookings.actions.move import rewrite
from bookings.actions.opening import (
    NotBookable,
    check_locked,
    open_role,
    taken,
    with_hope,
)
from bookings.actions.overriding import lapse_overrides
from bookings.actions.supervised import check_counted_on, counted_on
from bookings.actions.written import make
from bookings.courses import Sitting
from bookings.models import Appointment, Claim, Course, Notice, Status
from bookings.question import Asked
from bookings.seating import release
from bookings.turnstile import in_line
from bookings.wanted import Wanted
from clinic import audit
from clinic.models import User

Sessions = Mapping[int, tuple[Asked, datetime]]


class NotAllBookable(Exception):
    """Not every session is open, so none is written. Carries the refusal of each."""

    def __init__(self, refusals: Mapping[int, NotBookable]) -> None:
        super().__init__(
            "; ".join(f"{number}: {each}" for number, each in sorted(refusals.items()))
        )
        self.refusals = refusals
        self.findings = {number: each.findings for number, each in refusals.items()}


@contextmanager
def all_hopeful(now: datetime) -> Iterator[None]:
    """As `hopeful`, of each session that is refused in the block."""
    try:
        yield
    except NotAllBookable as refused:
        hopes = {n: with_hope(each, now) for n, each in refused.refusals.items()}
        raise NotAllBookable(hopes) from None


def _whom(sessions: Sessions) -> tuple[list[int], int]:
    """The practitioners who are asked for, and the patient."""
    people, patients = set(), set()
    for asked, _ in sessions.values():
        if asked.practitioner is None or asked.patient is None:
            raise ValueError("A session names a practitioner and a patient.")
        people.add(asked.practitioner.pk)
        patients.add(asked.patient.pk)
    [patient] = patients
    return sorted(people), patient


class Turn:
    """All sessions asked together: outside a transaction, then in it, then written."""

    def __init__(self, sessions: Sessions, by: User | None, now: datetime) -> None:
        self.sessions, self.by, self.now = sessions, by, now
        self.people, self.patient = _whom(sessions)
        self.minutes = {
            number: slots.minute_asked(at) for number, (_, at) in sessions.items()
        }
        self.written = 0  # the session that is being written

    def question(
        self, number: int, course: Course, standing: Mapping[int, Appointment]
    ) -> Asked:
        """One session, as if the others were where they are to be."""
        asked, row = self.sessions[number][0], standing.get(number)
        assumed = tuple(
            Sitting(other, self.minutes[other], each.place.tz)
            for other, (each, _) in self.sessions.items()
        )
        return replace(
            asked,
            course=replace(course.session(number), assumed=assumed),
            booked_min=row.booked_min if row else None,
            ignoring=asked.ignoring | {row.pk for row in standing.values()},
        )

    def look(self, course: Course, standing: Mapping[int, Appointment]) -> None:
        """Most of those who come too late leave here. Raises NotAllBookable."""
        self._each(
            lambda number: self._open(self.question(number, course, standing), number)
        )

    def take(
        self, work: Callable[["Turn"], Course], others: Iterable[int] = ()
    ) -> Course:
        """Do `work` under all locks, and all of it or nothing. Raises NotAllBookable.

        As for one appointment, holds that are over are let go once the database
        refuses: see `turn.in_turn`.
        """
        people = [*self.people, *others]
        try:
            return self._take(work, people, letting_go=False)
        except IntegrityError as refusal:
            taken(refusal)  # any other refusal is a fault
        try:
            return self._take(work, people, letting_go=True)
        except IntegrityError as refusal:
            refused = {self.written: NotBookable(taken(refusal))}
            raise NotAllBookable(refused) from refusal

    def _take(
        self, work: Callable[["Turn"], Course], people: list[int], *, letting_go: bool
    ) -> Course:
        with in_line(), transaction.atomic(durable=True):
            self.over, self.where = self._concerned()
            lock(*{*people, *self.over}, **self.where, patient_id=self.patient)
            if letting_go:
                release(
                    self.now,
                    practitioner=people,
                    room=self.where["room_ids"],
                    device=self.where["device_ids"],
                    patient=[self.patient],
                )
            return work(self)

    def _concerned(self) -> tuple[list[int], dict[str, list[int]]]:
        """Supervisors, rooms and devices that any session may come to count on."""
        over: set[int] = set()
        where: dict[str, set[int]] = {"room_ids": set(), "device_ids": set()}
        for asked, _ in self.sessions.values():
            over.update(counted_on(asked))
            for name, ids in candidates(asked).items():
                where[name].update(ids)
        return sorted(over), {name: sorted(ids) for name, ids in where.items()}

    def write(self, course: Course, standing: Mapping[int, Appointment]) -> None:
        """Ask each again and write it. Raises NotAllBookable."""
        Claim.objects.filter(appointment__in=standing.values()).delete()
        made: list[Appointment] = []

        def one(number: int) -> None:
            self.written = number
            question = self.question(number, course, standing).afresh(
                rulebook.current()
            )
            wanted = self._open(question, number)
            check_counted_on(wanted, self.over)
            check_locked(wanted, self.where)
            made.append(self._written(wanted, standing.get(number)))

        self._each(one)
        audit.record(
            by=self.by,
            verb="arrange course",
            subject=course,
            now=self.now,
            patient=course.patient,
            sessions={str(number): at for number, (_, at) in self.sessions.items()},
        )
        notices.owe(Notice.Kind.COURSE, made[0], self.now)

    def _written(self, wanted: Wanted, standing: Appointment | None) -> Appointment:
        if standing is None:
            return make(
                wanted, Status.BOOKED, by=self.by, now=self.now, submission=None
            )
        lapse_overrides(standing, self.now)
        return rewrite(standing, wanted, self.by, self.now)

    def _open(self, question: Asked, number: int) -> Wanted:
        return open_role(question, self.minutes[number], self.now, by=self.by)

    def _each(self, work: Callable[[int], object]) -> None:
        refused = {}
        for number in sorted(self.sessions):
            try:
                work(number)
            except NotBookable as closed:
                refused[number] = closed
        if refused:
            raise NotAllBookable(refused)
