"""Cancelling and moving around the cut-off, and what is owed for it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from bookings import actions
from bookings.models import Appointment, Cause, Fee, Notice, Status
from clinic.models import AuditEvent
from tests import factories, worlds
from tests.worlds import MONDAY_10, NOW

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
CUT_OFF = MONDAY_10 - timedelta(hours=24)
LATE = CUT_OFF
IN_TIME = CUT_OFF - SECOND
BEGUN = MONDAY_10 + timedelta(minutes=5)


@pytest.fixture
def policy(db):
    return factories.CancellationPolicyFactory()


@pytest.fixture
def patient(db):
    return factories.PatientFactory()


@pytest.fixture
def desk(db):
    return factories.FrontDeskUserFactory()


@pytest.fixture
def asked(policy, patient):
    who, where = worlds.plain()
    return worlds.asked("visit", where, who, patient=patient)


@pytest.fixture
def booked(asked, patient):
    return actions.book(asked=asked, at=MONDAY_10, by=patient.user, now=NOW)


def move(booked, by, now):
    return actions.move(
        appointment=booked,
        asked=actions.to_move(booked),
        at=MONDAY_10 + timedelta(days=1),
        by=by,
        now=now,
    )


def test_before_the_cut_off_the_patient_cancels_and_owes_nothing(booked, patient):
    actions.cancel(appointment=booked, by=patient.user, now=IN_TIME)

    booked.refresh_from_db()
    assert (booked.status, booked.caused_by) == (Status.CANCELLED, Cause.PATIENT)
    assert not Fee.objects.exists()


def test_from_the_cut_off_on_the_patient_calls(booked, patient):
    for act in (
        lambda: actions.cancel(appointment=booked, by=patient.user, now=LATE),
        lambda: move(booked, patient.user, LATE),
    ):
        with pytest.raises(actions.NotPossible, match="Please call us"):
            act()
    booked.refresh_from_db()
    assert (booked.status, booked.starts_at) == (Status.BOOKED, MONDAY_10)
    assert booked.claims.count() == 2
    assert not Fee.objects.exists()


def test_before_the_cut_off_the_patient_moves(booked, patient):
    assert move(booked, patient.user, IN_TIME).starts_at > MONDAY_10


def test_the_desk_moves_at_any_time(booked, desk):
    assert move(booked, desk, LATE).starts_at > MONDAY_10
    assert not Fee.objects.exists()


@pytest.mark.parametrize(
    ("now", "cause", "owed"),
    [
        (IN_TIME, Cause.PATIENT, []),
        (LATE, Cause.PATIENT, [40]),
        (BEGUN, Cause.PATIENT, [40]),
        (IN_TIME, Cause.CLINIC, []),
        (LATE, Cause.CLINIC, []),
        (BEGUN, Cause.CLINIC, []),
    ],
)
def test_what_staff_cancel_costs_if_late_and_the_patients_doing(
    booked, desk, now, cause, owed
):
    actions.cancel(
        appointment=booked, by=desk, now=now, reason="Rang us.", caused_by=cause
    )

    booked.refresh_from_db()
    assert (booked.status, booked.caused_by) == (Status.CANCELLED, cause)
    assert [fee.amount_usd for fee in Fee.objects.all()] == owed
    assert AuditEvent.objects.filter(verb="fee owed").count() == len(owed)


def test_nobody_owes_anything_without_a_policy(booked, desk):
    Appointment.objects.update(policy=None)

    actions.cancel(appointment=booked, by=desk, now=BEGUN, caused_by=Cause.PATIENT)

    assert not Fee.objects.exists()


def test_a_later_policy_changes_nothing_for_what_is_booked(booked, patient):
    factories.CancellationPolicyFactory(cut_off_hours=500, valid_from=NOW.date())

    assert actions.cancel(appointment=booked, by=patient.user, now=IN_TIME)


def test_who_does_not_come_owes_the_fee_once(booked, desk):
    actions.mark_noshow(appointment=booked, by=desk, now=BEGUN)

    actions.mark_noshow(appointment=booked, by=desk, now=BEGUN)

    fee = Fee.objects.get()
    assert (fee.amount_usd, fee.reason, fee.state) == (80, "noshow", "owed")
    assert (fee.charged_by, fee.charged_at) == (desk, BEGUN)


def test_a_fee_that_cannot_be_written_leaves_the_appointment(booked, desk, monkeypatch):
    def refuse(*args, **kwargs):
        raise IntegrityError

    monkeypatch.setattr("bookings.actions.fees.charge", refuse)
    for act, more in [
        (actions.mark_noshow, {}),
        (actions.cancel, {"caused_by": Cause.PATIENT}),
    ]:
        with pytest.raises(IntegrityError), transaction.atomic():
            act(appointment=booked, by=desk, now=BEGUN, **more)
        booked.refresh_from_db()
        assert booked.status == Status.BOOKED
        assert booked.claims.count() == 2


def test_what_was_entered_in_error_is_called_off_and_costs_nothing(booked, desk):
    actions.mark_noshow(appointment=booked, by=desk, now=BEGUN)

    actions.mark_in_error(appointment=booked, by=desk, now=BEGUN, reason="Wrong one.")

    booked.refresh_from_db()
    assert booked.error_reason == "Wrong one."
    fee = Fee.objects.get()
    assert (fee.state, fee.settled_by) == ("waived", desk)
    assert "in error" in fee.waived_because


def test_an_error_that_is_still_to_come_is_told_to_the_patient(booked, desk):
    actions.mark_in_error(appointment=booked, by=desk, now=NOW, reason="Wrong one.")

    assert Notice.objects.filter(kind="cancelled").count() == 1


@pytest.mark.parametrize("reason", ["", "  "])
def test_an_error_takes_a_reason(booked, desk, reason):
    with pytest.raises(actions.NotPossible, match="Say why"):
        actions.mark_in_error(appointment=booked, by=desk, now=NOW, reason=reason)


def test_a_fee_is_waived_with_a_reason_or_paid_and_only_once(desk):
    waived, paid = factories.FeeFactory(), factories.FeeFactory()
    with pytest.raises(actions.NotPossible, match="Say why"):
        actions.waive(fee=waived, by=desk, now=NOW, reason=" ")
    actions.waive(fee=waived, by=desk, now=NOW, reason="First time.")
    actions.mark_paid(fee=paid, by=desk, now=NOW)

    for fee, state in ((waived, "waived"), (paid, "paid")):
        fee.refresh_from_db()
        assert (fee.state, fee.settled_by, fee.settled_at) == (state, desk, NOW)
        assert AuditEvent.objects.filter(verb=f"fee {state}", by=desk).count() == 1
        with pytest.raises(actions.NotPossible, match="already"):
            actions.mark_paid(fee=fee, by=desk, now=NOW)
        with pytest.raises(actions.NotPossible, match="already"):
            actions.waive(fee=fee, by=desk, now=NOW, reason="Again.")
    assert waived.waived_because == "First time."


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount_usd": 0},
        {"state": "paid"},
        {"settled_at": NOW},
        {"state": "waived", "settled_at": NOW},
    ],
    ids=str,
)
def test_the_database_refuses_a_fee_that_cannot_be(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.FeeFactory(**wrong)
