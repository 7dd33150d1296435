"""The front desk's day: side by side, as a list, and what it marks."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from bookings.models import Appointment, Claim
from clinic import access
from clinic.models import AuditEvent
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
QUERIES = 5  # session, user, standing, rulebook, appointments


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MONDAY_10 + timedelta(minutes=5), tick=False):
        yield


@pytest.fixture
def desk(client):
    """The front desk, signed in."""
    client.force_login(FrontDeskUserFactory())
    return client


def mark(uid, verb):
    return reverse("bookings:mark", args=[uid, verb])


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


@pytest.mark.parametrize(
    ("status", "minutes", "verbs"),
    [
        ("booked", 60, ["arrive", "cancel"]),
        ("booked", 0, ["arrive", "noshow", "cancel"]),
        ("booked", 24 * 60, ["cancel"]),
        ("booked", -24 * 60, ["noshow", "cancel"]),
        ("arrived", 0, ["fulfil", "cancel"]),
        ("arrived", 60, ["cancel"]),
        ("fulfilled", 0, []),
        ("cancelled", 0, []),
        ("noshow", 0, []),
    ],
)
def test_only_marks_that_are_possible_have_a_button(desk, status, minutes, verbs):
    starts_at = MONDAY_10 + timedelta(minutes=minutes)
    appointment = AppointmentFactory(status=status, starts_at=starts_at)

    html = desk.get(LIST, {"day": starts_at.date().isoformat()}).content.decode()

    found = re.findall(rf'action="/desk/appointments/{appointment.uid}/(\w+)/"', html)
    assert found == verbs


@pytest.mark.parametrize(
    ("status", "minutes", "verb", "becomes", "claims"),
    [
        ("booked", 60, "arrive", "arrived", 2),
        ("arrived", 0, "fulfil", "fulfilled", 2),
        ("booked", 0, "noshow", "noshow", 0),
        ("booked", 60, "cancel", "cancelled", 0),
        ("arrived", 0, "cancel", "cancelled", 0),
    ],
)
def test_mark(desk, status, minutes, verb, becomes, claims):
    starts_at = MONDAY_10 + timedelta(minutes=minutes)
    appointment = AppointmentFactory(status=status, starts_at=starts_at)

    response = desk.post(mark(appointment.uid, verb))

    appointment.refresh_from_db()
    assert response.url == f"{LIST}?day=2026-02-02"
    assert appointment.status == becomes
    assert appointment.claims.count() == claims
    assert AuditEvent.objects.filter(verb=becomes).count() == 1


def test_cancel_keeps_the_reason(desk):
    appointment = AppointmentFactory(starts_at=MONDAY_10 + timedelta(hours=1))

    desk.post(mark(appointment.uid, "cancel"), {"reason": "called in", "back": "day"})

    appointment.refresh_from_db()
    assert appointment.cancel_reason == "called in"


@pytest.mark.parametrize(
    ("back", "name"), [("day", DAY), ("list", LIST), ("", LIST)], ids=str
)
def test_mark_goes_back_to_the_page_it_came_from(desk, back, name):
    appointment = AppointmentFactory()

    response = desk.post(mark(appointment.uid, "arrive"), {"back": back})

    assert response.url == f"{name}?day=2026-02-02"


def test_mark_goes_back_to_the_patient(desk):
    appointment = AppointmentFactory()

    response = desk.post(mark(appointment.uid, "arrive"), {"back": "patient"})

    assert response.url == f"/desk/patients/{appointment.patient.uid}/"


@pytest.mark.parametrize(
    ("status", "minutes", "verb"),
    [
        ("booked", 0, "fulfil"),
        ("booked", 60, "noshow"),
        ("booked", 24 * 60, "arrive"),
        ("arrived", 60, "fulfil"),
        ("arrived", 0, "noshow"),
        ("cancelled", 0, "arrive"),
        ("fulfilled", 0, "cancel"),
        ("noshow", 0, "arrive"),
        ("entered-in-error", 0, "cancel"),
    ],
)
def test_a_forged_mark_changes_nothing(desk, status, minutes, verb):
    starts_at = MONDAY_10 + timedelta(minutes=minutes)
    appointment = AppointmentFactory(status=status, starts_at=starts_at)
    claims = list(Claim.objects.order_by("pk").values())

    response = desk.post(mark(appointment.uid, verb))

    appointment.refresh_from_db()
    assert response.status_code == 409
    assert 'class="alert alert-error"' in response.content.decode()
    assert appointment.status == status
    assert list(Claim.objects.order_by("pk").values()) == claims
    assert AuditEvent.objects.count() == 0


@pytest.mark.parametrize(
    "sent",
    [
        {"reason": "x" * 201},
        {"reason": "two\nlines"},
        {"back": "https://example.com/"},
        {"back": "nowhere"},
    ],
    ids=["long", "lines", "elsewhere", "unknown"],
)
def test_an_unreadable_mark_changes_nothing(desk, sent):
    appointment = AppointmentFactory()

    response = desk.post(mark(appointment.uid, "cancel"), sent)

    appointment.refresh_from_db()
    assert response.status_code == 409
    assert appointment.status == "booked"


@pytest.mark.parametrize("verb", ["delete", "booked", "x" * 500, "entered-in-error"])
def test_an_unknown_mark_is_not_found(desk, verb):
    appointment = AppointmentFactory()

    assert desk.post(mark(appointment.uid, verb)).status_code == 404


def test_a_mark_of_nothing_is_not_found(desk):
    assert desk.post(mark(uuid.uuid4(), "arrive")).status_code == 404


def test_a_mark_is_a_post(desk):
    appointment = AppointmentFactory()

    response = desk.get(mark(appointment.uid, "cancel"))

    assert response.status_code == 405
    assert Appointment.objects.get().status == "booked"


def test_marks_are_for_the_desk(client):
    appointment = AppointmentFactory()
    practitioner = UserFactory(groups=[access.PRACTITIONER])
    appointment.practitioner.user = practitioner
    appointment.practitioner.save()

    for verb in ("arrive", "fulfil", "noshow", "cancel"):
        client.logout()
        anonymous = client.post(mark(appointment.uid, verb))
        assert anonymous.url.startswith("/accounts/login/")
        for somebody in (appointment.patient.user, practitioner, PatientFactory().user):
            client.force_login(somebody)
            assert client.post(mark(appointment.uid, verb)).status_code == 403
    appointment.refresh_from_db()
    assert appointment.status == "booked"


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
