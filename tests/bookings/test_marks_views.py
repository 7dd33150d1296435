"""What the desk marks: arrived, done, did not come, cancelled."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from bookings import actions
from bookings.models import Appointment, Claim
from clinic import access
from clinic.models import AuditEvent
from tests import worlds
from tests.factories import (
    AppointmentFactory,
    PatientFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

MONDAY_10 = datetime(2026, 2, 2, 17, tzinfo=UTC)  # ten o'clock in Denver

SLC = "salt-lake-city"

DAY = reverse("bookings:desk_day", args=[SLC])

LIST = reverse("bookings:desk_list", args=[SLC])

DESK = reverse("bookings:desk")

CANCELLED = {"reason": "called in", "caused_by": "patient"}

QUERIES = 6  # session, user, rulebook, appointments, rooms, at risk


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MONDAY_10 + timedelta(minutes=5), tick=False):
        yield


def mark(uid, verb):
    return reverse("bookings:mark", args=[uid, verb])


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

    response = desk.post(mark(appointment.uid, verb), CANCELLED)

    appointment.refresh_from_db()
    assert response.url == f"{LIST}?day=2026-02-02"
    assert appointment.status == becomes
    assert appointment.claims.count() == claims
    assert AuditEvent.objects.filter(verb=becomes).count() == 1


def test_cancel_keeps_the_reason(desk):
    appointment = AppointmentFactory(starts_at=MONDAY_10 + timedelta(hours=1))

    desk.post(mark(appointment.uid, "cancel"), {**CANCELLED, "back": "day"})

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

    assert response.url == appointment.get_absolute_url()
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


def test_who_arrives_is_asked_about_again_and_what_changed_is_shown(desk):
    who, where = worlds.plain()
    patient = PatientFactory()
    asked = worlds.asked("visit", where, who, patient=patient)
    at = MONDAY_10 + timedelta(hours=1)
    made = actions.book(asked=asked, at=at, by=None, now=worlds.NOW)
    other = actions.book(
        asked=worlds.asked("visit", where, who, patient=PatientFactory()),
        at=at + timedelta(hours=2),
        by=None,
        now=worlds.NOW,
    )

    as_ever = desk.post(mark(other.uid, "arrive"), follow=True).content.decode()
    who.qualifications.update(valid_until=worlds.MONDAY - timedelta(days=1))
    page = desk.post(mark(made.uid, "arrive"), follow=True).content.decode()

    made.refresh_from_db()
    assert made.status == "arrived"
    assert "Not as when it was booked" not in as_ever
    assert "Not as when it was booked: " in page
    assert "licence" in page
