"""Whose time is decided about is locked in one order, so that nobody waits in a ring."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import pytest
from django.db import OperationalError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from bookings import actions, slots
from bookings.actions.locks import lock
from clinic.models import Qualification
from tests import factories, worlds
from tests.worlds import MONDAY_10, NOW

ORDER = ("practitioner", "room", "device", "patient")
WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE wait_event_type = 'Lock' AND datname = current_database()
"""


@pytest.fixture
def owners(db):
    return {
        "practitioner": factories.PractitionerFactory(),
        "room": factories.RoomFactory(),
        "device": factories.DeviceFactory(),
        "patient": factories.PatientFactory(),
    }


def lock_all(owners):
    with transaction.atomic():
        lock(
            owners["practitioner"].pk,
            room_ids=[owners["room"].pk],
            device_ids=[owners["device"].pk],
            patient_id=owners["patient"].pk,
        )


def in_a_connection_of_its_own(owners):
    try:
        lock_all(owners)
    finally:
        connection.close()


def take(owner):
    rows = type(owner).objects.select_for_update(nowait=True, no_key=True)
    return rows.get(pk=owner.pk)


def is_free(owner):
    try:
        with transaction.atomic():
            take(owner)
    except OperationalError:
        return False
    return True


def wait_until_somebody_waits():
    for _ in range(200):
        with connection.cursor() as cursor:
            # What a transaction has seen of others, it would see again.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    pytest.fail("nobody waited for what was locked")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("held", ORDER)
def test_who_waits_has_all_that_comes_before_and_nothing_behind(owners, held):
    if not connection.features.has_select_for_update:  # its writers wait for the file
        with CaptureQueriesContext(connection) as asked:
            lock_all(owners)
        assert not [each for each in asked if "FOR NO KEY UPDATE" in each["sql"]]
        return

    with ThreadPoolExecutor(1) as others:
        with transaction.atomic():
            take(owners[held])
            waiting = others.submit(in_a_connection_of_its_own, owners)
            wait_until_somebody_waits()
            free = [kind for kind in ORDER if is_free(owners[kind])]
        waiting.result(timeout=30)

    assert free == list(ORDER[ORDER.index(held) :])


def test_all_are_locked_in_one_round_trip(owners):
    with CaptureQueriesContext(connection) as asked:
        lock_all(owners)

    locking = [each for each in asked if "FOR NO KEY UPDATE" in each["sql"]]
    assert len(locking) == int(connection.features.has_select_for_update)


@pytest.mark.django_db(transaction=True)
def test_without_a_transaction_nothing_would_be_kept(owners):
    with pytest.raises(TransactionManagementError):
        lock(owners["practitioner"].pk)


@pytest.mark.django_db(transaction=True)
def test_who_waited_is_asked_by_what_was_changed_meanwhile():
    """The rules are read behind the locks, not while one stands in the queue."""
    who, where = worlds.plain()
    asked = worlds.asked("visit", where, who, patient=factories.PatientFactory())

    def late():
        try:
            actions.book(asked=asked, at=MONDAY_10, by=None, now=NOW)
        except actions.NotBookable as refused:
            return refused.codes
        finally:
            connection.close()
        return set()

    with ThreadPoolExecutor(1) as others:
        with transaction.atomic():
            take(who)
            waiting = others.submit(late)
            if connection.features.has_select_for_update:
                wait_until_somebody_waits()
            Qualification.objects.all().delete()
        assert "CREDENTIAL_MISSING" in waiting.result(timeout=30)


def test_who_is_refused_is_told_so_after_the_locks_are_gone(db, monkeypatch):
    """To say when a reason ends, weeks are looked at; nobody waits for that."""
    who, where = worlds.plain()
    told = []

    def why_not(*args, **more):
        told.append(len(connection.savepoint_ids))
        return why(*args, **more)

    why = slots.why_not
    monkeypatch.setattr(slots, "why_not", why_not)
    outside = len(connection.savepoint_ids)
    for refused in (False, True):
        asked = worlds.asked("visit", where, who, patient=factories.PatientFactory())
        expected = pytest.raises(actions.NotBookable) if refused else nullcontext()
        with expected as refusal:
            actions.book(asked=asked, at=MONDAY_10, by=None, now=NOW)

    [finding] = refusal.value.findings
    assert finding.code == "OVERLAP_PRACTITIONER"
    assert finding.first_possible is not None
    assert told == [outside]
