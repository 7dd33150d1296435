"""Booking: what is written, what a refusal leaves, and a form sent twice."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, transaction

from bookings import actions, rulebook, slots
from bookings.models import Appointment, AvailableTime, Claim, Notice, Status
from bookings.question import UnknownName
from clinic.models import AuditEvent, Location, Practitioner, Qualification
from tests import factories, worlds
from tests.worlds import MONDAY, MONDAY_10, NOW
from treatments.models import ScopeOfPractice, TreatmentVariant

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
written = import_module("bookings.actions.written")
booking = import_module("bookings.actions.book")  # the verb hides its module


@pytest.fixture
def clinic():
    return worlds.plain()


@pytest.fixture
def patient():
    return factories.PatientFactory()


@pytest.fixture
def asked(clinic, patient):
    who, where = clinic
    return worlds.asked("visit", where, who, patient=patient)


def tables():
    return [
        list(model.objects.values().order_by("pk"))
        for model in (Appointment, Claim, AuditEvent, Notice)
    ]


def book(asked, **more):
    if "by" not in more:
        more["by"] = asked.patient.user
    return actions.book(asked=asked, **{"at": MONDAY_10, "now": NOW, **more})


def test_a_booking_keeps_the_policy_that_was_in_force(asked, clinic):
    """The place's own before the clinic's, the later before the earlier, none to come."""
    policy = factories.CancellationPolicyFactory
    policy(text="The clinic's.")
    policy(text="Of another place.", place=factories.LocationFactory())
    assert book(asked).policy.text == "The clinic's."

    policy(text="The place's.", place=clinic[1])
    policy(text="The clinic's, later.", valid_from=NOW.date())
    policy(text="To come.", place=clinic[1], valid_from=NOW.date() + timedelta(days=1))
    later = MONDAY_10 + timedelta(hours=2)
    made = book(replace(asked, book=rulebook.current()), at=later)
    made.refresh_from_db()
    assert made.policy.text == "The place's."


def test_a_policy_begins_with_the_day_at_the_place(asked):
    """At midnight there, which is seven in the morning of the same day in UTC."""
    midnight = datetime(2026, 1, 6, 7, tzinfo=UTC)
    factories.CancellationPolicyFactory(valid_from=midnight.date())
    asked = replace(asked, book=rulebook.current())

    assert book(asked, now=midnight - MINUTE).policy is None
    assert book(asked, now=midnight, at=MONDAY_10 + timedelta(hours=2)).policy


def test_a_booking_keeps_all_it_was_made_of(asked, clinic, patient):
    who, where = clinic

    made = book(asked)

    made.refresh_from_db()
    assert made.status == Status.BOOKED
    assert (made.patient, made.practitioner, made.place) == (patient, who, where)
    assert (made.starts_at, made.ends_at) == (MONDAY_10, MONDAY_10 + 30 * MINUTE)
    assert (made.label, made.price_usd) == (
        asked.variant.label,
        asked.variant.price_usd,
    )
    assert (made.created_at, made.booked_by) == (NOW, patient.user)
    claims = {
        (claim.practitioner, claim.patient, claim.starts_at, claim.ends_at)
        for claim in made.claims.all()
    }
    assert claims == {
        (who, None, MONDAY_10 - 5 * MINUTE, MONDAY_10 + 40 * MINUTE),
        (None, patient, MONDAY_10, MONDAY_10 + 30 * MINUTE),
    }
    [event] = AuditEvent.objects.filter(subject_kind="bookings.appointment")
    assert (event.verb, event.by, event.at, event.patient) == (
        *("book", patient.user, NOW),
        patient,
    )
    [notice] = Notice.objects.all()
    assert (notice.kind, notice.appointment, notice.due_at) == ("booked", made, NOW)


def test_the_reasons_are_frozen_as_they_were_known(asked):
    made = book(asked)
    reasons = made.allowed_because
    ScopeOfPractice.objects.update(status="not_allowed")
    Qualification.objects.update(number="changed")

    made.refresh_from_db()

    assert made.allowed_because == reasons
    assert reasons["rule"]["rule_id"] == "CM-ANY-PT"
    assert [paper["kind"] for paper in reasons["papers"]] == ["state_licence"]
    assert reasons["papers"][0]["valid_until"] == "2030-12-31"


def test_price_and_length_stay_when_the_catalogue_changes(asked):
    made = book(asked)

    TreatmentVariant.objects.update(price_usd=1, duration_min=90, label="Changed")

    made.refresh_from_db()
    assert made.ends_at - made.starts_at == 30 * MINUTE
    assert (made.price_usd, made.label) == (
        asked.variant.price_usd,
        asked.variant.label,
    )


def test_a_time_is_given_away_once(asked, clinic):
    who, where = clinic
    book(asked)
    before = tables()
    latecomer = worlds.asked(
        "visit", where, who, patient=factories.PatientFactory(user=None)
    )

    with pytest.raises(actions.NotBookable) as refusal:
        book(latecomer, at=MONDAY_10 + 15 * MINUTE)

    assert worlds.codes(refusal.value.findings) == {"OVERLAP_PRACTITIONER"}
    assert tables() == before


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (MONDAY_10 - timedelta(days=60), "IN_THE_PAST"),
        (NOW + 60 * MINUTE, "NOTICE_TOO_SHORT"),
        (MONDAY_10 + timedelta(days=300), "BEYOND_HORIZON"),
        (MONDAY_10 + timedelta(hours=12), "OUTSIDE_HOURS"),
        (MONDAY_10 + 1 * MINUTE, "OFF_GRID"),
    ],
)
def test_a_forged_time_is_refused_with_its_reason(asked, at, code):
    before = tables()

    with pytest.raises(actions.NotBookable) as refusal:
        book(asked, at=at)

    assert code in worlds.codes(refusal.value.findings)
    assert tables() == before


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 2, 2, 10),  # noqa: DTZ001 -- without a zone is the point
        MONDAY_10 + timedelta(seconds=1),
        MONDAY_10 + timedelta(microseconds=1),
        MONDAY_10.replace(year=1),
        MONDAY_10.replace(year=9999),
    ],
)
def test_no_such_moment(asked, at):
    with pytest.raises(slots.NoSuchMoment):
        book(asked, at=at)
    with pytest.raises(slots.NoSuchMoment):
        slots.why_not(asked, at=at, now=NOW)
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("missing", ["practitioner", "patient"])
def test_a_booking_names_whom_and_with_whom(asked, patient, missing):
    with pytest.raises(ValueError, match="names a practitioner and a patient"):
        book(replace(asked, **{missing: None}), by=patient.user)


def test_a_change_after_the_question_was_put_is_seen(asked):
    """The rulebook of the page is old; the booking looks again."""
    Qualification.objects.all().delete()

    with pytest.raises(actions.NotBookable, match="CREDENTIAL_MISSING"):
        book(asked)
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda who, where: type(who).objects.update(is_active=False),
        lambda who, where: Location.objects.update(is_open=False),
        lambda who, where: AvailableTime.objects.all().delete(),
        lambda who, where: TreatmentVariant.objects.update(is_offered=False),
        lambda who, where: actions.take_leave(
            practitioner=who,
            starts_at=MONDAY_10,
            ends_at=MONDAY_10 + MINUTE,
            by=None,
            now=NOW,
        ),
        lambda who, where: actions.set_hours(
            role=who.roles.get(),
            weekday=0,
            spans=[(time(12), time(18))],
            by=None,
            now=NOW,
        ),
    ],
)
def test_any_change_of_the_rules_is_seen_at_once(clinic, patient, change):
    who, where = clinic
    asked = worlds.asked("visit", where, who, patient=patient)
    assert worlds.starts(asked, MONDAY)
    change(who, where)

    with pytest.raises(actions.NotBookable):
        book(asked)
    assert not Appointment.objects.exists()


def test_what_was_renamed_since_it_was_asked_for_is_refused_in_a_sentence(asked):
    Location.objects.update(slug="elsewhere")

    with pytest.raises(UnknownName, match="no place called"):
        book(asked)

    assert not Appointment.objects.exists()


def test_somebody_in_two_roles_is_booked_in_the_one_that_may(clinic, patient):
    who, where = clinic
    other = factories.PractitionerRoleFactory(
        practitioner=who,
        role=factories.RoleFactory(code="reception", label="Front desk"),
        location=where,
    )
    AvailableTime.objects.create(
        role=other, weekday=0, start_time=time(8), end_time=time(22)
    )
    asked = worlds.asked("visit", where, who, patient=patient)

    assert book(asked).role.role.code == "physical_therapist"
    with pytest.raises(actions.NotBookable):
        book(asked, at=MONDAY_10 + timedelta(hours=9))
    found = slots.open_slots(asked, first_day=MONDAY, days=1, now=NOW)
    assert len(found) == len({slot.start for slot in found})


def test_a_refusal_has_reasons_even_if_the_time_comes_free_meanwhile(
    asked, clinic, monkeypatch
):
    who, where = clinic
    book(asked)
    late = worlds.asked("visit", where, who, patient=factories.PatientFactory())
    monkeypatch.setattr(booking.slots, "why_not", lambda *args, **more: [])

    with pytest.raises(actions.NotBookable, match="OVERLAP_PRACTITIONER"):
        book(late)


# What the database refuses when nobody looked.


def test_the_database_refuses_what_the_look_let_through(asked, clinic, monkeypatch):
    who, where = clinic
    book(asked)
    late = worlds.asked("visit", where, who, patient=factories.PatientFactory())
    before = tables()

    def blind(question, minute, now, **_):
        return question.wanteds(minute, minute + 1)[0]

    monkeypatch.setattr(booking, "open_role", blind)
    with pytest.raises(actions.NotBookable) as refusal:
        book(late)
    assert worlds.codes(refusal.value.findings) == {"OVERLAP_PRACTITIONER"}
    other = Practitioner.objects.create(slug="other", name="Other")
    role = who.roles.get()
    role.pk, role.practitioner = None, other
    role.save()
    with pytest.raises(actions.NotBookable) as refusal:
        book(worlds.asked("visit", where, other, patient=asked.patient))
    # Whoever is refused is told all that speaks against it, and this is one of it.
    assert "OVERLAP_PATIENT" in worlds.codes(refusal.value.findings)
    assert tables() == before


def test_any_other_refusal_of_the_database_is_a_fault(asked, monkeypatch):
    def broken(*args, **more):
        raise IntegrityError("something else")

    monkeypatch.setattr(written, "insert", broken)
    before = tables()

    with pytest.raises(IntegrityError, match="something else"):
        book(asked)
    assert tables() == before


@pytest.mark.django_db(transaction=True)
def test_booking_refuses_to_be_part_of_another_transaction(clinic, patient):
    who, where = clinic
    asked = worlds.asked("visit", where, who, patient=patient)

    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        book(asked)
    assert book(asked)
