"""Offered, bookable and explained are one answer, and it is the reference's.

Random clinics; every start of the window on five minutes, and the minute before and
after every edge, is asked of the product and of a slow reference that shares no code
with it. What is offered is booked at once; what is withheld is refused with the same
reasons and writes nothing. At the end a table says how much each rule closed.
"""

import os
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from bookings import actions, evaluator, slots
from bookings.courses import InCourse, Sitting
from bookings.models import Appointment, Claim, Notice
from bookings.question import ask
from bookings.timeline import from_minute, to_minute
from clinic.models import AuditEvent, User
from tests.properties import building
from tests.properties import reference_under as reference
from tests.properties.plans import plans
from tests.properties.values import Course, Plan
from tests.rule_codes import CLOSES
from treatments.areas import PlannedArea

LEAST = 0.01  # of the starts tried, that each rule must close
MINUTE = timedelta(minutes=1)
EXAMPLES = int(os.environ.get("EXAMPLES", "100"))
RUNS = 10  # each begins anew: within one, plans resemble each other


class Tally:
    """How often each code closed a start."""

    def __init__(self):
        self.tried = 0
        self.open = 0
        self.by_code = Counter()
        self.booked = 0
        self.refused = 0

    def add(self, codes):
        self.tried += 1
        self.open += not codes
        self.by_code.update(codes)
        for rule, its_codes in CLOSES.items():
            self.by_code[rule] += bool(codes & its_codes)

    def table(self):
        lines = [f"{self.tried} starts, {self.open} open ({self._share(self.open)})"]
        lines += [f"{self.booked} booked, {self.refused} refused"]
        for name, count in self.by_code.most_common():
            lines.append(f"  {self._share(count):>6}  {name}")
        return "\n".join(lines)

    def _share(self, count):
        return f"{100 * count / self.tried:.1f}%"


def question(plan: Plan, built: building.Built, who: str | None = None):
    asked = ask(
        variant=plan.variant.code,
        place=plan.place.slug,
        practitioner=who,
        patient=None if plan.patient is None else built.patients[plan.patient],
        areas=[PlannedArea(area) for area in plan.areas],
        depth_mm=plan.depth,
    )
    if plan.ignored is not None:
        asked = replace(asked, ignoring=frozenset({built.visits[plan.ignored].pk}))
    if plan.course is not None:
        asked = replace(asked, course=in_course(plan.course, built.course.pk))
    return asked


def in_course(course: Course, pk: int):
    return InCourse(
        course.number,
        course.least,
        course.most,
        pk,
        assumed=tuple(
            Sitting(number, to_minute(at), zone) for number, at, zone in course.assumed
        ),
        to_follow=course.to_follow,
    )


def tried(plan: Plan, answers):
    """Every fifth minute of the window, and both sides of every edge of a closure."""
    first, until = (to_minute(moment) for moment in plan.window)
    edges = {
        edge + step
        for closures in answers
        for closure in closures
        for edge in closure[:2]
        for step in (-1, 0, 1)
    }
    minutes = {*range(first, until, 5), *edges}
    return [minute for minute in sorted(minutes) if first <= minute < until]


def compare(plan: Plan, built: building.Built, tally: Tally):
    """Ask product and reference about every start; give the reference's answers."""
    first, until = (to_minute(moment) for moment in plan.window)
    wanteds = question(plan, built).wanteds(first, until)
    answers = evaluator.ask(wanteds, plan.now)
    found = {}
    for person in plan.people:
        for role in person.roles:
            if role.place != plan.place:
                continue
            row = built.roles[person.slug, role.code, role.place.slug]
            [number] = [n for n, one in enumerate(wanteds) if one.role.pk == row.pk]
            opened = set(evaluator.open_starts(answers[number], wanteds[number]))
            for minute in {*tried(plan, answers), *opened}:
                start = from_minute(minute)
                expected = reference.against(plan, person, role, start)
                told = evaluator.findings_at(answers[number], minute)
                assert {finding.code for finding in told} == expected, start
                assert (minute in opened) == (not expected), start
                tally.add(expected)
                found.setdefault((person.slug, start), []).append(expected)
    return found


def assert_list_is(plan, built, found):
    """The list offers whom the reference lets start, once each, in order."""
    offered = slots.open_slots(
        question(plan, built), first_day=plan.first_day, days=plan.days, now=plan.now
    )
    pairs = [(slot.start, slot.practitioner.slug) for slot in offered]

    assert pairs == sorted(pairs)
    assert set(pairs) == {
        (start, slug) for (slug, start), by_role in found.items() if set() in by_role
    }
    length = timedelta(minutes=plan.variant.minutes)
    assert all(slot.end - slot.start == length for slot in offered)


def rows():
    return tuple(
        model.objects.count() for model in (Appointment, Claim, AuditEvent, Notice)
    )


def assert_booking_agrees(plan, built, slug, start, by_role, by, tally):
    """Book it, or be refused for the reasons that `why` gives."""
    asked = question(plan, built, slug)
    if asked.patient is None:
        asked = replace(asked, patient=built.patients[0])
        plan = replace(plan, patient=0)
        person = next(person for person in plan.people if person.slug == slug)
        by_role = [
            reference.against(plan, person, role, start)
            for role in person.roles
            if role.place == plan.place
        ]
    told = slots.why_not(asked, at=start, now=plan.now)
    codes = {finding.code for finding in told}
    assert codes in by_role
    assert (not codes) == (set() in by_role)
    before = rows()
    mark = transaction.savepoint()
    if not codes:
        if asked.ignoring:
            return  # an appointment that is only thought away keeps its claims
        made = actions.book(asked=asked, at=start, by=by, now=plan.now)
        assert (made.starts_at, made.practitioner.slug) == (start, slug)
        assert_took_what_it_needs(plan, built, made)
        assert set(evaluator_codes(plan, built, slug, start)) >= {
            "OVERLAP_PRACTITIONER"
        }
        transaction.savepoint_rollback(mark)
        tally.booked += 1
    else:
        with pytest.raises(actions.NotBookable) as refusal:
            actions.book(asked=asked, at=start, by=by, now=plan.now)
        assert {finding.code for finding in refusal.value.findings} == codes
        assert all(f.message and f.remedy for f in refusal.value.findings)
        tally.refused += 1
    assert rows() == before


def assert_took_what_it_needs(plan, built, made):
    """A room and a device of its own for each kind, all for their own minutes."""
    for what, kinds in (("room", plan.variant.rooms), ("device", plan.variant.devices)):
        claims = list(made.claims.filter(**{f"{what}__isnull": False}).order_by("pk"))
        things = {
            row.pk: thing for thing, row in built.things.items() if thing.what == what
        }
        taken = [things[getattr(claim, f"{what}_id")] for claim in claims]
        assert len(set(taken)) == len(kinds)
        assert all(k in thing.kinds for k, thing in zip(kinds, taken, strict=True))
        before, after = plan.variant.around(what)
        for claim in claims:
            assert made.starts_at - claim.starts_at == timedelta(minutes=before)
            assert claim.ends_at - made.ends_at == timedelta(minutes=after)


def evaluator_codes(plan, built, slug, start):
    asked = question(plan, built, slug)
    return [f.code for f in slots.why_not(asked, at=start, now=plan.now)]


@pytest.mark.django_db
def test_offered_is_bookable_and_withheld_is_explained(capsys):
    building.catalogue()
    by = User.objects.get(email="verifier@example.com")
    tally = Tally()

    def holds(plan, data):
        mark = transaction.savepoint()
        try:
            built = building.Built(plan, by.pk)
            found = compare(plan, built, tally)
            assert_list_is(plan, built, found)
            opened = [key for key, by_role in found.items() if set() in by_role]
            keys = sorted(opened)[:: len(opened) // 6 + 1]
            if found:
                keys.append(data.draw(st.sampled_from(sorted(found))))
            for key in keys:
                assert_booking_agrees(plan, built, *key, found[key], by, tally)
        finally:
            transaction.savepoint_rollback(mark)

    for number in range(RUNS):
        given_it = settings(
            max_examples=EXAMPLES // RUNS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )(given(plans(), st.data())(holds))
        (given_it if "EXAMPLES" in os.environ else seed(number)(given_it))()

    with capsys.disabled():
        print(f"\n{tally.table()}")  # noqa: T201 -- the table is part of the answer
    wired = {
        path.removeprefix("bookings.rules.") for path in django_settings.BOOKING_RULES
    }
    assert wired == set(CLOSES)
    seldom = [rule for rule in CLOSES if tally.by_code[rule] < LEAST * tally.tried]
    assert seldom == []
    assert tally.open > LEAST * tally.tried
    assert min(tally.booked, tally.refused) > EXAMPLES // 3
