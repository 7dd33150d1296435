"""The desk's page of the days on which a place is open or closed."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from bookings.rulebook import current
from bookings.rules.place_open import closed_for
from clinic.models import AuditEvent, PlaceDay
from tests import worlds
from tests.factories import AppointmentFactory, PlaceDayFactory

NOW = datetime(2026, 2, 2, 17, tzinfo=UTC)  # Monday, ten o'clock in Denver
PRESIDENTS = date(2026, 2, 16)
TRAINING = date(2026, 2, 10)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def role(db):
    who, _ = worlds.plain(keeps_holidays=True)
    return who.roles.get()


@pytest.fixture
def page(role):
    return reverse("bookings:place_days", args=[role.location.slug])


def why_closed(day):
    book = current()
    return closed_for(book, next(iter(book.places.values())), day)


def test_holidays_of_the_year_are_listed_with_what_holds(desk, page):
    days = {each["day"]: each for each in desk.get(page).context["days"]}

    assert days[PRESIDENTS]["is_open"] is False
    assert days[PRESIDENTS]["holiday"] == "Washington and Lincoln Day"
    assert {day.year for day in days} == {2026}


@pytest.mark.parametrize(
    ("asked", "shown"), [("2027", 2027), ("2040", 2026), ("²⁰²⁷", 2026), ("x", 2026)]
)
def test_another_year_is_shown_if_it_is_near(desk, page, asked, shown):
    assert desk.get(page, {"year": asked}).context["year"] == shown


def test_a_holiday_is_opened_and_given_back(desk, page):
    desk.post(page, {"day": PRESIDENTS, "state": "open"})
    assert why_closed(PRESIDENTS) is None

    desk.post(page, {"day": PRESIDENTS, "state": "usual"})
    desk.post(page, {"day": PRESIDENTS, "state": "usual"})

    assert why_closed(PRESIDENTS) == "Washington and Lincoln Day"
    verbs = AuditEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["open on a day", "day as usual"]


def test_a_day_is_closed_for_a_reason_that_patients_read(desk, page, role):
    sent = {"day": TRAINING, "state": "closed", "reason": "Staff training"}

    answer = desk.post(page, sent, follow=True)

    assert why_closed(TRAINING) == "Staff training"
    assert "Staff training" in answer.content.decode()
    day = reverse("bookings:desk_day", args=[role.location.slug])
    shown = desk.get(day, {"day": TRAINING}).content.decode()
    assert "is closed on this day: Staff training." in shown


def test_appointments_of_the_day_are_shown_before_it_is_closed(desk, page, role):
    start = datetime(2026, 2, 10, 17, tzinfo=UTC)
    there = AppointmentFactory(role=role, starts_at=start)
    AppointmentFactory(role=role, starts_at=start.replace(day=11))
    AppointmentFactory(role=role, starts_at=start.replace(hour=20), status="cancelled")
    sent = {"day": TRAINING, "state": "closed"}

    shown = desk.post(page, sent)

    assert shown.status_code == 422
    breaks = shown.context["breaks"]
    assert [each.key for each in breaks.broken] == [str(there.uid)]
    assert not PlaceDay.objects.exists()
    assert desk.post(page, sent | {"breaks_seen": breaks.seal}).status_code == 302
    assert why_closed(TRAINING) == ""


def test_opening_a_day_asks_about_no_appointments(desk, page, role):
    AppointmentFactory(role=role, starts_at=datetime(2026, 2, 10, 17, tzinfo=UTC))
    PlaceDayFactory(location=role.location, day=TRAINING)

    assert desk.post(page, {"day": TRAINING, "state": "open"}).status_code == 302
    assert PlaceDay.objects.get().is_open


@pytest.mark.parametrize(
    "sent",
    [{}, {"day": "soon", "state": "open"}, {"day": "1700-01-01", "state": "open"}],
)
def test_what_cannot_be_read_changes_nothing(desk, page, sent):
    assert desk.post(page, {"nothing": "", **sent}).status_code == 422
    assert not PlaceDay.objects.exists()


def test_a_place_that_is_not_there_is_not_found(desk, role):
    page = reverse("bookings:place_days", args=["nowhere"])

    assert desk.get(page).status_code == 404
