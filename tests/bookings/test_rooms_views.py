"""The desk's day by room and device, and putting one out of service."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from bookings import actions
from clinic import access
from clinic.models import AuditEvent, OutOfService
from tests.factories import (
    AppointmentFactory,
    AvailableTimeFactory,
    DeviceFactory,
    LocationFactory,
    OutOfServiceFactory,
    PractitionerFactory,
    PractitionerRoleFactory,
    RoomFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

MONDAY_10 = datetime(2026, 2, 2, 17, tzinfo=UTC)  # ten o'clock in Denver
HOUR = timedelta(hours=1)
ROOMS = reverse("bookings:rooms")
# session, user, rulebook, appointments, rooms
QUERIES = 5


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MONDAY_10, tick=False):
        yield


@pytest.fixture
def role(db):
    """Ruth, who works on Mondays from nine to five at Salt Lake City."""
    LocationFactory(equipment=False)
    who = PractitionerFactory(slug="ruth", name="Ruth Okafor")
    return AvailableTimeFactory(role=PractitionerRoleFactory(practitioner=who)).role


@pytest.fixture
def sage(role):
    return RoomFactory(slug="sage", name="Sage")


@pytest.fixture
def pen(role):
    return DeviceFactory(slug="pen", name="Pen A", serial="S-77")


@pytest.fixture
def taken(role, sage, pen):
    """Anna has Sage and the pen from five to ten until twenty to eleven."""
    return AppointmentFactory(
        role=role,
        rooms=[sage],
        devices=[pen],
        patient__given_name="Anna",
        patient__family_name="Lind",
    )


def test_the_day_shows_who_has_what_with_the_minutes_around_it(desk, taken):
    html = desk.get(ROOMS).content.decode()

    assert html.count('class="cal-event"') == 2  # the room's and the device's
    assert html.count("9:55 to 10:40 AM") >= 2
    assert "Anna Lind" in html
    assert "Ruth Okafor" in html
    assert "treatment room" in html
    assert "microneedling device" in html


def test_another_day_and_another_place_are_shown_by_the_address(desk, taken):
    tampa = LocationFactory(slug="tampa", zone="America/New_York", equipment=False)
    RoomFactory(location=tampa, name="Palm")

    tuesday = desk.get(ROOMS, {"place": "salt-lake-city", "day": "2026-02-03"})
    there = desk.get(ROOMS, {"place": "tampa"})

    assert "Anna Lind" not in tuesday.content.decode()
    assert "Sage" in tuesday.content.decode()
    assert "Palm" in there.content.decode()
    assert "Sage" not in there.content.decode()
    assert desk.get(ROOMS, {"place": "nowhere"}).status_code == 404
    assert desk.get(ROOMS, {"day": "someday"}).status_code == 400


def test_a_room_no_longer_in_use_is_shown_while_somebody_has_it(desk, taken, sage):
    RoomFactory(name="Attic", is_active=False)
    sage.is_active = False
    sage.save()

    html = desk.get(ROOMS).content.decode()
    tuesday = desk.get(ROOMS, {"day": "2026-02-03"}).content.decode()

    assert "Attic" not in html
    assert "Sage" in html
    assert "Sage" not in tuesday


def test_out_of_service_is_on_the_day(desk, sage):
    OutOfServiceFactory(room=sage, ends_at=None)

    monday = desk.get(ROOMS).content.decode()
    tuesday = desk.get(ROOMS, {"day": "2026-02-03"}).content.decode()
    sunday = desk.get(ROOMS, {"day": "2026-02-01"}).content.decode()

    assert "from 10:00 AM" in monday
    assert "all day" in tuesday
    assert "cal-leave-label" in tuesday
    assert "cal-leave-label" not in sunday


def test_a_place_without_any_says_what_that_means(desk, role):
    html = desk.get(ROOMS).content.decode()

    assert "has no rooms yet" in html
    assert "has no devices yet" in html


def test_the_day_takes_as_many_queries_for_many(
    desk, role, sage, django_assert_num_queries
):
    AppointmentFactory(role=role, rooms=[sage])
    desk.get(ROOMS)
    with django_assert_num_queries(QUERIES):
        desk.get(ROOMS)
    for number in range(3):
        AppointmentFactory(
            role=PractitionerRoleFactory(),
            rooms=[RoomFactory()],
            devices=[DeviceFactory()],
            starts_at=MONDAY_10 + number * HOUR,
        )
    desk.get(ROOMS)
    with django_assert_num_queries(QUERIES):
        desk.get(ROOMS)


def page(what):
    return reverse(f"bookings:{what._meta.model_name}", args=[what.pk])


def test_a_device_is_put_out_of_service_on_the_clocks_of_its_place(desk, pen, taken):
    sent = {"first_day": "2026-02-02", "from_time": "09:00", "reason": "At the maker."}

    answer = desk.post(page(pen), sent)

    out = OutOfService.objects.get()
    assert answer.url == page(pen)
    assert (out.device, out.room, out.reason) == (pen, None, "At the maker.")
    assert out.starts_at == MONDAY_10 - HOUR
    assert out.ends_at == datetime(2026, 2, 3, 7, tzinfo=UTC)
    assert AuditEvent.objects.get().verb == "put out of service"
    html = desk.get(page(pen)).content.decode()
    assert "1 appointment in this time" in html
    assert "Anna Lind" in html
    assert "At the maker." in html


def test_out_of_service_may_have_no_end(desk, sage):
    desk.post(page(sage), {"first_day": "2026-02-04", "is_open": "on"})

    out = OutOfService.objects.get()
    assert (out.room, out.ends_at) == (sage, None)
    assert "until further notice" in desk.get(page(sage)).content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"reason": "Broken."}, "required"),
        ({"first_day": "2026-02-04", "last_day": "2026-02-03"}, "It must be back"),
        ({"first_day": "2026-01-04"}, "That time is over."),
        ({"first_day": "2026-03-08", "from_time": "02:30"}, "There is no 02:30"),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_saved(desk, sage, sent, said):
    answer = desk.post(page(sage), sent)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not OutOfService.objects.exists()
    assert not AuditEvent.objects.exists()


def test_back_in_service_from_now_on_keeps_what_was(desk, sage):
    out = OutOfServiceFactory(room=sage, starts_at=MONDAY_10 - HOUR, ends_at=None)
    url = reverse("bookings:back_in_service", args=[out.pk])

    answer = desk.post(url)

    out.refresh_from_db()
    assert answer.url == page(sage)
    assert out.ends_at == MONDAY_10
    assert AuditEvent.objects.get().verb == "put back in service"
    again = desk.post(url, follow=True)
    assert "is back in service already" in again.content.decode()
    assert AuditEvent.objects.count() == 1


def test_what_was_still_to_come_is_taken_back_whole(desk, sage):
    out = OutOfServiceFactory(room=sage, starts_at=MONDAY_10 + HOUR)

    desk.post(reverse("bookings:back_in_service", args=[out.pk]))

    assert not OutOfService.objects.exists()


def test_having_names_what_meets_the_time_and_touches_nothing_else(taken, sage, pen):
    ends = taken.claims.get(room=sage).ends_at

    def having(first, until=None):
        return list(actions.having(sage, first, until))

    assert having(MONDAY_10) == [taken]
    assert having(ends) == []
    assert having(MONDAY_10 - 2 * HOUR, MONDAY_10 - HOUR) == []
    assert having(MONDAY_10 - 2 * HOUR, MONDAY_10) == [taken]
    assert list(actions.having(pen, MONDAY_10, None)) == [taken]


# Who sees what an appointment takes.


def test_desk_and_practitioner_see_what_is_taken(client, desk, taken):
    address = taken.get_absolute_url()
    for url in (
        address,
        reverse("bookings:desk_day", args=["salt-lake-city"]),
        reverse("bookings:desk_list", args=["salt-lake-city"]),
    ):
        assert "Sage, Pen A" in desk.get(url).content.decode(), url
    who = taken.practitioner
    who.user = UserFactory(groups=[access.PRACTITIONER])
    who.save()
    client.force_login(who.user)
    for url in (address, reverse("bookings:schedule_day")):
        assert "Sage, Pen A" in client.get(url).content.decode(), url


def test_a_patient_sees_the_room_on_the_day_and_no_device(client, taken):
    client.force_login(taken.patient.user)
    address = taken.get_absolute_url()

    today = client.get(address).content.decode()
    with time_machine.travel(MONDAY_10 - 24 * HOUR, tick=False):
        before = client.get(address).content.decode()

    assert "Sage" in today
    assert "Pen A" not in today
    assert "Sage" not in before


def test_the_way_to_the_rooms_is_on_the_desks_day(desk, role):
    html = desk.get(reverse("bookings:desk_day", args=["salt-lake-city"]))

    assert f"{ROOMS}?place=salt-lake-city" in html.content.decode()
