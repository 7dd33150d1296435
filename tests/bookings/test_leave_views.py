"""Leave, taken and taken back at the desk."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from bookings.models import NotAvailableTime
from clinic.models import AuditEvent
from tests.factories import (
    AppointmentFactory,
    AvailableTimeFactory,
    LocationFactory,
    NotAvailableTimeFactory,
    PractitionerFactory,
    PractitionerRoleFactory,
)

pytestmark = pytest.mark.django_db

MONDAY_10 = datetime(2026, 2, 2, 17, tzinfo=UTC)  # ten o'clock in Denver

ALL = reverse("bookings:practitioners_hours")

QUERIES = 3  # session, user, rulebook


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MONDAY_10, tick=False):
        yield


@pytest.fixture
def role():
    """A practitioner who works Mondays from nine to five in Utah."""
    who = PractitionerFactory(slug="dana", name="Dana Whitfield")
    return AvailableTimeFactory(role=PractitionerRoleFactory(practitioner=who)).role


def leave_page(role):
    return reverse("bookings:leave", args=[role.practitioner.slug])


@pytest.mark.parametrize(
    ("sent", "starts_at", "ends_at"),
    [
        (
            {"first_day": "2026-02-09"},
            datetime(2026, 2, 9, 7, tzinfo=UTC),
            datetime(2026, 2, 10, 7, tzinfo=UTC),
        ),
        (
            {"first_day": "02/09/2026", "last_day": "02/11/2026"},
            datetime(2026, 2, 9, 7, tzinfo=UTC),
            datetime(2026, 2, 12, 7, tzinfo=UTC),
        ),
        (
            {"first_day": "2026-02-09", "from_time": "13:00", "to_time": "15:30"},
            datetime(2026, 2, 9, 20, tzinfo=UTC),
            datetime(2026, 2, 9, 22, 30, tzinfo=UTC),
        ),
        (
            {"first_day": "2026-02-09", "from_time": "13:00"},
            datetime(2026, 2, 9, 20, tzinfo=UTC),
            datetime(2026, 2, 10, 7, tzinfo=UTC),
        ),
        (
            {"first_day": "2026-02-09", "from_time": "13:00", "to_time": "00:00"},
            datetime(2026, 2, 9, 20, tzinfo=UTC),
            datetime(2026, 2, 10, 7, tzinfo=UTC),
        ),
        (  # 23 hours
            {"first_day": "2026-03-08"},
            datetime(2026, 3, 8, 7, tzinfo=UTC),
            datetime(2026, 3, 9, 6, tzinfo=UTC),
        ),
        (  # 25 hours
            {"first_day": "2026-11-01"},
            datetime(2026, 11, 1, 6, tzinfo=UTC),
            datetime(2026, 11, 2, 7, tzinfo=UTC),
        ),
        (  # from the first half past one to the second
            {"first_day": "2026-11-01", "from_time": "01:30", "to_time": "01:30"},
            datetime(2026, 11, 1, 7, 30, tzinfo=UTC),
            datetime(2026, 11, 1, 8, 30, tzinfo=UTC),
        ),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_leave_is_taken_on_the_clocks_of_the_place(
    desk, role, sent, starts_at, ends_at
):
    response = desk.post(leave_page(role), {"place": role.location.slug} | sent)

    row = NotAvailableTime.objects.get()
    assert response.url == leave_page(role)
    assert (row.starts_at, row.ends_at) == (starts_at, ends_at)
    assert row.practitioner == role.practitioner
    assert AuditEvent.objects.get().verb == "take leave"


def test_leave_is_taken_on_the_clocks_of_another_place(desk, role):
    tampa = LocationFactory(slug="tampa", zone="America/New_York")
    PractitionerRoleFactory(practitioner=role.practitioner, location=tampa)

    desk.post(leave_page(role), {"place": "tampa", "first_day": "2026-02-09"})

    assert NotAvailableTime.objects.get().starts_at == datetime(
        2026, 2, 9, 5, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            {"first_day": "2026-03-08", "from_time": "02:30"},
            "There is no 02:30 on March 8, 2026",
        ),
        (
            {"first_day": "2026-03-07", "last_day": "2026-03-08", "to_time": "02:00"},
            "There is no 02:00 on March 8, 2026",
        ),
        ({"last_day": "2026-02-08"}, "Leave must end after it begins"),
        ({"from_time": "12:00", "to_time": "11:00"}, "Leave must end after it begins"),
        ({"from_time": "12:00", "to_time": "12:00"}, "Leave must end after it begins"),
        ({"first_day": ""}, "This field is required"),
        ({"first_day": "0001-01-01"}, "Enter a day in this century"),
        ({"first_day": "9999-12-31"}, "Enter a day in this century"),
        ({"last_day": "9999-12-31"}, "Enter a day in this century"),
        ({"first_day": "2026-02-30"}, "Enter a valid date"),
        ({"first_day": "9" * 30}, "Enter a valid date"),
        ({"from_time": "noon"}, "Enter a valid time"),
        ({"place": "nowhere"}, "Select a valid choice"),
        ({"place": ""}, "This field is required"),
        ({"reason": "x" * 121}, "at most 120 characters"),
    ],
    ids=str,
)
def test_leave_that_makes_no_sense_is_refused(desk, role, wrong, said):
    sent = {"place": role.location.slug, "first_day": "2026-02-09"} | wrong
    sent.setdefault("reason", "Course")

    response = desk.post(leave_page(role), sent)

    html = response.content.decode()
    assert response.status_code == 422
    assert said in html
    assert f'value="{sent["reason"]}"' in html
    assert NotAvailableTime.objects.count() == 0


def test_leave_shows_the_appointments_that_stand_in_it(desk, role):
    NotAvailableTimeFactory(
        practitioner=role.practitioner,
        starts_at=MONDAY_10 + timedelta(hours=1),
        ends_at=MONDAY_10 + timedelta(hours=3),
        reason="Course",
    )
    inside = AppointmentFactory(role=role, starts_at=MONDAY_10 + timedelta(hours=1.5))
    across = AppointmentFactory(
        role=role, starts_at=MONDAY_10 + timedelta(minutes=45), claims=False
    )
    AppointmentFactory(
        role=role, starts_at=MONDAY_10 + timedelta(hours=2), status="cancelled"
    )
    AppointmentFactory(role=role, starts_at=MONDAY_10 + timedelta(hours=3))
    AppointmentFactory(starts_at=MONDAY_10 + timedelta(hours=2))

    response = desk.get(leave_page(role))

    (away,) = response.context["away"]
    assert [each for each, _ in away["standing"]] == [across, inside]
    assert away["words"] == "Mon, Feb 2, 2026, 11:00 AM to 1:00 PM"
    assert "Course" in response.content.decode()


def test_leave_is_taken_after_what_it_breaks_was_shown(desk, role):
    there = AppointmentFactory(
        role=role, starts_at=datetime(2026, 2, 10, 17, tzinfo=UTC)
    )
    page = reverse("bookings:leave", args=[role.practitioner.slug])
    sent = {"place": role.location.slug, "first_day": "2026-02-10", "reason": "Skiing"}

    shown = desk.post(page, sent)

    breaks = shown.context["breaks"]
    assert [each.key for each in breaks.broken] == [str(there.uid)]
    assert 'value="Skiing"' in shown.content.decode()
    assert not NotAvailableTime.objects.exists()
    again = desk.post(page, sent | {"breaks_seen": breaks.seal})
    assert again.status_code == 302
    assert there.risks.get().findings[0]["code"]


def test_leave_that_is_over_is_not_listed(desk, role):
    NotAvailableTimeFactory(
        practitioner=role.practitioner,
        starts_at=MONDAY_10 - timedelta(days=2),
        ends_at=MONDAY_10 - timedelta(days=1),
    )

    assert desk.get(leave_page(role)).context["away"] == []


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        ((9, 7), (10, 7), "Mon, Feb 9, 2026"),
        ((9, 7), (12, 7), "Mon, Feb 9, 2026 to Wed, Feb 11, 2026"),
        ((9, 20), (10, 7), "Mon, Feb 9, 2026, 1:00 PM to midnight"),
        (
            (9, 20),
            (11, 7),
            "Mon, Feb 9, 2026, 1:00 PM to Tue, Feb 10, 2026, midnight",
        ),
        (
            (9, 20),
            (10, 20),
            "Mon, Feb 9, 2026, 1:00 PM to Tue, Feb 10, 2026, 1:00 PM",
        ),
    ],
)
def test_leave_in_words(desk, role, starts, ends, words):
    NotAvailableTimeFactory(
        practitioner=role.practitioner,
        starts_at=datetime(2026, 2, *starts, tzinfo=UTC),
        ends_at=datetime(2026, 2, *ends, tzinfo=UTC),
    )

    (away,) = desk.get(leave_page(role)).context["away"]

    assert away["words"] == words


def test_leave_can_be_taken_back(desk, role):
    row = NotAvailableTimeFactory(practitioner=role.practitioner)
    address = reverse("bookings:leave_end", args=[row.pk])
    assert desk.get(address).url == reverse("bookings:practitioners_hours")

    response = desk.post(address)

    assert response.url == leave_page(role)
    assert NotAvailableTime.objects.count() == 0
    assert AuditEvent.objects.get().verb == "end leave"
    assert desk.post(address).status_code == 404


@pytest.mark.parametrize("number", ["0", "9" * 30])
def test_leave_of_nobody_is_not_found(desk, number):
    assert desk.post(f"/desk/hours/leave/{number}/end/").status_code == 404
    assert desk.get("/desk/hours/leave/nobody/").status_code == 404


def test_three_leaves_cost_as_many_queries_as_one(
    desk, role, django_assert_num_queries
):
    for hours in (1, 2, 3):
        NotAvailableTimeFactory(
            practitioner=role.practitioner,
            starts_at=MONDAY_10 + timedelta(hours=hours),
        )
        AppointmentFactory(role=role, starts_at=MONDAY_10 + timedelta(hours=hours))
        desk.get(leave_page(role))  # the rulebook changed

        with django_assert_num_queries(QUERIES + 1):
            desk.get(leave_page(role))
