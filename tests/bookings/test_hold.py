"""Holding a time: what it keeps and for how long, and what becomes of it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from bookings import actions
from bookings.models import Appointment, Claim, Notice, Status
from bookings.seating import release
from clinic.models import AuditEvent, Location, Qualification
from tests import factories, worlds
from tests.worlds import MONDAY, MONDAY_10, NOW
from treatments.areas import PlannedArea

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TEN = 10 * MINUTE


@pytest.fixture
def clinic():
    return worlds.plain()


@pytest.fixture
def patient():
    return factories.PatientFactory()


@pytest.fixture
def asked(clinic, patient):
    return ask(clinic, patient)


@pytest.fixture
def held(asked):
    return hold(asked)


def ask(clinic, patient, variant="visit"):
    who, where = clinic
    return worlds.asked(variant, where, who, patient=patient)


def hold(asked, at=MONDAY_10, now=NOW, **more):
    by = asked.patient.user
    return actions.hold(asked=asked, at=at, now=now, **{"by": by, **more})


def confirm(held, now=NOW + MINUTE, **more):
    return actions.confirm(appointment=held, by=held.patient.user, now=now, **more)


def rows():
    return [
        list(model.objects.values().order_by("pk"))
        for model in (Appointment, Claim, AuditEvent, Notice)
    ]


def test_a_hold_keeps_the_time_for_as_long_as_the_place_says(clinic, patient):
    Location.objects.update(hold_minutes=7)

    held = hold(ask(clinic, patient))

    held.refresh_from_db()
    until = NOW + 7 * MINUTE
    assert (held.status, held.held_until) == (Status.PENDING, until)
    assert set(Claim.objects.values_list("held_until", flat=True)) == {until}
    assert AuditEvent.objects.latest("pk").verb == "hold"
    assert not Notice.objects.exists()


def test_others_do_not_see_the_time_until_the_minute_the_hold_ends(clinic, held):
    theirs = ask(clinic, factories.PatientFactory())

    def offered(now):
        return MONDAY_10 in worlds.starts(theirs, MONDAY, now=now)

    assert not offered(NOW)
    assert not offered(held.held_until - timedelta(microseconds=1))
    assert offered(held.held_until)
    assert not rows()[3]


def test_what_is_over_is_taken_by_whoever_comes_first_and_nothing_else_runs(
    clinic, held
):
    theirs = ask(clinic, factories.PatientFactory())
    early = held.held_until - timedelta(seconds=1)
    with pytest.raises(actions.NotBookable, match="OVERLAP_PRACTITIONER"):
        actions.book(asked=theirs, at=MONDAY_10, by=None, now=early)
    assert held.claims.count() == 2

    made = actions.book(asked=theirs, at=MONDAY_10, by=None, now=held.held_until)

    assert made.status == Status.BOOKED
    assert made.claims.count() == 2
    assert not held.claims.filter(practitioner__isnull=False).exists()


def test_a_patient_whose_hold_is_over_is_free_elsewhere(clinic, held, patient):
    _, where = clinic
    paper = worlds.licence("physical_therapist", where.jurisdiction)
    other = worlds.somebody("physical_therapist", where, paper, slug="colleague")
    asked = worlds.asked("first", where, other, patient=patient)

    with pytest.raises(actions.NotBookable, match="OVERLAP_PATIENT"):
        actions.book(asked=asked, at=MONDAY_10, by=None, now=NOW)
    assert actions.book(asked=asked, at=MONDAY_10, by=None, now=held.held_until)


def test_what_is_over_gives_way_to_a_move_too(clinic, held):
    theirs = ask(clinic, factories.PatientFactory())
    booked = actions.book(asked=theirs, at=MONDAY_10 + 2 * HOUR, by=None, now=NOW)

    moved = actions.move(
        appointment=booked,
        asked=actions.to_move(booked),
        at=MONDAY_10,
        by=None,
        now=held.held_until,
    )

    assert moved.starts_at == MONDAY_10


def test_a_new_hold_replaces_the_one_for_the_same_variant_and_may_overlap_it(
    clinic, asked, held
):
    new = hold(asked, MONDAY_10 + 15 * MINUTE, now=NOW + MINUTE)

    held.refresh_from_db()
    assert (held.status, held.claims.count()) == (Status.CANCELLED, 0)
    assert new.claims.count() == 2
    assert list(Appointment.objects.shown(NOW + MINUTE)) == [new]
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))[
        -2:
    ] == ["let go", "hold"]


def test_a_hold_that_is_refused_leaves_the_old_one(clinic, asked, held):
    before = rows()

    with pytest.raises(actions.NotBookable, match="OFF_GRID"):
        hold(asked, MONDAY_10 + 7 * MINUTE)

    assert rows() == before


def test_the_third_hold_is_refused_and_names_the_two(clinic, patient):
    hold(ask(clinic, patient, "visit"), MONDAY_10)
    hold(ask(clinic, patient, "first"), MONDAY_10 + HOUR)
    factories.TreatmentVariantFactory(code="third", visit="any")
    who, _ = clinic
    variant = ask(clinic, patient, "visit").variant
    third = type(variant).objects.get(code="third")
    third.treatment = variant.treatment
    third.save()
    factories.PrivilegeFactory(practitioner=who, variant=third)
    before = rows()

    with pytest.raises(actions.NotBookable) as refusal:
        hold(ask(clinic, patient, "third"), MONDAY_10 + 2 * HOUR)

    [finding] = refusal.value.findings
    assert (finding.code, finding.severity) == ("TOO_MANY_HOLDS", "hard")
    assert "10:00 AM" in finding.message
    assert "11:00 AM" in finding.message
    assert rows() == before
    assert hold(ask(clinic, patient, "visit"), MONDAY_10 + 3 * HOUR)
    later = NOW + TEN + MINUTE
    assert hold(ask(clinic, patient, "third"), MONDAY_10 + 2 * HOUR, now=later)


def test_how_many_are_held_at_once_is_a_setting(clinic, patient, settings):
    settings.MOST_HOLDS = 1
    hold(ask(clinic, patient, "visit"))

    with pytest.raises(actions.NotBookable, match="TOO_MANY_HOLDS"):
        hold(ask(clinic, patient, "first"), MONDAY_10 + HOUR)


def test_a_hold_is_no_visit(clinic, patient):
    hold(ask(clinic, patient, "first"))

    assert "FIRST_VISIT_NEEDED" in worlds.why(
        "follow_up", clinic[1], clinic[0], patient=patient, at=MONDAY_10 + DAY
    )
    assert not Appointment.objects.standing().exists()


def test_a_form_sent_twice_holds_once(asked):
    key = uuid4()
    first = hold(asked, submission=key)
    before = rows()

    assert hold(asked, submission=key) == first
    assert rows() == before


def test_a_form_sent_again_after_confirming_shows_the_appointment(asked):
    key = uuid4()
    booked = confirm(hold(asked, submission=key))
    before = rows()

    again = hold(asked, submission=key)

    assert (again, again.status) == (booked, Status.BOOKED)
    assert rows() == before


def test_a_form_of_a_hold_that_is_over_holds_the_time_anew(asked):
    key = uuid4()
    first = hold(asked, submission=key)

    again = hold(asked, submission=key, now=first.held_until)

    assert again != first
    assert again.is_held(first.held_until)


def test_a_form_of_a_hold_let_go_or_cancelled_holds_the_time_anew(asked, patient):
    key = uuid4()
    first = hold(asked, submission=key)
    actions.let_go(appointment=first, by=patient.user, now=NOW)
    second = hold(asked, submission=key)
    actions.cancel(appointment=confirm(second), by=patient.user, now=NOW)

    third = hold(asked, submission=key)

    assert len({first, second, third}) == 3
    assert third.is_held(NOW)


def test_a_form_of_a_hold_that_is_over_is_refused_where_the_time_is_taken(
    clinic, asked
):
    key = uuid4()
    first = hold(asked, submission=key)
    theirs = ask(clinic, factories.PatientFactory())
    actions.book(asked=theirs, at=MONDAY_10, by=None, now=first.held_until)

    with pytest.raises(actions.NotBookable, match="OVERLAP_PRACTITIONER"):
        hold(asked, submission=key, now=first.held_until)


def test_a_strangers_key_is_refused(clinic, asked):
    key = uuid4()
    hold(asked, submission=key)
    theirs = ask(clinic, factories.PatientFactory())

    for at in (MONDAY_10, MONDAY_10 + 2 * HOUR):
        with pytest.raises(actions.SubmissionReused):
            hold(theirs, at, submission=key)


def test_confirming_makes_an_appointment_of_it(held):
    booked = confirm(held)

    booked.refresh_from_db()
    assert (booked.pk, booked.status, booked.held_until) == (
        held.pk,
        Status.BOOKED,
        None,
    )
    assert list(booked.claims.values_list("held_until", flat=True)) == [None, None]
    assert AuditEvent.objects.latest("pk").verb == "confirm"
    assert [notice.kind for notice in Notice.objects.all()] == ["booked"]


def test_confirmed_twice_it_is_booked_once(held):
    stale = Appointment.objects.get(pk=held.pk)
    confirm(held)
    before = rows()

    assert confirm(stale).status == Status.BOOKED
    assert rows() == before


@pytest.mark.parametrize("after", [timedelta(0), HOUR])
def test_a_hold_that_is_over_is_confirmed_if_the_time_is_free(held, after):
    booked = confirm(held, now=held.held_until + after)

    assert booked.status == Status.BOOKED
    assert booked.claims.count() == 2


def test_a_hold_that_is_over_is_refused_if_somebody_came(clinic, held):
    theirs = ask(clinic, factories.PatientFactory())
    actions.book(asked=theirs, at=MONDAY_10, by=None, now=held.held_until)
    before = rows()

    with pytest.raises(actions.NotBookable, match="OVERLAP_PRACTITIONER"):
        confirm(held, now=held.held_until)

    assert rows() == before
    assert not Appointment.objects.shown(held.held_until).filter(pk=held.pk).exists()


def test_every_rule_is_asked_again_when_confirming(held):
    Qualification.objects.all().delete()

    with pytest.raises(actions.NotBookable, match="CREDENTIAL_MISSING"):
        confirm(held)

    held.refresh_from_db()
    assert held.is_held(NOW)


def test_areas_chosen_while_it_is_held_are_asked_about_and_kept(held):
    factories.BodyAreaFactory(code="shoulder", family="both", side_applies=True)
    factories.BodyAreaFactory(
        code="eyelid", never_treat=True, never_treat_treatments="consultation_msk"
    )

    with pytest.raises(actions.NotBookable, match="AREA_NEVER_TREATED"):
        confirm(held, areas=[PlannedArea("eyelid")])
    booked = confirm(held, areas=[PlannedArea("shoulder", "left")])

    assert booked.areas == "shoulder:left"


def test_notice_counts_from_when_the_time_was_held(clinic, asked):
    Location.objects.update(notice_min=120)
    asked = ask(clinic, asked.patient)
    two_hours_before = MONDAY_10 - 2 * HOUR
    held = hold(asked, now=two_hours_before)

    booked = confirm(held, now=held.held_until - MINUTE)

    assert booked.status == Status.BOOKED
    late = hold(asked, MONDAY_10 + DAY, now=two_hours_before + DAY)
    with pytest.raises(actions.NotBookable, match="NOTICE_TOO_SHORT"):
        confirm(late, now=late.held_until)


def test_letting_go_frees_the_time_at_once(clinic, held, patient):
    gone = actions.let_go(appointment=held, by=patient.user, now=NOW + MINUTE)

    assert (gone.status, gone.claims.count()) == (Status.CANCELLED, 0)
    assert not Appointment.objects.shown(NOW + MINUTE).exists()
    assert not Notice.objects.exists()
    before = rows()
    actions.let_go(appointment=held, by=patient.user, now=NOW + MINUTE)
    assert rows() == before
    theirs = ask(clinic, factories.PatientFactory())
    assert actions.book(asked=theirs, at=MONDAY_10, by=None, now=NOW + MINUTE)
    with pytest.raises(actions.NotPossible):
        confirm(gone)


def test_what_is_booked_is_not_let_go(held, patient):
    booked = confirm(held)

    with pytest.raises(actions.NotPossible, match="no longer on hold"):
        actions.let_go(appointment=booked, by=patient.user, now=NOW)


def test_only_claims_of_those_who_are_locked_are_released(held):

    late = held.held_until

    assert release(late - MINUTE, practitioner=[held.practitioner_id]) == 0
    assert release(late, practitioner=[held.practitioner_id + 1]) == 0
    assert release(late, practitioner=[held.practitioner_id], patient=[]) == 1
    assert [claim.patient for claim in held.claims.all()] == [held.patient]
