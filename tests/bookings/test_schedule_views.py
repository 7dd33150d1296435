"""A practitioner's own day and week, as pages."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.urls import reverse

from clinic import access
from tests.factories import (
    AppointmentFactory,
    AvailableTimeFactory,
    EditionFactory,
    FrontDeskUserFactory,
    LocationFactory,
    NotAvailableTimeFactory,
    PatientFactory,
    PractitionerFactory,
    PractitionerRoleFactory,
    TreatmentVariantFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

MONDAY_10 = datetime(2026, 2, 2, 17, tzinfo=UTC)  # ten o'clock in Denver
HALF_PAST = MONDAY_10 + timedelta(minutes=30)
DAY = reverse("bookings:schedule_day")
WEEK = reverse("bookings:schedule_week")
QUERIES = 6  # session, user, practitioner, rulebook, appointments, rooms


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(HALF_PAST, tick=False):
        yield


@pytest.fixture
def role():
    """A practitioner who signs in, and works Mondays from nine to five in Utah."""
    user = UserFactory(groups=[access.PRACTITIONER])
    who = PractitionerFactory(slug="dana", name="Dana Whitfield", user=user)
    return AvailableTimeFactory(role=PractitionerRoleFactory(practitioner=who)).role


@pytest.fixture
def as_practitioner(client, role):
    client.force_login(role.practitioner.user)
    return client


def event_heights(html):
    """The height of the first rectangle of every event: its visible time."""
    found = re.findall(
        r'<a class="cal-event".*?<rect [^>]*?height="([\d.]+)"', html, re.DOTALL
    )
    return [float(height) for height in found]


def hour_labels(html):
    found = re.findall(r'<text class="cal-hour-label"[^>]*>([^<]+)<', html)
    return [label for label in found if label]


def test_day_shows_ones_own_appointments_in_list_and_calendar(as_practitioner, role):
    patient = PatientFactory(given_name="Jo", family_name="Marsh")
    booked = AppointmentFactory(role=role, patient=patient, label="Dry needling")

    response = as_practitioner.get(DAY)

    html = response.content.decode()
    assert response.status_code == 200
    assert [line.appointment for line in response.context["lines"]] == [booked]
    assert "Monday, February 2, 2026" in html
    assert "10:00 to 10:30 AM" in html
    assert html.count(f'href="/appointments/{booked.uid}/"') == 2
    assert "Mountain Time (MST)" in html


def test_day_shows_nothing_of_a_colleague(as_practitioner, role):
    colleague = PractitionerRoleFactory(location=role.location)
    theirs = AppointmentFactory(role=colleague)

    html = as_practitioner.get(DAY).content.decode()

    assert theirs.patient.name not in html
    assert str(theirs.uid) not in html
    assert event_heights(html) == []


def test_ninety_minutes_are_three_times_as_tall_as_thirty(as_practitioner, role):
    short = TreatmentVariantFactory(code="short", duration_min=30)
    long = TreatmentVariantFactory(code="long", duration_min=90)
    AppointmentFactory(role=role, variant=short)
    AppointmentFactory(
        role=role, variant=long, starts_at=MONDAY_10 + timedelta(hours=2)
    )

    for address in (DAY, WEEK):
        thirty, ninety = event_heights(as_practitioner.get(address).content.decode())
        assert ninety == 3 * thirty > 0


@pytest.mark.parametrize(
    ("day", "labels"),
    [
        (date(2026, 3, 8), ["12 AM", "1 AM", "3 AM", "4 AM"]),
        (date(2026, 11, 1), ["12 AM", "1 AM", "1 AM", "2 AM"]),
    ],
    ids=["23 hours", "25 hours"],
)
def test_day_on_which_clocks_change(as_practitioner, role, day, labels):
    AvailableTimeFactory(role=role, weekday=6, start_time=time(0), end_time=time(0))

    html = as_practitioner.get(DAY, {"day": day.isoformat()}).content.decode()

    hours = 23 if day.month == 3 else 25
    assert hour_labels(html)[:4] == labels
    (closed,) = re.findall(r'<rect class="cal-closed"[^>]*height="([\d.]+)"', html)
    assert float(closed) == hours * 90


def test_cancelled_is_in_the_list_and_not_in_the_calendar(as_practitioner, role):
    gone = AppointmentFactory(role=role, status="cancelled")

    html = as_practitioner.get(DAY).content.decode()

    assert gone.patient.name in html
    assert 'data-status="cancelled"' in html
    assert event_heights(html) == []
    assert "No appointments." in html


def test_who_did_not_come_makes_room_for_somebody_else(as_practitioner, role):
    missed = AppointmentFactory(role=role, status="noshow")
    alone = event_heights(as_practitioner.get(DAY).content.decode())
    AppointmentFactory(role=role)

    html = as_practitioner.get(DAY).content.decode()

    assert len(alone) == len(event_heights(html)) == 1
    assert missed.patient.name in html


def test_day_draws_hours_and_leave_and_now(as_practitioner, role):
    NotAvailableTimeFactory(practitioner=role.practitioner)

    html = as_practitioner.get(DAY).content.decode()

    assert 'class="cal-open"' in html
    assert 'class="cal-leave" fill="url(#cal-hatch)"' in html
    assert 'class="cal-now"' in html


def test_now_is_drawn_on_no_other_day(as_practitioner):
    html = as_practitioner.get(DAY, {"day": "2026-02-09"}).content.decode()

    assert 'class="cal-now"' not in html


def test_today_is_the_day_of_the_place(as_practitioner, role):
    with time_machine.travel(datetime(2026, 2, 3, 6, 30, tzinfo=UTC), tick=False):
        html = as_practitioner.get(DAY).content.decode()

    assert "Monday, February 2, 2026" in html


def test_places_in_other_zones_can_be_chosen(as_practitioner, role):
    tampa = LocationFactory(slug="tampa", zone="America/New_York")
    there = PractitionerRoleFactory(practitioner=role.practitioner, location=tampa)
    AppointmentFactory(role=there)

    at_home = as_practitioner.get(DAY, {"place": "salt-lake-city"})
    away = as_practitioner.get(DAY, {"place": "tampa"}).content.decode()

    (line,) = at_home.context["lines"]
    assert (line.time, line.elsewhere) == (
        "12:00 to 12:30 PM",
        "Tampa, Eastern Time (EST)",
    )
    assert "at Tampa, Eastern Time (EST)" in at_home.content.decode()
    assert "12:00 to 12:30 PM" in away
    assert "Eastern Time" in away


def test_the_place_with_hours_that_day_is_shown_first(as_practitioner, role):
    aspen = LocationFactory(slug="aspen")
    there = PractitionerRoleFactory(practitioner=role.practitioner, location=aspen)
    AvailableTimeFactory(role=there, weekday=1)

    monday = as_practitioner.get(DAY, {"day": "2026-02-02"})
    tuesday = as_practitioner.get(DAY, {"day": "2026-02-03"})

    assert monday.context["place"] == role.location
    assert tuesday.context["place"] == aspen


def test_week_begins_on_monday_and_shows_seven_days(as_practitioner, role):
    booked = AppointmentFactory(role=role, starts_at=MONDAY_10 + timedelta(days=6))

    response = as_practitioner.get(WEEK, {"day": "2026-02-04"})

    days = [part["day"] for part in response.context["parts"]]
    assert days == [date(2026, 2, 2) + timedelta(days=n) for n in range(7)]
    assert booked.patient.name in response.content.decode()


def test_ways_to_other_days(as_practitioner):
    day = as_practitioner.get(DAY, {"day": "2026-03-01"}).context
    week = as_practitioner.get(WEEK, {"day": "2026-03-01"}).context

    assert day["previous_url"] == f"{DAY}?day=2026-02-28"
    assert day["next_url"] == f"{DAY}?day=2026-03-02"
    assert week["previous_url"] == f"{WEEK}?day=2026-02-22"


def test_week_says_where_else_one_is(as_practitioner, role):
    tampa = LocationFactory(slug="tampa", zone="America/New_York")
    there = PractitionerRoleFactory(practitioner=role.practitioner, location=tampa)
    AvailableTimeFactory(role=there, weekday=1)
    AppointmentFactory(role=there, starts_at=MONDAY_10 + timedelta(days=1))

    parts = as_practitioner.get(WEEK, {"place": "salt-lake-city"}).context["parts"]

    under = [part["column"].sub for part in parts]
    assert under == ["", "1 appointment, at Tampa", "", "", "", "", ""]


def test_somebody_without_a_role_is_told_so(client):
    user = UserFactory(groups=[access.PRACTITIONER])
    PractitionerFactory(user=user)
    client.force_login(user)

    for address in (DAY, WEEK):
        response = client.get(address)
        assert response.status_code == 200
        assert "You work at no place yet" in response.content.decode()


@pytest.mark.parametrize("address", [DAY, WEEK])
@pytest.mark.parametrize(
    "day",
    [
        "0001-01-01",
        "9999-12-31",
        "1999-12-31",
        "2026-02-30",
        "2026-2-3",
        "20260203",
        "2026-W05-1",
        "tomorrow",
        "9" * 30,
        "2026-02-02T10:00",
        "٢٠٢٦-٠٢-٠٢",
        "2026-02-02\0",
    ],
)
def test_a_day_that_is_none_is_refused(as_practitioner, address, day):
    response = as_practitioner.get(address, {"day": day})

    assert response.status_code == 400
    assert "cannot be" in response.content.decode()


@pytest.mark.parametrize("day", ["2000-01-01", "2199-12-31", ""])
def test_the_first_and_the_last_day_are_shown(as_practitioner, day):
    for address in (DAY, WEEK):
        assert as_practitioner.get(address, {"day": day}).status_code == 200


def test_a_place_of_others_is_not_found(as_practitioner):
    LocationFactory(slug="tampa")

    for slug in ("tampa", "nowhere"):
        assert as_practitioner.get(DAY, {"place": slug}).status_code == 404


@pytest.mark.parametrize("address", [DAY, WEEK])
def test_only_practitioners_have_a_schedule(client, address):
    PractitionerRoleFactory()
    assert client.get(address).url == f"/accounts/login/?next={address}"
    for somebody in (
        PatientFactory().user,
        FrontDeskUserFactory(),
        UserFactory(groups=[access.CLINIC_ADMIN]),
    ):
        client.force_login(somebody)
        assert client.get(address).status_code == 403


@pytest.mark.parametrize("address", [DAY, WEEK])
def test_a_schedule_is_only_read(as_practitioner, address):
    answer = as_practitioner.post(address)

    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"
    page = answer.content.decode()
    assert "Nothing was saved" in page
    assert 'href="/schedule/"' in page


@pytest.mark.parametrize("address", [DAY, WEEK])
def test_three_appointments_cost_as_many_queries_as_one(
    as_practitioner, role, address, django_assert_num_queries
):
    AppointmentFactory(role=role)
    as_practitioner.get(address)  # the rulebook is read once
    with django_assert_num_queries(QUERIES):
        as_practitioner.get(address)
    for hours in (1, 2):
        AppointmentFactory(role=role, starts_at=MONDAY_10 + timedelta(hours=hours))

    with django_assert_num_queries(QUERIES):
        as_practitioner.get(address)


@pytest.mark.parametrize("page", [DAY, WEEK])
def test_reviewer_is_told_of_drafts_that_wait(client, role, page):
    user = role.practitioner.user
    EditionFactory(state="in-review", treatment__name="Cupping", treatment__code="cup")
    client.force_login(user)
    assert "to review" not in client.get(page).content.decode()

    user.groups.add(Group.objects.get(name=access.CLINICIAN))
    user.is_staff = True
    user.save()

    html = client.get(page).content.decode()
    assert "1 draft to review</a>: Cupping." in html
    assert "/review/" in html
