"""Overrides: who may let what pass, what is kept of it, and that it does not travel."""

import sys
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from bookings import access, actions, findings, rulebook, slots
from bookings.courses import InCourse, Sitting
from bookings.findings import CLINICAL, HARD, NOTE, POLICY, Closure, Finding
from bookings.models import Appointment, AvailableTime, Claim, Override
from bookings.timeline import to_minute
from clinic.access import CLINIC_ADMIN, CLINICIAN, FRONT_DESK, PATIENT, PRACTITIONER
from clinic.models import AuditEvent, User
from tests import factories, worlds
from tests.worlds import MONDAY_10, NOW

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
AT_NIGHT = MONDAY_10 + timedelta(hours=10)  # eight in the evening: hours end at six
OFF = AT_NIGHT + 7 * MINUTE
WHY = "Rang us herself and lives far away."


class Pregnant:
    """A rule of the tests: a clinical finding on every start."""

    def read(self, wanteds, now):
        return None

    def closures(self, facts, wanted):
        finding = Finding("TEST_CLINICAL", "a question", "Not yet.", "Call us.")
        yield Closure(wanted.first, wanted.until, finding)


@pytest.fixture
def clinic():
    return worlds.plain()


@pytest.fixture
def patient():
    return factories.PatientFactory()


@pytest.fixture
def desk():
    return factories.FrontDeskUserFactory()


@pytest.fixture
def clinical(settings, monkeypatch):
    monkeypatch.setitem(findings.CODES, "TEST_CLINICAL", CLINICAL)
    rules = [*settings.BOOKING_RULES, f"{__name__}.Pregnant"]
    settings.BOOKING_RULES = rules


def member(*groups):
    return factories.UserFactory(groups=groups)


def question(clinic, patient, variant="visit"):
    who, where = clinic
    return worlds.asked(variant, where, who, patient=patient)


def against(asked, at):
    return slots.why_not(asked, at=at, now=NOW)


def keys(asked, at):
    return frozenset(finding.key for finding in against(asked, at))


def override(asked, at, by, *, given=None, reason=WHY, now=NOW):
    given = keys(asked, at) if given is None else frozenset(given)
    overriding = actions.Overriding(given, reason)
    return actions.book(asked=asked, at=at, by=by, now=now, overriding=overriding)


def counts():
    return [m.objects.count() for m in (Appointment, Claim, Override, AuditEvent)]


@pytest.mark.parametrize(
    ("group", "severities"),
    [
        (PATIENT, set()),
        (PRACTITIONER, set()),
        (FRONT_DESK, {POLICY}),
        (CLINICIAN, {CLINICAL}),
        (CLINIC_ADMIN, {POLICY}),
    ],
)
def test_who_may_let_what_pass(group, severities):
    user = member(group)

    may = {s for s in (HARD, CLINICAL, POLICY, NOTE) if access.may_override(user, s)}
    assert may == severities


def test_nobody_and_whoever_was_switched_off_may_let_nothing_pass(desk):
    desk.is_active = False

    assert not access.may_override(None, POLICY)
    assert not access.may_override(desk, POLICY)


def test_what_is_let_pass_is_kept_with_who_when_and_why(clinic, patient, desk):
    asked = question(clinic, patient)

    made = override(asked, AT_NIGHT, desk)

    row = Override.objects.get()
    finding = against(question(clinic, None), AT_NIGHT + DAY)[0]
    assert (row.appointment, row.by, row.at) == (made, desk, NOW)
    assert (row.code, row.subject) == ("OUTSIDE_HOURS", clinic[0].slug)
    assert (row.severity, row.message) == (POLICY, finding.message)
    assert (row.reason, row.starts_at, row.lapsed_at) == (WHY, AT_NIGHT, None)
    assert made.allowed_because["overrides"] == [
        {"code": "OUTSIDE_HOURS", "subject": clinic[0].slug, "severity": POLICY}
    ]
    event = AuditEvent.objects.get(verb="override")
    assert (event.by, event.patient, event.subject_id) == (desk, patient, str(made.pk))
    assert event.detail["code"] == "OUTSIDE_HOURS"
    assert WHY not in str(event.detail)


def test_several_findings_are_several_rows(clinic, patient, desk):
    asked = question(clinic, patient, "follow_up")

    override(asked, AT_NIGHT, desk)

    assert set(Override.objects.values_list("code", flat=True)) == {
        "OUTSIDE_HOURS",
        "FIRST_VISIT_NEEDED",
    }


def test_one_that_is_not_named_closes_still(clinic, patient, desk):
    asked = question(clinic, patient, "follow_up")
    named = {("OUTSIDE_HOURS", clinic[0].slug)}
    before = counts()

    with pytest.raises(actions.NotBookable) as refused:
        override(asked, AT_NIGHT, desk, given=named)

    assert {finding.code for finding in refused.value.findings} == {
        "OUTSIDE_HOURS",
        "FIRST_VISIT_NEEDED",
    }
    assert counts() == before


@pytest.mark.parametrize(
    "named",
    [{("OUTSIDE_HOURS", "somebody-else")}, {("OFF_GRID", "somebody")}, set()],
    ids=["another subject", "another code", "nothing"],
)
def test_code_and_subject_must_both_be_named(clinic, patient, desk, named):
    with pytest.raises(actions.NotBookable, match="OUTSIDE_HOURS"):
        override(question(clinic, patient), AT_NIGHT, desk, given=named)


def test_what_does_not_occur_makes_no_row_and_needs_no_reason(clinic, patient, desk):
    named = {("OUTSIDE_HOURS", clinic[0].slug)}

    made = override(question(clinic, patient), MONDAY_10, desk, given=named, reason="")

    assert made.overrides.count() == 0
    assert "overrides" not in made.allowed_because
    assert not AuditEvent.objects.filter(verb="override").exists()


@pytest.mark.parametrize("group", [PATIENT, PRACTITIONER, CLINICIAN])
def test_policy_is_for_the_desk(clinic, patient, group):
    with pytest.raises(actions.NotBookable, match="OUTSIDE_HOURS"):
        override(question(clinic, patient), AT_NIGHT, member(group))


def test_a_command_lets_nothing_pass(clinic, patient):
    with pytest.raises(actions.NotBookable, match="OUTSIDE_HOURS"):
        override(question(clinic, patient), AT_NIGHT, None)


@pytest.mark.parametrize("group", [FRONT_DESK, CLINIC_ADMIN])
def test_clinical_is_not_for_the_desk(clinic, patient, clinical, group):
    with pytest.raises(actions.NotBookable, match="TEST_CLINICAL"):
        override(question(clinic, patient), MONDAY_10, member(group))


def test_a_clinician_with_the_right_lets_what_is_clinical_pass(
    clinic, patient, clinical
):
    made = override(question(clinic, patient), MONDAY_10, member(CLINICIAN))

    assert made.overrides.get().severity == CLINICAL


def test_both_kinds_at_once_need_both_rights(clinic, patient, clinical):
    asked = question(clinic, patient)
    for groups in ([FRONT_DESK], [CLINICIAN]):
        with pytest.raises(actions.NotBookable):
            override(asked, AT_NIGHT, member(*groups))

    made = override(asked, AT_NIGHT, member(FRONT_DESK, CLINICIAN))

    assert made.overrides.count() == 2


def test_nobody_lets_pass_what_is_hard(clinic, patient):
    everybody = member(PATIENT, PRACTITIONER, FRONT_DESK, CLINICIAN, CLINIC_ADMIN)
    everybody.is_superuser = True
    everybody.save()
    factories.NotAvailableTimeFactory(practitioner=clinic[0])
    before = counts()

    with pytest.raises(actions.NotBookable, match="PRACTITIONER_ON_LEAVE"):
        override(question(clinic, patient), MONDAY_10, everybody)

    assert counts() == before
    assert "PRACTITIONER_ON_LEAVE" in worlds.codes(
        against(question(clinic, patient), MONDAY_10)
    )


@pytest.mark.parametrize("reason", ["", "  ", "because so", "one two"])
def test_a_reason_has_so_many_words(clinic, patient, desk, reason):
    before = counts()

    with pytest.raises(actions.ReasonNeeded, match="at least 3 words"):
        override(question(clinic, patient), AT_NIGHT, desk, reason=reason)

    assert counts() == before


def test_how_many_words_is_for_the_place_to_say(clinic, patient, desk):
    clinic[1].override_words = 1
    clinic[1].save()

    made = override(question(clinic, patient), AT_NIGHT, desk, reason="Urgent")

    assert made.overrides.get().reason == "Urgent"


@pytest.mark.parametrize("lose", ["group", "account"])
def test_who_lost_the_right_may_not_the_next_time(clinic, patient, desk, lose):
    override(question(clinic, patient), AT_NIGHT, desk)
    if lose == "group":
        desk.groups.clear()
    else:
        User.objects.filter(pk=desk.pk).update(is_active=False)
    again = User.objects.get(pk=desk.pk)  # as the next request reads it

    with pytest.raises(actions.NotBookable):
        override(question(clinic, patient), AT_NIGHT + DAY, again)


def test_what_appears_meanwhile_refuses(clinic, patient, desk, monkeypatch):
    """Between the look and the write the patient is booked elsewhere."""
    asked = question(clinic, patient)
    named = keys(asked, AT_NIGHT)
    turn = sys.modules["bookings.actions.turn"]
    look = turn.counted_on

    def meanwhile(asked):
        factories.AppointmentFactory(patient=patient, starts_at=AT_NIGHT)
        return look(asked)

    monkeypatch.setattr(turn, "counted_on", meanwhile)
    with pytest.raises(actions.NotBookable, match="OVERLAP_PATIENT"):
        override(asked, AT_NIGHT, desk, given=named)

    assert Override.objects.count() == 0


def test_of_two_roles_the_one_with_less_to_let_pass_is_taken(clinic, patient, desk):
    who, where = clinic
    role = factories.RoleFactory(code="chiropractor")
    factories.ScopeOfPracticeFactory(
        rule_id="CM-ANY-DC",
        role="chiropractor",
        treatment="consultation_msk",
        jurisdiction="*",
        credential_kind="licence",
    )
    held = factories.PractitionerRoleFactory(
        practitioner=who, role=role, location=where
    )
    factories.QualificationFactory(practitioner=who, role=role)
    late = {"start_time": "17:00", "end_time": "23:00"}
    AvailableTime.objects.create(role=held, weekday=0, **late)
    asked = question(clinic, patient)
    named = {("OUTSIDE_HOURS", who.slug), ("OFF_GRID", where.slug)}
    at_closing = MONDAY_10 + timedelta(hours=7, minutes=53)

    made = override(asked, at_closing, desk, given=named)

    assert made.role == held
    assert [row.code for row in made.overrides.all()] == ["OFF_GRID"]


def test_moving_asks_again_and_the_row_stays_with_its_start(clinic, patient, desk):
    made = override(question(clinic, patient), AT_NIGHT, desk)
    asked = actions.to_move(made)

    with pytest.raises(actions.NotBookable, match="OUTSIDE_HOURS"):
        actions.move(appointment=made, asked=asked, at=AT_NIGHT + DAY, by=desk, now=NOW)
    assert Override.objects.get().lapsed_at is None

    later = NOW + MINUTE
    actions.move(appointment=made, asked=asked, at=MONDAY_10, by=desk, now=later)

    row = Override.objects.get()
    assert (row.starts_at, row.lapsed_at) == (AT_NIGHT, later)
    assert list(made.overrides.current()) == []


def test_moving_with_an_override_of_its_own(clinic, patient, desk):
    made = override(question(clinic, patient), AT_NIGHT, desk)
    asked = actions.to_move(made)
    at = AT_NIGHT + DAY

    actions.move(
        appointment=made,
        asked=asked,
        at=at,
        by=desk,
        now=NOW,
        overriding=actions.Overriding(keys(asked, at), WHY),
    )

    assert made.overrides.get(lapsed_at=None).starts_at == at
    assert made.overrides.get(lapsed_at=NOW).starts_at == AT_NIGHT
    made.refresh_from_db()
    assert made.allowed_because["overrides"][0]["code"] == "OUTSIDE_HOURS"


def test_a_patient_moves_past_no_rule(clinic, patient, desk):
    made = override(question(clinic, patient), AT_NIGHT, desk)
    asked = actions.to_move(made)
    overriding = actions.Overriding(keys(asked, AT_NIGHT + DAY), WHY)

    with pytest.raises(actions.NotBookable):
        actions.move(
            appointment=made,
            asked=asked,
            at=AT_NIGHT + DAY,
            by=patient.user,
            now=NOW,
            overriding=overriding,
        )


def test_sent_twice_it_is_one_booking_with_one_row(clinic, patient, desk):
    asked = question(clinic, patient)
    send = {
        "asked": asked,
        "at": AT_NIGHT,
        "by": desk,
        "now": NOW,
        "submission": "6f6f1f0e-0d5c-4d8e-9a54-8f2f7c1f4b11",
        "overriding": actions.Overriding(keys(asked, AT_NIGHT), WHY),
    }

    assert actions.book(**send) == actions.book(**send)
    assert Override.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"severity": HARD}, {"severity": NOTE}, {"reason": ""}],
    ids=["hard", "note", "no reason"],
)
def test_the_database_keeps_no_other_rows(clinic, patient, desk, wrong):
    row = override(question(clinic, patient), AT_NIGHT, desk).overrides.get()
    row.pk, row.code = None, "OFF_GRID"
    for name, value in wrong.items():
        setattr(row, name, value)

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


# Starts and moments at which every code that can be let pass occurs.
STARTS = [
    *(MONDAY_10, MONDAY_10 + 7 * MINUTE, AT_NIGHT, OFF),
    *(MONDAY_10 + 3 * DAY, MONDAY_10 + 300 * DAY),
]
CLOSED_DAY = worlds.MONDAY + 3 * DAY
MOMENTS = [NOW, MONDAY_10 - 30 * MINUTE, OFF - 30 * MINUTE]


def test_the_key_of_a_finding_is_the_same_on_the_page_and_when_it_is_sent(
    clinic, patient
):
    """A little later, and with all rows read anew: a key holds no clock and no count."""
    factories.PlaceDayFactory(location=clinic[1], day=CLOSED_DAY)
    seen = set()
    for at in STARTS:
        for now in MOMENTS:
            for variant in ("visit", "first", "follow_up"):
                asked = question(clinic, patient, variant)
                shown = {f.key for f in slots.why_not(asked, at=at, now=now)}
                rulebook._kept.clear()
                sent = slots.why_not(
                    question(clinic, patient, variant), at=at, now=now + MINUTE
                )
                assert {f.key for f in sent} == shown
                seen |= {f.code for f in sent if f.severity in (POLICY, CLINICAL)}

    made = override(
        question(clinic, patient), AT_NIGHT, factories.FrontDeskUserFactory()
    )
    again = slots.why_not(
        question(clinic, patient, "first"), at=made.ends_at + 2 * DAY, now=NOW
    )
    seen |= {finding.code for finding in again}
    first = Sitting(1, to_minute(MONDAY_10 - DAY), clinic[1].tz)
    second = InCourse(2, least_days=2, most_days=9, assumed=(first,))
    for at in (MONDAY_10, MONDAY_10 + 20 * DAY):
        asked = replace(question(clinic, patient), course=second)
        found = slots.why_not(asked, at=at, now=NOW)
        later = slots.why_not(asked, at=at, now=NOW + MINUTE)
        assert {f.key for f in found} == {f.key for f in later}
        seen |= {finding.code for finding in found}
    overridable = {c for c, s in findings.CODES.items() if s in (POLICY, CLINICAL)}
    assert overridable <= seen, "a code that can be let pass, and is not tried here"
