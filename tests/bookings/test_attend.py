"""What becomes of an appointment: the allowed moves, and the time they free."""

from datetime import timedelta
from functools import partial

import pytest

from bookings import actions
from bookings.models import Appointment, Claim, Notice, Status
from bookings.models.appointments import MOVES, OCCUPYING
from clinic.models import AuditEvent
from tests import factories, worlds
from tests.worlds import MONDAY, MONDAY_10, NOW

pytestmark = pytest.mark.django_db

BEGUN = MONDAY_10 + timedelta(minutes=5)
VERBS = {
    Status.CANCELLED: actions.cancel,
    Status.ARRIVED: actions.arrive,
    Status.FULFILLED: actions.fulfil,
    Status.NOSHOW: actions.mark_noshow,
    Status.ENTERED_IN_ERROR: partial(actions.mark_in_error, reason="A slip."),
}


@pytest.fixture
def clinic():
    return worlds.plain()


@pytest.fixture
def asked(clinic):
    who, where = clinic
    return worlds.asked("visit", where, who, patient=factories.PatientFactory())


@pytest.fixture
def booked(asked):
    return actions.book(asked=asked, at=MONDAY_10, by=None, now=NOW)


def is_free(asked):
    return MONDAY_10 in worlds.starts(asked, MONDAY)


@pytest.mark.parametrize(
    "verb", [Status.CANCELLED, Status.NOSHOW, Status.ENTERED_IN_ERROR]
)
def test_who_does_not_come_frees_the_time(asked, booked, verb):
    assert not is_free(asked)

    moved = VERBS[verb](appointment=booked, by=None, now=BEGUN)

    assert moved.status == verb
    assert not Claim.objects.exists()
    assert is_free(asked)
    assert actions.book(asked=asked, at=MONDAY_10, by=None, now=NOW) != booked


@pytest.mark.parametrize(
    "verbs", [[Status.ARRIVED], [Status.ARRIVED, Status.FULFILLED]]
)
def test_who_comes_keeps_the_time(asked, booked, verbs):
    for verb in verbs:
        VERBS[verb](appointment=booked, by=None, now=BEGUN)

    assert Claim.objects.count() == 2
    assert not is_free(asked)


MOVED = [
    pytest.param(was, becomes, id=f"{was} to {becomes}")
    for was in Status
    for becomes in VERBS
]


@pytest.mark.parametrize(("was", "becomes"), MOVED)
def test_only_the_moves_of_the_table_are_made(booked, was, becomes):
    held = BEGUN if was == Status.PENDING else None
    Appointment.objects.update(status=was, held_until=held)
    if was not in OCCUPYING:
        Claim.objects.all().delete()
    events, claims = AuditEvent.objects.count(), Claim.objects.count()
    allowed = becomes in MOVES.get(was, ())
    verb = VERBS[becomes]
    if (was, becomes) == (Status.PENDING, Status.CANCELLED):
        with pytest.raises(actions.NotPossible, match="Let it go"):
            verb(appointment=booked, by=None, now=BEGUN)
        verb = actions.let_go

    again = was == becomes and was in (Status.ARRIVED, Status.FULFILLED, Status.NOSHOW)
    if allowed or again:
        assert verb(appointment=booked, by=None, now=BEGUN).status == becomes
    else:
        with pytest.raises(actions.NotPossible, match="cannot become"):
            verb(appointment=booked, by=None, now=BEGUN)

    booked.refresh_from_db()
    assert booked.status == (becomes if allowed else was)
    assert AuditEvent.objects.count() == events + allowed
    if not allowed:
        assert Claim.objects.count() == claims


@pytest.mark.parametrize("was", [None, *Status])
def test_the_table_has_a_row_for_every_status_and_confirming_goes_by_it(booked, was):
    if was is None:
        assert set(MOVES) == set(Status)
        return
    held_until = MONDAY_10 if was == Status.PENDING else None
    Appointment.objects.update(status=was, held_until=held_until)
    Notice.objects.all().delete()  # that it is booked has been told
    booked.refresh_from_db()

    if was == Status.BOOKED:  # sent twice
        assert actions.confirm(appointment=booked, by=None, now=NOW) == booked
    elif Status.BOOKED in MOVES[was]:
        done = actions.confirm(appointment=booked, by=None, now=NOW)
        assert done.status == Status.BOOKED
    else:
        with pytest.raises(actions.NotPossible, match="cannot become"):
            actions.confirm(appointment=booked, by=None, now=NOW)


def test_claims_stand_exactly_while_the_status_occupies():
    """The one definition: what leaves OCCUPYING by a move loses its claims."""
    ends = {becomes for moves in MOVES.values() for becomes in moves}

    assert ends - OCCUPYING == {
        Status.CANCELLED,
        Status.NOSHOW,
        Status.ENTERED_IN_ERROR,
    }


def test_a_cancellation_says_who_when_and_why(booked):
    by = factories.UserFactory()

    actions.cancel(appointment=booked, by=by, now=BEGUN, reason="r" * 500)

    booked.refresh_from_db()
    assert (booked.cancelled_by, booked.cancelled_at) == (by, BEGUN)
    assert booked.cancel_reason == "r" * 200
    assert Notice.objects.filter(kind="cancelled", appointment=booked).count() == 1
    event = AuditEvent.objects.latest("pk")
    assert (event.verb, event.by, event.detail["was"]) == ("cancelled", by, "booked")


def test_only_todays_appointments_arrive_by_the_clock_of_the_place(booked):
    late_evening_before = MONDAY_10 - timedelta(hours=10, minutes=1)
    just_before_midnight = MONDAY_10 + timedelta(hours=13, minutes=59)

    for now in (late_evening_before, just_before_midnight + timedelta(minutes=1)):
        with pytest.raises(actions.NotPossible, match="Only today"):
            actions.arrive(appointment=booked, by=None, now=now)
    assert actions.arrive(appointment=booked, by=None, now=just_before_midnight)


@pytest.mark.parametrize("verb", [actions.fulfil, actions.mark_noshow])
def test_what_has_not_begun_has_not_happened(booked, verb):
    with pytest.raises(actions.NotPossible, match="has not begun"):
        verb(appointment=booked, by=None, now=MONDAY_10 - timedelta(seconds=1))


def test_what_is_sent_twice_by_the_same_person_is_cancelled_once(booked):
    by, other = booked.patient.user, factories.FrontDeskUserFactory()
    actions.cancel(appointment=booked, by=by, now=NOW)
    events = AuditEvent.objects.count()

    assert actions.cancel(appointment=booked, by=by, now=NOW).status == "cancelled"
    with pytest.raises(actions.NotPossible):
        actions.cancel(appointment=booked, by=other, now=NOW)
    assert AuditEvent.objects.count() == events


def test_a_stale_copy_moves_nothing(booked):
    stale = Appointment.objects.get(pk=booked.pk)
    actions.cancel(appointment=booked, by=None, now=NOW)

    with pytest.raises(actions.NotPossible):
        actions.arrive(appointment=stale, by=None, now=BEGUN)
