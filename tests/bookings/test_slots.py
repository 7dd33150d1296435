"""What is on offer, and the list of it."""

from datetime import date, time, timedelta

import pytest

from bookings import actions, slots
from bookings.models import AvailableTime
from bookings.question import UnknownName, ask
from clinic.models import Location
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

    with pytest.raises(UnknownName, match="There is no"):
        ask(**{**known, **names})


def test_of_two_roles_the_one_with_the_fewest_reasons_answers(clinic):
    who, where = clinic
    factories.PractitionerRoleFactory(
        practitioner=who, role=factories.RoleFactory(code="reception"), location=where
    )

    assert why(clinic) == set()
    assert why(clinic, at=MONDAY_10 + timedelta(hours=12)) == {"OUTSIDE_HOURS"}
