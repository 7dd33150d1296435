"""Time that is given away, and what makes a first visit."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings import slots
from bookings.models import AvailableTime, Claim
from bookings.rules import claims
from bookings.rules.given import KNOWN, NOTHING, Given
from bookings.timeline import Timeline
from tests import factories, worlds
from tests.worlds import MONDAY, MONDAY_10, NOW
from treatments.models import Treatment, TreatmentVariant

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def clinic():
    """Somebody who works from eight to six, and the place."""
    return worlds.plain()


def offered(clinic, day=MONDAY, **more):
    who, where = clinic
    question = worlds.asked("visit", where, who, **more)
    return [f"{start:%H:%M}" for start in worlds.starts(question, day)]


def why(clinic, at=MONDAY_10, now=NOW, **more):
    who, where = clinic
    return worlds.why("visit", where, who, at=at, now=now, **more)


def visit_of(clinic, **more):
    variant = TreatmentVariant.objects.get(code=more.pop("variant", "visit"))
    return factories.AppointmentFactory(
        role=clinic[0].roles.get(), variant=variant, **more
    )


def test_back_to_back_without_clean_up_does_not_conflict(clinic):
    TreatmentVariant.objects.update(prep_min=0, cleanup_min=0)
    visit_of(clinic)

    found = offered(clinic)

    assert {"09:30", "10:30"} <= set(found)
    assert not {"09:45", "10:00", "10:15"} & set(found)


def test_clean_up_and_preparation_keep_appointments_apart(clinic):
    TreatmentVariant.objects.update(prep_min=0, cleanup_min=10)
    visit_of(clinic)

    assert why(clinic, at=MONDAY_10 + 30 * MINUTE) == {"OVERLAP_PRACTITIONER"}
    assert why(clinic, at=MONDAY_10 - 30 * MINUTE) == {"OVERLAP_PRACTITIONER"}
    assert {"09:15", "10:45"} <= set(offered(clinic))


def test_the_new_visits_own_preparation_counts(clinic):
    visit_of(clinic, variant="first")  # it leaves at 10:30 sharp

    assert why(clinic, at=MONDAY_10 + 30 * MINUTE) == {"OVERLAP_PRACTITIONER"}
    assert why(clinic, at=MONDAY_10 + 45 * MINUTE) == set()


def test_preparation_may_lie_outside_hours(clinic):
    assert "08:00" in offered(clinic)


def test_the_patients_time_is_the_visible_time(clinic):
    who, where = clinic
    patient = factories.PatientFactory()
    other = worlds.somebody(
        "physical_therapist",
        where,
        worlds.licence("physical_therapist", "US-UT"),
        slug="other",
    )
    factories.AppointmentFactory(
        role=other.roles.get(),
        patient=patient,
        variant=TreatmentVariant.objects.get(code="visit"),
    )

    assert why(clinic, patient=patient) == {"OVERLAP_PATIENT"}
    assert why(clinic, at=MONDAY_10 + 15 * MINUTE, patient=patient) == {
        "OVERLAP_PATIENT"
    }
    assert why(clinic, at=MONDAY_10 + 30 * MINUTE, patient=patient) == set()
    assert why(clinic, at=MONDAY_10 - 30 * MINUTE, patient=patient) == set()
    assert why(clinic) == set()
    assert why(clinic, patient=factories.PatientFactory()) == set()
    assert who != other


def test_one_person_in_two_places_is_busy_in_both(clinic):
    who, _ = clinic
    there = worlds.place("US-AZ", "America/Phoenix")
    role = factories.PractitionerRoleFactory(
        practitioner=who, role=who.roles.get().role, location=there
    )
    AvailableTime.objects.create(
        role=role, weekday=0, start_time=worlds.OPENS, end_time=worlds.SHUTS
    )
    worlds.file(
        who,
        [worlds.licence("physical_therapist", "US-AZ")],
        factories.UserFactory(is_staff=True),
    )
    factories.AppointmentFactory(
        role=role, variant=TreatmentVariant.objects.get(code="visit")
    )

    assert why(clinic) == {"OVERLAP_PRACTITIONER"}


def test_a_refusal_names_no_other_patient(clinic):
    taken = visit_of(clinic, patient__given_name="Wilhelmina")
    who, where = clinic

    [finding] = slots.why_not(worlds.asked("visit", where, who), at=MONDAY_10, now=NOW)

    assert "Wilhelmina" not in repr(finding)
    assert taken.patient.family_name not in repr(finding)


def test_the_longest_claim_is_read_in_every_window_that_it_meets(clinic):
    claim = visit_of(clinic).claims.get(practitioner__isnull=False)
    begins = slots.minute_asked(MONDAY_10)
    Claim.objects.filter(pk=claim.pk).update(
        starts_at=MONDAY_10, ends_at=MONDAY_10 + Claim.LONGEST
    )

    def read(first, until):
        whose = {"practitioner": {clinic[0].pk}}
        facts = claims.taken(whose, first, until, named=False, placed=False, now=NOW)
        return facts.of("practitioner", clinic[0].pk).rows()

    ends = begins + 24 * 60
    claim = [(begins, ends, 0)]
    assert read(begins - 60, begins) == read(ends, ends + 60) == []
    assert read(begins - 60, begins + 1) == read(ends - 1, ends + 60) == claim


def test_readings_out_of_order_are_put_in_order():
    found = claims._given("60,0,120", "90,30,150", "2,1,3")

    assert found.rows() == [(0, 30, 1), (60, 90, 2), (120, 150, 3)]
    assert claims._given("60,0", "90,30", "").rows() == [(0, 30, 0), (60, 90, 0)]


def test_a_reading_remembers_some_windows_only(clinic):
    wanted = worlds.asked("visit", clinic[1], clinic[0]).wanteds(0, 60)[0]
    given = claims.Given.of([(0, 30, 1)])
    for until in range(10, 10 + 2 * KNOWN):
        given.closed(replace(wanted, until=until), 0, 0)
        assert len(given.known) <= KNOWN

    assert given.closed(replace(wanted, until=40), 0, 0) == [(0, 30)]


# First visits and follow-ups.


@pytest.mark.parametrize(
    ("status", "first", "follow_up"),
    [
        ("booked", {"NOT_A_FIRST_VISIT"}, set()),
        ("arrived", {"NOT_A_FIRST_VISIT"}, set()),
        ("fulfilled", {"NOT_A_FIRST_VISIT"}, set()),
        ("cancelled", set(), {"FIRST_VISIT_NEEDED"}),
        ("noshow", set(), {"FIRST_VISIT_NEEDED"}),
        ("entered-in-error", set(), {"FIRST_VISIT_NEEDED"}),
    ],
)
def test_what_makes_a_first_visit(clinic, status, first, follow_up):
    who, where = clinic
    patient = factories.PatientFactory()
    visit_of(clinic, patient=patient, status=status, starts_at=MONDAY_10 - DAY)

    found = [
        worlds.why(variant, where, who, patient=patient)
        for variant in ("first", "follow_up", "visit")
    ]

    assert found == [first, follow_up, set()]


def test_a_follow_up_comes_after_the_visit_that_is_booked(clinic):
    who, where = clinic
    patient = factories.PatientFactory()
    visit_of(clinic, patient=patient, variant="first")

    def follow_up(at):
        return worlds.why("follow_up", where, who, at=at, patient=patient)

    assert follow_up(MONDAY_10 - 60 * MINUTE) == {"FIRST_VISIT_NEEDED"}
    assert follow_up(MONDAY_10 + 30 * MINUTE) == set()


def test_a_visit_for_something_else_is_no_visit_for_this(clinic):
    who, where = clinic
    patient = factories.PatientFactory()
    other = Treatment.objects.create(code="other", name="Other", family="skin")
    variant = factories.TreatmentVariantFactory(code="other", treatment=other)
    factories.AppointmentFactory(
        role=who.roles.get(),
        variant=variant,
        patient=patient,
        starts_at=MONDAY_10 - DAY,
    )

    assert worlds.why("first", where, who, patient=patient) == set()
    assert worlds.why("follow_up", where, who, patient=patient) == {
        "FIRST_VISIT_NEEDED"
    }


def test_without_a_patient_the_patients_rules_are_not_asked(clinic):
    who, where = clinic

    assert worlds.why("first", where, who) == set()
    assert worlds.why("follow_up", where, who) == set()


# Gaps and lengths in turn, so that no claim overlaps the one before.
CLAIMS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40)), max_size=12)


@given(
    CLAIMS,
    st.integers(-20, 300),
    st.integers(1, 200),
    st.integers(0, 30),
    st.integers(0, 30),
    st.frozensets(st.integers(0, 12), max_size=3),
)
def test_claims_close_what_minute_by_minute_they_close(
    lengths, first, long, before, after, ignoring
):
    rows, at = [], 0
    for number, (gap, length) in enumerate(lengths):
        rows.append((at + gap, at + gap + length, number))
        at += gap + length
    wanted = SimpleNamespace(first=first, until=first + long, ignoring=ignoring)
    closed = {
        minute
        for begins, ends, number in rows
        if number not in ignoring
        for minute in range(begins - before, ends + after)
    }

    found = Given.of(rows)
    for _ in range(2):  # worked out, and remembered
        stretches = found.closed(wanted, before, after)
        minutes = {m for shuts, opens in stretches for m in range(shuts, opens)}
        assert minutes == closed & set(range(first, first + long))
        assert Timeline(stretches).stretches == list(stretches)


def test_what_nobody_has_taken_is_not_remembered():
    wanted = SimpleNamespace(first=0, until=100, ignoring=frozenset())

    assert list(NOTHING.closed(wanted, 5, 5)) == []
    assert NOTHING.known == {}
