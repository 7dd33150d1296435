"""Supervised work: an agreement, a supervisor who may do it alone, and who is there."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from importlib import import_module

import pytest

from bookings import actions, slots
from bookings.models import AvailableTime
from clinic.models import PractitionerRole, Qualification
from tests import factories, worlds
from tests.worlds import MONDAY, MONDAY_10, NOW, licence, paper
from treatments.models import (
    Privilege,
    ScopeOfPractice,
    Treatment,
    TreatmentVariant,
)

pytestmark = pytest.mark.django_db

NP, NURSE, MD = "nurse_practitioner", "registered_nurse", "dermatologist"
TURN = import_module("bookings.actions.turn")  # where every booking locks and asks
DEVICE = paper("device_training")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def where():
    worlds.load_shipped()
    return worlds.place()


@pytest.fixture
def who(where):
    return worlds.somebody(NP, where, licence(NP, "US-UT"), DEVICE)


def doctor(where, slug="doctor", *papers):
    given = papers or (licence(MD, "US-UT"), DEVICE)
    return worlds.somebody(MD, where, *given, slug=slug)


def agreed(who, *supervisors, **fields):
    return factories.SupervisionAgreementFactory(
        practitioner=who, supervisors=supervisors, **fields
    )


def on_site():
    """The law asks for the supervisor to be there."""
    ScopeOfPractice.objects.filter(rule_id="MN-US-NP").update(supervision="direct")


def shifts(who, *spans):
    """The only hours somebody has on a Monday."""
    role = who.roles.get()
    AvailableTime.objects.filter(role=role).delete()
    for start, end in spans:
        factories.AvailableTimeFactory(
            role=role, weekday=0, start_time=time(start), end_time=time(end)
        )


def hours_of(who, where, variant="mn_face_05", **more):
    return [
        f"{start:%H:%M}"
        for start in worlds.starts(worlds.asked(variant, where, who, **more), MONDAY)
    ]


def why(where, who, variant="mn_face_05", **more):
    return worlds.why(variant, where, who, **more)


# General: reachable.


def test_without_an_agreement_nothing_opens(where, who):
    assert why(where, who) == {"SUPERVISION_REQUIRED"}
    assert hours_of(who, where) == []


def test_general_supervision_asks_for_an_agreement_and_not_for_anybody_there(
    where, who
):
    over = doctor(where)
    shifts(over)
    agreed(who, over)

    assert why(where, who) == set()
    assert "10:00" in hours_of(who, where)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"valid_until": MONDAY}, set()),
        ({"valid_until": MONDAY - DAY}, {"AGREEMENT_NOT_VALID_ON_DATE"}),
        ({"valid_from": MONDAY}, set()),
        ({"valid_from": MONDAY + DAY}, {"AGREEMENT_NOT_VALID_ON_DATE"}),
        ({"max_depth_mm": Decimal("0.5")}, set()),
        ({"max_depth_mm": Decimal("0.4")}, {"DEPTH_OVER_AGREEMENT"}),
    ],
)
def test_an_agreement_has_limits(where, who, fields, expected):
    agreed(who, doctor(where), **fields)

    assert why(where, who) == expected


def test_an_agreement_is_for_its_variant_treatment_place_and_practitioner(where, who):
    over = doctor(where)
    other = worlds.somebody(NP, where, licence(NP, "US-UT"), DEVICE, slug="other")
    neck = factories.TreatmentVariantFactory(code="mn_neck")
    peel = Treatment.objects.get(code="peel_superficial")
    elsewhere = worlds.place("US-AZ", "America/Phoenix")
    agreed(other, over)
    agreed(who, over, treatment=None, variant=neck)
    agreed(who, over, treatment=peel)
    agreed(who, over, location=elsewhere)

    assert why(where, who) == {"SUPERVISION_REQUIRED"}
    assert why(where, who, "mn_neck") == set()


def test_when_an_agreement_begins_is_told(where, who):
    agreed(who, doctor(where), valid_from=MONDAY + DAY)
    question = worlds.asked("mn_face_05", where, who)

    [finding] = slots.why_not(question, at=MONDAY_10, now=NOW)

    first = finding.first_possible.astimezone(where.tz)
    assert first.date() in {MONDAY, MONDAY + DAY}
    assert "licence" not in finding.message


# The supervisor passes the very same check, with nobody over them.


@pytest.mark.parametrize(
    "papers",
    [
        [licence(MD, "US-UT", valid_until=MONDAY - DAY), DEVICE],
        [licence(MD, "US-AZ"), DEVICE],
        [licence(MD, "US-UT").unverified(), DEVICE],
        [licence(MD, "US-UT")],
    ],
    ids=["expired", "elsewhere", "unverified", "no training"],
)
def test_a_supervisor_who_may_not_do_it_supervises_nobody(where, who, papers):
    agreed(who, doctor(where, "doctor", *papers))

    assert why(where, who) == {"SUPERVISOR_MAY_NOT"}


def test_somebody_supervised_supervises_nobody(where, who):
    other = worlds.somebody(NP, where, licence(NP, "US-UT"), DEVICE, slug="other")
    agreed(who, other)
    agreed(other, doctor(where))

    assert why(where, other) == set()
    assert why(where, who) == {"SUPERVISOR_MAY_NOT"}


def test_a_supervisor_without_a_role_there_or_inactive_does_not_count(where, who):
    over = doctor(worlds.place("US-AZ", "America/Phoenix"), "far")
    agreed(who, over)
    assert why(where, who) == {"SUPERVISOR_MAY_NOT"}

    near = doctor(where, "near")
    agreed(who, near)
    assert why(where, who) == set()
    near.is_active = False
    near.save()
    assert why(where, who) == {"SUPERVISOR_MAY_NOT"}


def test_a_role_that_has_ended_does_not_count(where, who):
    over = doctor(where)
    agreed(who, over)

    PractitionerRole.objects.filter(practitioner=over).update(valid_until=MONDAY - DAY)

    assert why(where, who) == {"SUPERVISOR_MAY_NOT"}


def test_any_one_of_several_will_do(where, who):
    agreed(who, doctor(where, "no", DEVICE), doctor(where, "yes"))

    assert why(where, who) == set()


def test_a_patient_reads_nothing_of_a_colleagues_licence(where, who):
    over = doctor(where, "doctor", DEVICE)
    agreed(who, over)
    question = worlds.asked("mn_face_05", where, who)

    [finding] = slots.why_not(question, at=MONDAY_10, now=NOW)

    assert over.name not in finding.message
    assert "licen" not in finding.message + finding.remedy
    assert "CREDENTIAL_MISSING" in finding.detail


# Direct: on site.


def test_removing_the_supervisors_shift_closes_half_past_ten_and_not_half_past_nine(
    where, who
):
    on_site()
    over = doctor(where)
    agreed(who, over)
    TreatmentVariant.objects.filter(code="mn_face_05").update(duration_min=60)
    shifts(over, (9, 11), (11, 12))
    assert {"09:30", "10:30"} <= set(hours_of(who, where))

    shifts(over, (9, 11))

    assert hours_of(who, where) == ["09:00", "09:15", "09:30", "09:45", "10:00"]
    at = datetime.combine(MONDAY, time(10, 30), where.tz)
    [finding] = slots.why_not(worlds.asked("mn_face_05", where, who), at=at, now=NOW)
    assert finding.code == "SUPERVISOR_NOT_ON_SITE"
    assert finding.first_possible.astimezone(where.tz).date() == MONDAY + 7 * DAY
    assert over.name in finding.desk
    assert over.name not in finding.message


def test_two_supervisors_shifts_are_never_joined(where, who):
    on_site()
    early, late = doctor(where, "early"), doctor(where, "late")
    agreed(who, early, late)
    minutes = worlds.asked("mn_face_05", where).variant.duration_min
    shifts(early, (8, 11))
    shifts(late, (11, 14))

    found = hours_of(who, where)

    last = datetime.combine(MONDAY, time(11)) - timedelta(minutes=minutes)
    assert f"{last:%H:%M}" in found
    assert f"{last + timedelta(minutes=15):%H:%M}" not in found
    assert "11:00" in found


def test_a_supervisor_in_two_roles_is_one_person(where, who):
    on_site()
    over = doctor(where)
    agreed(who, over)
    shifts(over, (8, 11))
    second = factories.PractitionerRoleFactory(
        practitioner=over, location=where, role=factories.RoleFactory(code=NP)
    )
    factories.AvailableTimeFactory(
        role=second, weekday=0, start_time=time(11), end_time=time(14)
    )

    assert "10:45" in hours_of(who, where)


def test_leave_of_the_supervisor_closes(where, who):
    on_site()
    over = doctor(where)
    agreed(who, over)
    assert why(where, who) == set()

    actions.take_leave(
        practitioner=over,
        starts_at=MONDAY_10,
        ends_at=MONDAY_10 + HOUR,
        by=None,
        now=NOW,
    )

    assert why(where, who) == {"SUPERVISOR_NOT_ON_SITE"}
    assert why(where, who, at=MONDAY_10 + HOUR) == set()


def test_hours_at_another_place_are_not_on_site(where, who):
    on_site()
    over = doctor(where)
    agreed(who, over)
    shifts(over)
    elsewhere = factories.PractitionerRoleFactory(
        practitioner=over,
        location=worlds.place("US-AZ", "America/Phoenix"),
        role=factories.RoleFactory(code=MD),
    )
    factories.AvailableTimeFactory(role=elsewhere, weekday=0)

    assert why(where, who) == {"SUPERVISOR_NOT_ON_SITE"}


def test_the_supervisor_may_be_treating_somebody_else(where, who):
    on_site()
    over = doctor(where)
    agreed(who, over)
    factories.AppointmentFactory(role=over.roles.get(), starts_at=MONDAY_10)

    assert why(where, who) == set()


def test_one_who_is_there_and_may_not_does_not_help_one_who_may_and_is_away(where, who):
    on_site()
    away, there = doctor(where, "away"), doctor(where, "there", DEVICE)
    agreed(who, away, there)
    shifts(away)

    assert why(where, who) == {"SUPERVISOR_NOT_ON_SITE"}


def test_a_word_that_nobody_knows_asks_for_the_most(where, who):
    ScopeOfPractice.objects.filter(rule_id="MN-US-NP").update(supervision="close")
    over = doctor(where)
    shifts(over)
    agreed(who, over)

    assert why(where, who) == {"SUPERVISOR_NOT_ON_SITE"}


# What is booked.


def test_a_booking_says_on_whom_it_rested(where, who):
    over = doctor(where)
    agreement = agreed(who, doctor(where, "no", DEVICE), over)
    patient = factories.PatientFactory()
    question = worlds.asked("mn_face_05", where, who, patient=patient)

    made = actions.book(asked=question, at=MONDAY_10, by=None, now=NOW)

    assert made.allowed_because["supervision"] == {
        "agreement": agreement.pk,
        "supervisor": over.slug,
        "valid_until": None,
    }


def test_a_booking_locks_every_supervisor_it_may_rest_on(where, who, monkeypatch):
    over, second = doctor(where), doctor(where, "second")
    agreed(who, over, second)
    locked = []
    monkeypatch.setattr(TURN, "lock", lambda *ids, **_: locked.extend(ids))
    question = worlds.asked(
        "mn_face_05", where, who, patient=factories.PatientFactory()
    )

    actions.book(asked=question, at=MONDAY_10, by=None, now=NOW)

    assert set(locked) == {who.pk, over.pk, second.pk}


def test_a_supervisor_named_after_the_rows_were_locked_is_not_rested_on(
    where, who, monkeypatch
):
    agreed(who, doctor(where))
    monkeypatch.setattr(TURN, "counted_on", lambda asked: [])
    question = worlds.asked(
        "mn_face_05", where, who, patient=factories.PatientFactory()
    )

    with pytest.raises(actions.NotBookable):
        actions.book(asked=question, at=MONDAY_10, by=None, now=NOW)


def test_a_licence_that_ends_between_look_and_lock_refuses(where, who, monkeypatch):
    over = doctor(where)
    agreed(who, over)
    question = worlds.asked(
        "mn_face_05", where, who, patient=factories.PatientFactory()
    )

    def ends(*ids, **others):
        Qualification.objects.filter(practitioner=over).update(
            valid_until=date(2026, 2, 1)
        )

    monkeypatch.setattr(TURN, "lock", ends)

    with pytest.raises(actions.NotBookable, match="SUPERVISOR_MAY_NOT"):
        actions.book(asked=question, at=MONDAY_10, by=None, now=NOW)


def test_whose_rule_does_not_let_others_do_the_work_supervises_nobody(where, who):
    """An empty `delegable` means that it was not seen: no."""
    agreed(who, doctor(where))
    rule = ScopeOfPractice.objects.filter(rule_id="MN-ANY-DERM")
    assert rule.exists()
    assert why(where, who) == set()

    for said in ("", "no"):
        rule.update(delegable=said)
        assert why(where, who) == {"SUPERVISOR_MAY_NOT"}


@pytest.mark.parametrize("zone", ["America/Denver", "Australia/Sydney"])
def test_the_ends_of_the_calendar_stand_for_no_end(where, who, zone):
    where.zone = zone
    where.save()
    always = {"valid_from": date.min, "valid_until": date.max}
    agreed(who, doctor(where), **always)
    Privilege.objects.update(**always)
    Qualification.objects.update(**always)
    PractitionerRole.objects.update(**always)
    ScopeOfPractice.objects.filter(rule_id="MN-US-NP").update(min_years_licensed=9_990)

    # At ten in Denver it is night in Sydney.
    assert why(where, who) - {"OUTSIDE_HOURS"} == {"YEARS_LICENSED_SHORT"}


def test_the_ends_of_the_calendar_stand_for_no_end_of_an_order(where):
    nurse = worlds.somebody(NURSE, where, licence(NURSE, "US-UT"), DEVICE)
    over = doctor(where)
    agreed(nurse, over)
    factories.OrderFactory(
        practitioner=nurse,
        prescriber=over,
        treatment=Treatment.objects.get(code="microneedling"),
        valid_from=date.min,
        valid_until=date.max,
    )

    found = why(where, nurse)

    assert not {"ORDER_NOT_VALID_ON_DATE", "AGREEMENT_NOT_VALID_ON_DATE"} & found
