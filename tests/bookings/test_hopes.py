"""Who loses between the look and the locks is told when it ends, and nobody waits for it."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection

from bookings import actions, slots
from bookings.actions import all_or_none, turn
from bookings.actions.opening import NotBookable
from bookings.turnstile import in_line
from tests import factories, worlds
from tests.worlds import MONDAY_10, NOW

pytestmark = pytest.mark.django_db(transaction=True)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BACK = MONDAY_10 + 2 * HOUR


@pytest.fixture
def asked():
    who, where = worlds.plain()
    return worlds.asked("visit", where, who, patient=factories.PatientFactory())


@pytest.fixture
def queue():
    """Who stands in line now; on SQLite all others wait behind them."""
    return []


@pytest.fixture
def goes_away(asked, queue, monkeypatch):
    """Arms it: the practitioner goes on leave until twelve when somebody has looked."""

    @contextmanager
    def late():
        factories.NotAvailableTimeFactory(
            practitioner=asked.practitioner, starts_at=MONDAY_10 - HOUR, ends_at=BACK
        )
        with in_line():
            queue.append("somebody")
            try:
                yield
            finally:
                queue.pop()

    def arm():
        monkeypatch.setattr(turn, "in_line", late)
        monkeypatch.setattr(all_or_none, "in_line", late)

    return arm


@pytest.fixture(autouse=True)
def held_up(queue, monkeypatch):
    """Whether somebody held locks while weeks were looked at, each time."""
    real, found = slots.why_not, []

    def why_not(*args, **given):
        found.append(connection.in_atomic_block or bool(queue))
        return real(*args, **given)

    monkeypatch.setattr(slots, "why_not", why_not)
    return found


def book(asked, arm):
    arm()
    actions.book(asked=asked, at=MONDAY_10, by=None, now=NOW)


def hold(asked, arm):
    arm()
    actions.hold(asked=asked, at=MONDAY_10, by=None, now=NOW)


def confirm(asked, arm):
    held = actions.hold(asked=asked, at=MONDAY_10, by=None, now=NOW)
    arm()
    actions.confirm(appointment=held, by=None, now=NOW)


def move(asked, arm):
    booked = actions.book(asked=asked, at=MONDAY_10 + DAY, by=None, now=NOW)
    arm()
    again = actions.to_move(booked)
    actions.move(appointment=booked, asked=again, at=MONDAY_10, by=None, now=NOW)


def book_course(asked, arm):
    treatment = asked.variant.treatment
    plan = factories.CoursePlanFactory(treatment=treatment, sessions_least=2)
    arm()
    days = {1: (asked, MONDAY_10), 2: (asked, MONDAY_10 + plan.least_days * DAY)}
    actions.book_course(plan=plan, sessions=days, by=None, now=NOW)


def arrange(asked, arm):
    plan = factories.CoursePlanFactory(treatment=asked.variant.treatment)
    apart = plan.least_days * DAY
    days = {
        number: (asked, MONDAY_10 + apart * number)
        for number in range(1, plan.sessions_least + 1)
    }
    course = actions.book_course(plan=plan, sessions=days, by=None, now=NOW)
    [first] = course.appointments.filter(session=1)
    arm()
    again = {1: (actions.to_move(first), MONDAY_10)}
    actions.arrange(course=course, sessions=again, by=None, now=NOW)


DOORS = [book, hold, confirm, move, book_course, arrange]


@pytest.mark.parametrize("door", DOORS)
def test_a_loser_is_told_when_it_ends_behind_no_lock(asked, goes_away, held_up, door):
    with pytest.raises((NotBookable, all_or_none.NotAllBookable)) as refused:
        door(asked, goes_away)

    found = refused.value.findings
    [finding] = found[1] if isinstance(found, dict) else found
    assert finding.code == "PRACTITIONER_ON_LEAVE"
    assert finding.first_possible == BACK
    assert held_up == [False]
