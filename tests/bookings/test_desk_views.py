"""The front desk's day: side by side, as a list, and what it marks."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from clinic import access
from tests.factories import (
    AppointmentFactory,
    AvailableTimeFactory,
    FrontDeskUserFactory,
    LocationFactory,
    NotAvailableTimeFactory,
    PatientFactory,
    PractitionerFactory,
    PractitionerRoleFactory,
    RoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

MONDAY_10 = datetime(2026, 2, 2, 17, tzinfo=UTC)  # ten o'clock in Denver

SLC = "salt-lake-city"

DAY = reverse("bookings:desk_day", args=[SLC])

LIST = reverse("bookings:desk_list", args=[SLC])

DESK = reverse("bookings:desk")

QUERIES = 6  # session, user, rulebook, appointments, rooms, at risk


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MONDAY_10 + timedelta(minutes=5), tick=False):
        yield


def heads(html):
    return re.findall(r'<text class="cal-col-head[^>]*>([^<]+)<', html)


def test_day_shows_everybody_of_the_place_side_by_side(desk):
    for name in ("Zoe Adams", "Ann Baker", "Bob Clark"):
        role = PractitionerRoleFactory(practitioner=PractitionerFactory(name=name))
        AvailableTimeFactory(role=role)
        AppointmentFactory(role=role)
    elsewhere = LocationFactory(slug="tampa", zone="America/New_York")
    stranger = AppointmentFactory(role=PractitionerRoleFactory(location=elsewhere))

    html = desk.get(DAY).content.decode()

    assert heads(html) == ["Ann Baker", "Bob Clark", "Zoe Adams"]
    assert html.count('class="cal-event"') == 3
    assert stranger.patient.name not in html


@pytest.mark.parametrize("slug", ["patients", "hours", "who-may", "appointments"])
def test_no_name_of_a_place_is_hidden_by_another_page(desk, slug):
    place = LocationFactory(slug=slug, name="The Corner")

    for name in ("desk_day", "desk_list"):
        address = reverse(f"bookings:{name}", args=[slug])
        assert desk.get(address).context["place"] == place


def test_who_is_there_stands_before_who_is_not(desk):
    PractitionerRoleFactory(practitioner=PractitionerFactory(name="Ann Away"))
    here = PractitionerRoleFactory(practitioner=PractitionerFactory(name="Zoe Here"))
    AvailableTimeFactory(role=here)

    html = desk.get(DAY).content.decode()

    assert heads(html) == ["Zoe Here", "Ann Away"]


def test_somebody_in_two_roles_has_one_column(desk):
    role = PractitionerRoleFactory(practitioner=PractitionerFactory(name="Ann Baker"))
    PractitionerRoleFactory(
        practitioner=role.practitioner, role=RoleFactory(code="chiropractor")
    )

    (drawn,) = desk.get(DAY).context["calendar"].columns

    assert drawn.column.head == "Ann Baker"
    assert drawn.column.sub == "Physical therapist, Chiropractor"


def test_who_left_is_shown_only_where_something_is_booked(desk):
    who = PractitionerFactory(name="Ann Baker", is_active=False)
    role = PractitionerRoleFactory(practitioner=who)
    without = heads(desk.get(DAY).content.decode())
    AppointmentFactory(role=role)

    assert without == []
    assert heads(desk.get(DAY).content.decode()) == ["Ann Baker"]


def test_the_desk_sees_that_somebody_is_away_and_not_why(desk):
    role = PractitionerRoleFactory()
    NotAvailableTimeFactory(practitioner=role.practitioner, reason="Knee operation")

    html = desk.get(DAY).content.decode()

    assert "Away" in html
    assert "Knee" not in html


def test_list_shows_no_health_details_beyond_the_treatment(desk):
    appointment = AppointmentFactory(
        label="Dry needling", areas="upper_trapezius:left", depth_mm="25.00"
    )

    html = desk.get(LIST).content.decode()

    assert appointment.patient.name in html
    assert "Dry needling" in html
    assert "trapezius" not in html
    assert "25.00" not in html


def test_the_day_of_the_list_is_the_day_of_the_place(desk):
    late = AppointmentFactory(starts_at=datetime(2026, 2, 3, 6, 30, tzinfo=UTC))

    monday = desk.get(LIST, {"day": "2026-02-02"}).content.decode()
    tuesday = desk.get(LIST, {"day": "2026-02-03"}).content.decode()

    assert late.patient.name in monday
    assert "11:30 PM" in monday
    assert late.patient.name not in tuesday


def test_desk_with_one_place_goes_there(desk):
    LocationFactory()

    assert desk.get(DESK).url == DAY


def test_desk_with_two_places_counts_today_at_each(desk):
    AppointmentFactory()
    AppointmentFactory(status="cancelled")
    tampa = LocationFactory(slug="tampa", zone="America/New_York")
    there = PractitionerRoleFactory(location=tampa)
    # Half past eleven in the evening in Denver is tomorrow in Tampa.
    AppointmentFactory(role=there, starts_at=datetime(2026, 2, 3, 6, 30, tzinfo=UTC))

    cards = desk.get(DESK).context["cards"]

    assert [(place.slug, count) for place, _, count in cards] == [
        (SLC, 1),
        ("tampa", 0),
    ]


def test_desk_without_a_place_says_so(desk):
    assert "There is no place yet" in desk.get(DESK).content.decode()


@pytest.mark.parametrize("name", ["desk_day", "desk_list"])
@pytest.mark.parametrize("place", ["nowhere", "x" * 300, "9" * 30])
def test_an_unknown_place_is_not_found(desk, name, place):
    assert desk.get(reverse(f"bookings:{name}", args=[place])).status_code == 404


@pytest.mark.parametrize("address", [DAY, LIST])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "soon", "9" * 30, "\0"])
def test_a_day_that_is_none_is_refused(desk, address, day):
    LocationFactory()

    assert desk.get(address, {"day": day}).status_code == 400


@pytest.mark.parametrize("address", [DAY, LIST, DESK])
def test_the_desk_is_for_the_desk(client, address):
    role = PractitionerRoleFactory()
    practitioner = UserFactory(groups=[access.PRACTITIONER])
    role.practitioner.user = practitioner
    role.practitioner.save()

    assert client.get(address).url == f"/accounts/login/?next={address}"
    for somebody, status in (
        (PatientFactory().user, 403),
        (practitioner, 403),
        (UserFactory(groups=[access.CLINICIAN]), 403),
        (FrontDeskUserFactory(), 200),
        (UserFactory(groups=[access.CLINIC_ADMIN]), 200),
    ):
        client.force_login(somebody)
        assert client.get(address, follow=True).status_code == status


@pytest.mark.parametrize("address", [DAY, LIST])
def test_three_appointments_cost_as_many_queries_as_one(
    desk, address, django_assert_num_queries
):
    AppointmentFactory()
    desk.get(address)
    with django_assert_num_queries(QUERIES):
        desk.get(address)
    for hours in (1, 2):
        role = PractitionerRoleFactory()
        AvailableTimeFactory(role=role)
        AppointmentFactory(role=role, starts_at=MONDAY_10 + timedelta(hours=hours))
    desk.get(address)  # the rulebook changed

    with django_assert_num_queries(QUERIES):
        desk.get(address)
