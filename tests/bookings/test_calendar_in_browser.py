"""The calendars as a browser draws them, and the staff's pages for axe."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone

from clinic import access
from tests.factories import (
    AppointmentFactory,
    AvailableTimeFactory,
    FrontDeskUserFactory,
    NotAvailableTimeFactory,
    PractitionerFactory,
    PractitionerRoleFactory,
    TreatmentVariantFactory,
    UserFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = [(390, "light"), (1280, "dark")]


@pytest.fixture
def role():
    """Somebody with half an hour and an hour and a half today, and some leave."""
    user = UserFactory(groups=[access.PRACTITIONER])
    role = PractitionerRoleFactory(practitioner=PractitionerFactory(user=user))
    zone = role.location.tz
    noon = timezone.now().astimezone(zone).replace(hour=12, minute=0, second=0)
    noon = noon.replace(microsecond=0)
    AvailableTimeFactory(role=role, weekday=noon.weekday())
    for minutes, hours in ((30, 0), (90, 1)):
        variant = TreatmentVariantFactory(code=f"v{minutes}", duration_min=minutes)
        AppointmentFactory(
            role=role, variant=variant, starts_at=noon + timedelta(hours=hours)
        )
    NotAvailableTimeFactory(
        practitioner=role.practitioner, starts_at=noon + timedelta(hours=4)
    )
    return role


@pytest.fixture
def page_as(new_page, live_server):
    """Give a function that opens a browser page for somebody signed in."""

    def open_page(user, width, scheme):
        client = Client()
        client.force_login(user)
        page = new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        cookie = client.cookies["sessionid"].value
        page.context.add_cookies(
            [{"name": "sessionid", "value": cookie, "url": live_server.url}]
        )
        return page

    yield open_page
    # axe adds styles of its own, which the policy rightly blocks.
    new_page.complaints[:] = [
        each for each in new_page.complaints if "inline style" not in each
    ]


def complaints(page):
    found = Axe().run(page).response["violations"]
    return [(each["id"], [node["target"] for node in each["nodes"]]) for each in found]


def is_too_wide(page):
    return page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )


@pytest.mark.parametrize(("width", "scheme"), SIZES, ids=str)
def test_schedule_in_a_browser(page_as, role, width, scheme):
    page = page_as(role.practitioner.user, width, scheme)
    for address in ("/schedule/", "/schedule/week/"):
        page.goto(address)

        boxes = page.locator(".cal-event").all()
        thirty, ninety = [box.bounding_box()["height"] for box in boxes]
        assert ninety == pytest.approx(3 * thirty, abs=0.01)
        assert thirty > 20
        assert complaints(page) == []
        assert not is_too_wide(page)


def test_on_a_phone_the_list_of_the_day_comes_first(page_as, role):
    page = page_as(role.practitioner.user, 390, "light")
    page.goto("/schedule/")

    table = page.locator(".table").bounding_box()
    calendar = page.locator(".calendar").bounding_box()
    assert table["y"] + table["height"] <= calendar["y"]


@pytest.mark.parametrize(("width", "scheme"), SIZES, ids=str)
def test_desk_in_a_browser(page_as, role, width, scheme):
    page = page_as(FrontDeskUserFactory(), width, scheme)
    patient = role.practitioner.appointments.first().patient
    for address in (
        "places/salt-lake-city/",
        "places/salt-lake-city/list/",
        "patients/",
        "patients/new/",
        f"patients/{patient.uid}/",
        "hours/",
        f"hours/{role.pk}/",
        f"hours/leave/{role.practitioner.slug}/",
    ):
        page.goto(f"/desk/{address}")

        assert complaints(page) == [], address
        assert not is_too_wide(page), address


def test_marks_are_set_by_keyboard_alone(page_as, role):
    page = page_as(FrontDeskUserFactory(), 1280, "light")
    appointment = role.practitioner.appointments.order_by("starts_at").first()
    page.goto("/desk/places/salt-lake-city/list/")

    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("called in")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # the patient is the cause
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".alert-success")

    appointment.refresh_from_db()
    assert (appointment.status, appointment.cancel_reason) == ("cancelled", "called in")
