"""Notice, horizon, hours, grid, leave, and time that is given away."""

from datetime import date, datetime, time, timedelta

import pytest

from bookings import actions, slots
from bookings.models import AvailableTime
from clinic.models import Location, PractitionerRole
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


def test_a_plain_day(clinic):
    found = offered(clinic)

    assert (found[0], found[1], found[-1], len(found)) == (
        "08:00",
        "08:15",
        "17:30",
        39,
    )


# The clock.


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (timedelta(minutes=120), set()),
        (timedelta(minutes=119, seconds=59), {"NOTICE_TOO_SHORT"}),
        (timedelta(0), {"NOTICE_TOO_SHORT"}),
        (timedelta(seconds=-1), {"IN_THE_PAST"}),
        (timedelta(days=-400), {"IN_THE_PAST"}),
    ],
)
def test_notice_and_the_past(clinic, before, expected):
    assert why(clinic, now=MONDAY_10 - before) == expected


def test_without_notice_the_present_minute_is_bookable(clinic):
    Location.objects.update(notice_min=0)

    assert why(clinic, now=MONDAY_10) == set()


@pytest.mark.parametrize(
    ("today", "expected"),
    [(MONDAY - 90 * DAY, set()), (MONDAY - 91 * DAY, {"BEYOND_HORIZON"})],
)
def test_the_horizon_is_counted_in_days_of_the_place(clinic, today, expected):
    _, where = clinic
    evening = datetime.combine(today, time(23, 59), where.tz)

    assert why(clinic, now=evening) == expected


@pytest.mark.parametrize("minutes", [45, 60, 120, 1440, 2880])
def test_a_refusal_for_notice_says_from_when(clinic, minutes):
    who, where = clinic
    Location.objects.update(notice_min=minutes)
    question = worlds.asked("visit", where, who)

    [finding] = slots.why_not(question, at=MONDAY_10, now=MONDAY_10)

    assert finding.first_possible == MONDAY_10 + minutes * MINUTE
    assert finding.severity == "policy"


# Hours, grid and leave.


@pytest.mark.parametrize(
    ("shift", "expected"),
    [
        (timedelta(0), set()),
        (timedelta(minutes=5), {"OFF_GRID"}),
        (timedelta(hours=7, minutes=30), set()),
        (timedelta(hours=7, minutes=31), {"OFF_GRID", "OUTSIDE_HOURS"}),
        (timedelta(hours=7, minutes=45), {"OUTSIDE_HOURS"}),
        (timedelta(hours=8), {"OUTSIDE_HOURS"}),
        (timedelta(hours=-2), set()),
        (timedelta(hours=-2, minutes=-1), {"OUTSIDE_HOURS"}),
    ],
)
def test_the_whole_visit_lies_in_hours_and_starts_on_the_grid(clinic, shift, expected):
    assert why(clinic, at=MONDAY_10 + shift) == expected


def hours(who, *spans):
    AvailableTime.objects.filter(role__practitioner=who).delete()
    AvailableTime.objects.bulk_create(
        AvailableTime(
            role=who.roles.get(),
            weekday=0,
            start_time=time.fromisoformat(start),
            end_time=time.fromisoformat(end),
        )
        for start, end in spans
    )


def test_the_grid_is_counted_from_the_beginning_of_each_stretch(clinic):
    hours(clinic[0], ("08:10", "09:20"), ("13:05", "13:50"))

    assert offered(clinic) == ["08:10", "08:25", "08:40", "13:05", "13:20"]


def test_a_visit_may_lie_across_hours_that_touch(clinic):
    hours(clinic[0], ("08:00", "08:30"), ("08:30", "09:00"))

    assert offered(clinic) == ["08:00", "08:15", "08:30"]


def test_hours_shorter_than_the_visit_offer_nothing(clinic):
    hours(clinic[0], ("08:00", "08:29"))

    assert offered(clinic) == []


def test_hours_count_from_their_first_day_to_their_last(clinic):
    AvailableTime.objects.update(valid_from=MONDAY, valid_until=MONDAY)

    assert [bool(offered(clinic, MONDAY + n * DAY)) for n in (-1, 0, 1)] == [
        False,
        True,
        False,
    ]


def test_a_role_is_held_from_its_first_day_to_its_last(clinic):
    PractitionerRole.objects.update(valid_from=MONDAY, valid_until=MONDAY)

    assert [bool(offered(clinic, MONDAY + n * DAY)) for n in (-1, 0, 1)] == [
        False,
        True,
        False,
    ]
    assert why(clinic, at=MONDAY_10 + DAY) == {"ROLE_NOT_HELD"}


@pytest.mark.parametrize("moved", [-1, 0, 1])
def test_leave_closes_what_it_meets_and_no_more(clinic, moved):
    begins = MONDAY_10 + 30 * MINUTE + moved * MINUTE
    factories.NotAvailableTimeFactory(
        practitioner=clinic[0], starts_at=begins, ends_at=begins + 30 * MINUTE
    )

    assert why(clinic) == ({"PRACTITIONER_ON_LEAVE"} if moved < 0 else set())
    after = why(clinic, at=MONDAY_10 + 60 * MINUTE)
    assert after == ({"PRACTITIONER_ON_LEAVE"} if moved > 0 else set())


def test_the_reason_of_a_leave_is_nobodys_business(clinic):
    who, where = clinic
    factories.NotAvailableTimeFactory(practitioner=who, reason="Surgery of the knee")
    question = worlds.asked("visit", where, who)

    [finding] = slots.why_not(question, at=MONDAY_10, now=NOW)

    assert "knee" not in repr(finding)


# Time that is given away.


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


# What is not on offer.


def test_what_is_not_offered_is_closed(clinic):
    who, where = clinic
    TreatmentVariant.objects.update(is_offered=False)
    assert why(clinic) == {"NOT_OFFERED"}
    TreatmentVariant.objects.update(is_offered=True, review_state="withdrawn")
    assert why(clinic) == {"NOT_OFFERED"}
    TreatmentVariant.objects.update(review_state="approved")
    Treatment.objects.update(review_state="withdrawn")
    assert why(clinic) == {"NOT_OFFERED"}
    Treatment.objects.update(review_state="sample")
    Location.objects.update(is_open=False)
    assert why(clinic) == {"PLACE_CLOSED"}
    Location.objects.update(is_open=True)
    type(who).objects.update(is_active=False)
    assert why(clinic) == {"PRACTITIONER_INACTIVE"}
    type(who).objects.update(is_active=True)
    assert why(clinic) == set()
    assert where.slug


def test_somebody_who_does_not_work_there(clinic):
    who, _ = clinic
    elsewhere = worlds.place("US-AZ", "America/Phoenix")
    question = worlds.asked("visit", elsewhere, who, patient=factories.PatientFactory())

    assert worlds.starts(question, MONDAY) == []
    assert worlds.codes(slots.why_not(question, at=MONDAY_10, now=NOW)) == {
        "NOT_AT_PLACE"
    }
    with pytest.raises(actions.NotBookable, match="NOT_AT_PLACE"):
        actions.book(asked=question, at=MONDAY_10, by=None, now=NOW)


# The list.


def test_anybody_will_do_and_each_is_listed_once(clinic):
    who, where = clinic
    worlds.somebody(
        "physical_therapist",
        where,
        worlds.licence("physical_therapist", "US-UT"),
        slug="another",
    )

    found = slots.open_slots(
        worlds.asked("visit", where), first_day=MONDAY, days=1, now=NOW
    )

    assert len(found) == 2 * 39
    assert [slot.practitioner.slug for slot in found[:2]] == ["another", who.slug]
    assert [slot.start for slot in found] == sorted(slot.start for slot in found)


@pytest.mark.parametrize("days", [0, -1, 93, 400])
def test_too_many_days_are_not_looked_through(clinic, days):
    with pytest.raises(slots.RangeTooLong):
        slots.open_slots(
            worlds.asked("visit", clinic[1]), first_day=MONDAY, days=days, now=NOW
        )


@pytest.mark.parametrize("day", [date.min, date(1949, 1, 1), date.max])
def test_days_of_another_century_are_refused(clinic, day):
    question = worlds.asked("visit", clinic[1])

    with pytest.raises(slots.NoSuchMoment):
        slots.open_slots(question, first_day=day, days=92, now=NOW)


def test_the_first_free_time(clinic):
    who, where = clinic
    hours(who, ("10:00", "10:30"))
    question = worlds.asked("visit", where, who)

    early = NOW - timedelta(hours=1)  # two hours before ten o'clock
    assert slots.first_open(question, now=early).start == MONDAY_10 - 28 * DAY
    assert slots.first_open(question, now=NOW).start == MONDAY_10 - 21 * DAY
    factories.NotAvailableTimeFactory(
        practitioner=who, starts_at=NOW, ends_at=MONDAY_10
    )
    question = worlds.asked("visit", where, who)
    assert slots.first_open(question, now=NOW).start == MONDAY_10
    AvailableTime.objects.all().delete()
    question = worlds.asked("visit", where, who)
    assert slots.first_open(question, now=NOW) is None


@pytest.mark.parametrize(
    "names",
    [
        {"variant": "nothing"},
        {"place": "nowhere"},
        {"practitioner": "nobody"},
        {"variant": "\x00"},
        {"place": "\udcff"},
    ],
)
def test_an_unknown_name_is_said_to_be_unknown(clinic, names):
    who, where = clinic
    known = {"variant": "visit", "place": where.slug, "practitioner": who.slug}

    with pytest.raises(slots.UnknownName, match="There is no"):
        slots.ask(**{**known, **names})
