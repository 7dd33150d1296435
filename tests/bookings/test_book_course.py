"""Courses: all sessions or none, moved together, cancelled together."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from bookings import actions, planning, slots
from bookings.actions import NotPossible
from bookings.models import Appointment, Claim, Course, Notice
from bookings.planning import Planning
from clinic.models import AuditEvent, Location
from tests import factories, worlds
from tests.worlds import MONDAY, MONDAY_10, NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def clinic():
    return worlds.plain()


@pytest.fixture
def patient():
    return factories.PatientFactory()


@pytest.fixture
def plan(clinic):
    """Two to six sessions, a week to ten days apart."""
    _, where = clinic
    return factories.CoursePlanFactory(
        treatment=worlds.asked("visit", where).variant.treatment,
        sessions_least=2,
        least_days=7,
        most_days=10,
    )


def on(clinic, patient, *days, variant="visit"):
    """A session so many days after the Monday, each at ten."""
    who, where = clinic
    asked = worlds.asked(variant, where, who, patient=patient)
    return {
        number: (asked, MONDAY_10 + day * DAY) for number, day in enumerate(days, 1)
    }


def book(plan, sessions, patient, **more):
    given = {"plan": plan, "sessions": sessions, "by": patient.user, "now": NOW}
    return actions.book_course(**{**given, **more})


def arranged(course, days, **more):
    """Arrange sessions by number, each so many days after the Monday at ten."""
    first = course.appointments.with_people().first()
    asked = actions.to_move(first)
    asked = replace(asked, ignoring=frozenset(), course=None)
    return actions.arrange(
        course=course,
        sessions={
            number: (asked, MONDAY_10 + day * DAY) for number, day in days.items()
        },
        by=None,
        now=more.get("now", NOW),
    )


def days(course):
    rows = course.appointments.standing().order_by("session")
    return {row.session: (row.starts_at - MONDAY_10).days for row in rows}


def rows():
    return [
        list(model.objects.values().order_by("pk"))
        for model in (Appointment, Claim, Course, Notice, AuditEvent)
    ]


def test_a_course_is_booked_whole_with_one_message(clinic, patient, plan):
    course = book(plan, on(clinic, patient, 0, 7, 17), patient)

    assert days(course) == {1: 0, 2: 7, 3: 17}
    assert (course.sessions, course.least_days, course.most_days) == (3, 7, 10)
    assert Claim.objects.count() == 6
    assert [notice.kind for notice in Notice.objects.all()] == ["course"]
    verbs = list(AuditEvent.objects.values_list("verb", flat=True))
    assert sorted(verbs) == ["arrange course", "book", "book", "book"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((0, 6, 14), {2: {"COURSE_TOO_SOON"}, 1: {"COURSE_TOO_SOON"}}),
        ((0, 7, 18), {2: {"COURSE_TOO_LATE"}, 3: {"COURSE_TOO_LATE"}}),
    ],
)
def test_sessions_too_close_or_too_far_are_refused_for_each_date(
    clinic, patient, plan, given, expected
):
    with pytest.raises(actions.NotAllBookable) as refused:
        book(plan, on(clinic, patient, *given), patient)

    assert {n: worlds.codes(f) for n, f in refused.value.findings.items()} == expected
    assert rows() == [[], [], [], [], []]


def test_one_taken_date_refuses_all_with_its_reason(clinic, patient, plan):
    who, where = clinic
    other = worlds.asked("visit", where, who, patient=factories.PatientFactory())
    actions.book(asked=other, at=MONDAY_10 + 17 * DAY, by=None, now=NOW)
    before = rows()

    with pytest.raises(actions.NotAllBookable) as refused:
        book(plan, on(clinic, patient, 0, 7, 17), patient)

    assert {n: worlds.codes(f) for n, f in refused.value.findings.items()} == {
        3: {"OVERLAP_PRACTITIONER"}
    }
    assert rows() == before


def test_what_is_taken_after_the_look_leaves_nothing_behind(
    clinic, patient, plan, monkeypatch
):
    """The last date goes between the look and the lock."""
    who, where = clinic
    take = actions.all_or_none.Turn.take

    def late(turn, *args):
        other = worlds.asked("visit", where, who, patient=factories.PatientFactory())
        actions.book(asked=other, at=MONDAY_10 + 17 * DAY, by=None, now=NOW)
        return take(turn, *args)

    monkeypatch.setattr(actions.all_or_none.Turn, "take", late)

    with pytest.raises(actions.NotAllBookable, match="3: OVERLAP_PRACTITIONER"):
        book(plan, on(clinic, patient, 0, 7, 17), patient)

    assert not Course.objects.exists()
    assert Appointment.objects.count() == 1


def test_the_same_form_again_answers_with_the_first_course(clinic, patient, plan):
    key, sessions = uuid4(), on(clinic, patient, 0, 7, 17)
    first = book(plan, sessions, patient, submission=key)
    before = rows()

    assert book(plan, sessions, patient, submission=key) == first
    assert rows() == before
    with pytest.raises(actions.SubmissionReused):
        book(plan, on(clinic, patient, 0, 8, 17), patient, submission=key)


@pytest.mark.parametrize("number", [1, 7])
def test_a_course_has_as_many_sessions_as_its_plan_says(clinic, patient, plan, number):
    with pytest.raises(NotPossible, match="2 to 6 sessions"):
        book(plan, on(clinic, patient, *range(0, 7 * number, 7)), patient)


def test_follow_ups_come_after_a_first_visit_and_first_visits_are_no_course(
    clinic, patient, plan
):
    with pytest.raises(actions.NotAllBookable, match="FIRST_VISIT_NEEDED"):
        book(plan, on(clinic, patient, 0, 7, variant="follow_up"), patient)
    with pytest.raises(actions.NotAllBookable, match="2: NOT_A_FIRST_VISIT"):
        book(plan, on(clinic, patient, 0, 7, variant="first"), patient)
    assert not Course.objects.exists()


def test_only_the_first_date_is_bound_by_the_horizon(clinic, patient, plan):
    Location.objects.update(horizon_days=28)

    course = book(plan, on(clinic, patient, 0, 7, 17), patient)

    assert days(course) == {1: 0, 2: 7, 3: 17}
    with pytest.raises(actions.NotAllBookable, match="1: BEYOND_HORIZON"):
        book(plan, on(clinic, patient, 1, 8), patient)


def test_following_sessions_move_along(clinic, patient, plan):
    course = book(plan, on(clinic, patient, 0, 7, 17), patient)
    second = course.appointments.with_people().get(session=2)

    with pytest.raises(actions.NotBookable, match="COURSE_TOO_SOON"):
        actions.move(
            appointment=second,
            asked=actions.to_move(second),
            at=MONDAY_10 + 10 * DAY + timedelta(days=1),
            by=None,
            now=NOW,
        )
    arranged(course, {2: 10, 3: 20})

    assert days(course) == {1: 0, 2: 10, 3: 20}
    assert course.appointments.count() == 3
    assert Claim.objects.count() == 6
    assert Notice.objects.filter(kind="moved").count() == 0


def test_a_session_takes_the_old_time_of_another(clinic, patient, plan):
    course = book(plan, on(clinic, patient, 0, 7, 14), patient)

    arranged(course, {1: 7, 2: 14, 3: 21})

    assert days(course) == {1: 7, 2: 14, 3: 21}


def test_what_cannot_move_moves_nothing(clinic, patient, plan):
    course = book(plan, on(clinic, patient, 0, 7, 17), patient)
    before = rows()

    with pytest.raises(actions.NotAllBookable) as refused:
        arranged(course, {2: 10, 3: 25})

    assert set(refused.value.findings) == {2, 3}
    assert rows() == before


def test_one_is_cancelled_and_booked_again(clinic, patient, plan):
    course = book(plan, on(clinic, patient, 0, 7, 17), patient)
    second = course.appointments.get(session=2)

    actions.cancel(appointment=second, by=patient.user, now=NOW)
    assert days(course) == {1: 0, 3: 17}
    arranged(course, {2: 8})

    assert days(course) == {1: 0, 2: 8, 3: 17}


def test_the_rest_is_cancelled_at_once_and_told_once(clinic, patient, plan):
    course = book(plan, on(clinic, patient, 0, 7, 17), patient)

    after_first = MONDAY_10 + DAY
    done = actions.cancel_rest(course=course, by=patient.user, now=after_first)

    assert [row.session for row in done] == [2, 3]
    assert days(course) == {1: 0}
    assert Claim.objects.count() == 2
    assert Notice.objects.filter(kind="cancelled").count() == 0
    assert Notice.objects.filter(kind="course").count() == 2
    with pytest.raises(NotPossible):
        actions.cancel_rest(course=course, by=patient.user, now=after_first)


# What is offered.


def wanted(clinic, patient, plan, *numbers, **more):
    who, where = clinic
    asked = worlds.asked("visit", where, who, patient=patient)
    return Planning(asked, numbers, plan.least_days, plan.most_days, **more)


def test_what_is_proposed_is_booked(clinic, patient, plan):
    who, _ = clinic
    factories.NotAvailableTimeFactory(
        practitioner=who, starts_at=MONDAY_10 + 6 * DAY, ends_at=MONDAY_10 + 9 * DAY
    )
    question = wanted(clinic, patient, plan, 1, 2, 3)
    first = {1: (MONDAY_10, who.slug)}

    found = planning.proposal(question, wishes=first, now=NOW)

    starts = {each.number: each.slot.start for each in found}
    assert starts[1] == MONDAY_10
    sessions = {n: (question.asked, at) for n, at in starts.items()}
    assert days(book(plan, sessions, patient)) == {
        n: (at - MONDAY_10).days for n, at in starts.items()
    }


def test_no_first_date_is_offered_from_which_the_rest_is_out_of_reach(
    clinic, patient, plan
):
    who, where = clinic
    factories.NotAvailableTimeFactory(
        practitioner=who,
        starts_at=MONDAY_10 + 17 * DAY,
        ends_at=MONDAY_10 + 400 * DAY,
    )
    question = wanted(clinic, patient, plan, 1, 2, 3)

    found = planning.first_slots(question, first_day=MONDAY, days=20, now=NOW)

    # Fourteen days at least from the first to the third; leave begins on the 17th.
    last = max(slot.start.astimezone(where.tz).date() for slot in found)
    assert last == MONDAY + 3 * DAY
    assert (
        planning.proposal(
            question, wishes={1: (MONDAY_10 + 5 * DAY, who.slug)}, now=NOW
        )
        == []
    )
    alone = slots.open_slots(question.asked, first_day=MONDAY, days=20, now=NOW)
    assert max(slot.start for slot in alone) > max(slot.start for slot in found)


def test_a_wish_is_kept_while_it_leads_on(clinic, patient, plan):
    who, _ = clinic
    question = wanted(clinic, patient, plan, 1, 2, 3)
    kept = (MONDAY_10 + 9 * DAY, who.slug)
    lost = (MONDAY_10 + 40 * DAY, who.slug)

    found = planning.proposal(
        question, wishes={1: (MONDAY_10, who.slug), 2: kept, 3: lost}, now=NOW
    )

    assert found[1].slot.start == kept[0]
    assert found[2].slot.start == kept[0] + 7 * DAY
    assert Appointment.objects.count() == 0


def test_plan_the_rest_fits_between_what_stands(clinic, patient, plan):
    course = book(plan, on(clinic, patient, 0, 7, 17), patient)
    actions.cancel(appointment=course.appointments.get(session=2), by=None, now=NOW)
    question = wanted(
        clinic, patient, plan, 2, course=course.pk, standing=tuple(course.sittings())
    )

    [second] = planning.proposal(question, wishes={}, now=NOW)

    zone = question.asked.place.tz
    offered = {slot.start.astimezone(zone).date() for slot in second.others}
    assert offered == {MONDAY + number * DAY for number in (7, 8, 9, 10)}
    assert second.slot in second.others


def test_a_hold_that_is_over_is_let_go(clinic, patient, plan):
    who, where = clinic
    other = worlds.asked("visit", where, who, patient=factories.PatientFactory())
    held = actions.hold(asked=other, at=MONDAY_10 + 7 * DAY, by=None, now=NOW)
    later = NOW + timedelta(hours=1)

    with pytest.raises(actions.NotAllBookable, match="2: OVERLAP_PRACTITIONER"):
        book(plan, on(clinic, patient, 0, 7), patient)
    course = book(plan, on(clinic, patient, 0, 7), patient, now=later)

    assert days(course) == {1: 0, 2: 7}
    assert not held.claims.filter(practitioner=who).exists()
