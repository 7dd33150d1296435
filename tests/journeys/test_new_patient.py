"""A new patient on a phone: from the first page to a booked first visit."""

import time
from urllib.parse import urlsplit

import pytest
from django.core import mail
from playwright.sync_api import expect

from bookings.models import Appointment, Status
from clinic.models import Patient
from tests.journeys.test_booking_journey import code_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
MOST_TAPS = 15
MOST_SECONDS = 120
DETAILS = {
    "email": "nora@example.com",
    "password1": "a long and quiet river",
    "given_name": "Nora",
    "family_name": "Newcomer",
    "birth_date": "1988-05-17",
}


# A page says what it is: one address may hold one page after another.
SAID = "read: "
READ = f"""document.addEventListener("DOMContentLoaded", () =>
    console.debug("{SAID}" + location.pathname + " " + document.title))"""


class Finger:
    """Taps and writes as somebody with a phone does, and counts it.

    A field that the page gives the focus to takes no tap.
    """

    def __init__(self, page):
        self.page = page
        self.taps = 0
        self.pages = []
        page.add_init_script(READ)
        page.on("console", self.heard)

    def heard(self, message):
        if message.text.startswith(SAID):
            self.pages.append(message.text.removeprefix(SAID))

    def tap(self, what):
        what.tap()
        self.taps += 1

    def write(self, field, text):
        if field.get_attribute("autofocus") is None:
            self.tap(field)
        else:
            expect(field).to_be_focused()
        field.fill(text)


def test_home_to_first_visit_in_fifteen_taps_and_nothing_read_twice(town, new_page):
    page = new_page(**PHONE)
    finger, began = Finger(page), time.monotonic()
    main = page.locator("main")

    page.goto("/")
    finger.tap(main.get_by_role("link", name="Dry needling", exact=True))
    finger.tap(main.get_by_role("link", name=town.place.name, exact=True))
    finger.tap(main.locator(".performers .next-free a").first)
    finger.tap(page.locator("a.slot").first)
    finger.tap(page.get_by_role("link", name="Make an account"))
    for name, text in DETAILS.items():
        finger.write(page.locator(f"[name={name}]"), text)
    finger.tap(page.get_by_role("button", name="Make my account"))
    expect(main).to_contain_text(DETAILS["email"])
    finger.write(page.locator("[name=code]"), code_in(mail.outbox[-1].body))
    finger.tap(page.get_by_role("button", name="Confirm"))
    expect(page.get_by_role("heading", level=1)).to_have_text("This time is free")
    finger.tap(page.get_by_role("button", name="Hold this time"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this right?")
    expect(main).to_contain_text("minutes left")
    finger.tap(page.get_by_role("button", name="Book this appointment"))
    expect(main).to_contain_text("Your appointment is booked.")

    made = Appointment.objects.order_by("-pk").first()
    assert made.patient == Patient.objects.get(family_name="Newcomer")
    assert (made.status, made.variant.code) == (Status.BOOKED, "dn_first")
    assert finger.taps <= MOST_TAPS, finger.taps
    assert time.monotonic() - began < MOST_SECONDS
    assert len(finger.pages) == len(set(finger.pages)), finger.pages
    wide = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    assert wide <= 0


def test_the_way_in_by_a_concern_is_as_short(town, new_page):
    page = new_page(**PHONE)
    finger, main = Finger(page), page.locator("main")

    page.goto("/")
    finger.tap(main.get_by_role("link", name="Muscle pain and tension"))
    finger.tap(main.get_by_role("link", name="Dry needling", exact=True))
    finger.tap(main.get_by_role("link", name="See times for Dry needling, first visit"))
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Dry needling, first visit"
    )

    assert finger.taps == 3
    assert len(finger.pages) == len(set(finger.pages)) == 4


def test_answers_to_the_four_questions_stay_out_of_the_address(town, new_page):
    page = new_page(**PHONE, java_script_enabled=False)
    main = page.locator("main")

    page.goto("/")
    main.get_by_role("link", name="Dry or micro?").tap()
    for answer in (
        "In a muscle, or around a joint",
        "How it feels: it hurts, it is tight or stiff",
        "None of these",
        "I manage",
    ):
        main.get_by_text(answer, exact=True).tap()
    main.get_by_role("button", name="What should I read?").tap()

    expect(page.locator("#advice")).to_contain_text("It sounds like dry needling")
    assert urlsplit(page.url).query == ""
    main.get_by_role("link", name="Read about dry needling").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dry needling")
