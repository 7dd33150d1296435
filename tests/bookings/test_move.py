"""Moving: what it asks, what it leaves when it fails, and what it tells."""

from datetime import timedelta

import pytest

from bookings import actions, slots
from bookings.models import Appointment, Claim, NotAvailableTime, Notice, Status
from clinic.models import AuditEvent
from tests import factories, worlds
from tests.worlds import MONDAY, MONDAY_10, NOW
from treatments.models import TreatmentVariant

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def clinic():
    return worlds.plain()


@pytest.fixture
def booked(clinic):
    who, where = clinic
    patient = factories.PatientFactory()
    asked = worlds.asked("visit", where, who, patient=patient)
    return actions.book(asked=asked, at=MONDAY_10, by=patient.user, now=NOW)


def move(appointment, at, **more):
    asked = more.pop("asked", None) or actions.to_move(appointment)
    by = appointment.patient.user
    return actions.move(
        appointment=appointment, asked=asked, at=at, by=by, **{"now": NOW, **more}
    )


def rows():
    return [
        list(model.objects.values().order_by("pk"))
        for model in (Appointment, Claim, AuditEvent, Notice)
    ]


def test_a_move_takes_the_claims_along_and_says_from_where_to_where(booked):
    was = booked.starts_at

    moved = move(booked, MONDAY_10 + DAY)

    moved.refresh_from_db()
    assert (moved.pk, moved.uid, moved.status) == (booked.pk, booked.uid, Status.BOOKED)
    assert moved.starts_at == MONDAY_10 + DAY
    assert moved.ends_at - moved.starts_at == moved.variant.duration
    claims = Claim.objects.filter(appointment=moved)
    assert claims.count() == 2
    assert not claims.filter(starts_at__lt=MONDAY_10 + DAY - 30 * MINUTE).exists()
    event = AuditEvent.objects.get(verb="move")
    assert event.patient == moved.patient
    assert event.detail["before"]["starts_at"] == was.isoformat()
    assert event.detail["after"]["starts_at"] == moved.starts_at.isoformat()
    notice = Notice.objects.get(kind="moved")
    assert notice.key.endswith(f":{moved.starts_at:%Y%m%dT%H%MZ}")


def test_what_comes_second_finds_it_moved_behind_the_locks(booked):
    """Both looked before either moved; one is written, with one row and one mail."""
    to = MONDAY_10 + DAY
    second = Appointment.objects.with_people().get(pk=booked.pk)
    move(booked, to)
    done = rows()

    moved = move(second, to, asked=actions.to_move(second))

    assert moved.starts_at == to
    assert rows() == done


def test_what_is_cancelled_is_not_moved_to_where_it_was(booked):
    actions.cancel(appointment=booked, by=booked.patient.user, now=NOW)
    booked.refresh_from_db()

    with pytest.raises(actions.NotPossible):
        move(booked, MONDAY_10)


def test_a_time_that_overlaps_only_itself_is_open(booked):
    assert move(booked, MONDAY_10 + 15 * MINUTE).starts_at == MONDAY_10 + 15 * MINUTE


def test_offered_for_a_move_is_moved_to(booked):
    asked = actions.to_move(booked)
    offered = slots.open_slots(asked, first_day=MONDAY, days=1, now=NOW)

    assert len(offered) > 3
    for slot in offered:
        assert move(booked, slot.start).starts_at == slot.start
        booked.refresh_from_db()


def test_what_fails_leaves_the_old_time_untouched(booked, clinic):
    who, where = clinic
    other = factories.PatientFactory()
    asked = worlds.asked("visit", where, who, patient=other)
    actions.book(asked=asked, at=MONDAY_10 + DAY, by=None, now=NOW)
    before = rows()

    with pytest.raises(actions.NotBookable, match="OVERLAP_PRACTITIONER"):
        move(booked, MONDAY_10 + DAY)

    assert rows() == before


def test_every_rule_is_asked_for_the_new_date(booked, clinic):
    who, _ = clinic
    NotAvailableTime.objects.create(
        practitioner=who,
        starts_at=MONDAY_10 + DAY,
        ends_at=MONDAY_10 + DAY + 60 * MINUTE,
    )
    licence = who.qualifications.get(kind__kind="licence")
    licence.valid_until = MONDAY + 2 * DAY
    licence.save()

    for at, code in (
        (MONDAY_10 + DAY, "PRACTITIONER_ON_LEAVE"),
        (MONDAY_10 + 3 * DAY, "CREDENTIAL_NOT_VALID_ON_DATE"),
        (MONDAY_10 + 7 * MINUTE, "OFF_GRID"),
        (NOW - DAY, "IN_THE_PAST"),
    ):
        with pytest.raises(actions.NotBookable, match=code):
            move(booked, at)


def test_the_practitioner_stays_unless_another_is_named(booked, clinic):
    _, where = clinic
    paper = worlds.licence("physical_therapist", where.jurisdiction)
    other = worlds.somebody("physical_therapist", where, paper, slug="colleague")
    asked = actions.to_move(booked, practitioner=other.slug)

    assert actions.to_move(booked).practitioner == booked.practitioner
    moved = move(booked, MONDAY_10, asked=asked)

    assert moved.practitioner == other
    assert moved.role.practitioner == other
    claims = Claim.objects.filter(appointment=moved, practitioner__isnull=False)
    assert [claim.practitioner for claim in claims] == [other]


def test_sent_twice_it_is_moved_once(booked):
    at = MONDAY_10 + DAY
    asked = actions.to_move(booked)
    first = move(booked, at, asked=asked)
    before = rows()

    again = move(Appointment.objects.get(pk=booked.pk), at)

    assert again == first
    assert rows() == before


def test_there_and_back_is_told_each_time(booked):
    for minutes, at in enumerate((MONDAY_10 + DAY, MONDAY_10, MONDAY_10 + DAY)):
        booked.refresh_from_db()
        move(booked, at, now=NOW + minutes * MINUTE)

    assert Notice.objects.filter(kind="moved").count() == 3


@pytest.mark.parametrize("status", ["arrived", "fulfilled", "cancelled", "noshow"])
def test_only_what_is_booked_is_moved(booked, status):
    Appointment.objects.update(status=status)
    booked.refresh_from_db()

    with pytest.raises(actions.NotPossible, match="cannot be moved"):
        move(booked, MONDAY_10 + DAY)


def test_what_was_cancelled_meanwhile_is_not_moved(booked):
    asked = actions.to_move(booked)
    actions.cancel(appointment=booked, by=None, now=NOW)

    with pytest.raises(actions.NotPossible, match="cannot be moved"):
        move(booked, MONDAY_10 + DAY, asked=asked)
    assert not Claim.objects.exists()


def test_what_has_begun_is_not_moved(booked):
    with pytest.raises(actions.NotPossible, match="has begun"):
        move(booked, MONDAY_10 + DAY, now=MONDAY_10)


def test_price_wording_and_length_stay_as_they_were_booked(booked):
    price, label = booked.price_usd, booked.label
    TreatmentVariant.objects.update(price_usd=1, label="Other", duration_min=90)

    offered = slots.open_slots(
        actions.to_move(booked), first_day=MONDAY, days=2, now=NOW
    )
    moved = move(booked, MONDAY_10 + DAY)

    moved.refresh_from_db()
    assert (moved.price_usd, moved.label) == (price, label)
    assert moved.ends_at - moved.starts_at == 30 * MINUTE
    assert {slot.end - slot.start for slot in offered} == {30 * MINUTE}
