"""From the first page to an appointment: without JavaScript, and by keyboard alone."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from bookings.models import Appointment, Status
from clinic.models import Patient
from tests import street

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def main(page):
    return page.locator("main")


def sign_in(page, hand, email):
    hand.write(page.get_by_label("E-mail"), email)
    hand.write(page.get_by_label("Password"), street.PASSWORD)
    hand.press(main(page).get_by_role("button", name="Sign in"))


def find_a_time(page, hand, place):
    """From the first page to a start that is free, as somebody would who is new."""
    page.goto("/")
    hand.press(page.get_by_role("link", name="See the treatments"))
    hand.press(main(page).get_by_role("link", name="Dry needling", exact=True))
    page.wait_for_load_state("networkidle")  # who performs it comes a moment later
    hand.press(main(page).get_by_role("link", name="See times").first)
    choose_the_place(page, hand, place)
    hand.press(page.locator("a.slot").first)


def choose_the_place(page, hand, place):
    hand.choose(page.get_by_label("Place"), place.name)
    hand.press(page.get_by_role("button", name="Show times"))


def hold(page, hand):
    expect(page.get_by_role("heading", level=1)).to_have_text("This time is free")
    hand.press(page.get_by_role("button", name="Hold this time"))


def book(page, hand, said="Your appointment is booked."):
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this right?")
    hand.press(page.get_by_role("button", name="Book this appointment"))
    expect(main(page)).to_contain_text(said)


def newest():
    return Appointment.objects.order_by("-pk").first()


def test_find_sign_in_book_and_cancel(town, new_page, hand):
    page = new_page(**hand.options)

    find_a_time(page, hand, town.place)
    sign_in(page, hand, town.users["newcomer"].email)
    hold(page, hand)
    expect(main(page)).to_contain_text("Held for you until 9:40 AM")
    book(page, hand)

    made = newest()
    assert (made.patient, made.status) == (town.patients["newcomer"], Status.BOOKED)
    assert page.url.endswith(f"/appointments/{made.uid}/")

    hand.press(page.get_by_role("button", name="Cancel this appointment"))

    expect(main(page)).to_contain_text("The appointment is cancelled")
    made.refresh_from_db()
    assert made.status == Status.CANCELLED


def test_move_it_and_read_the_aftercare(town, page_of, hand):
    page = page_of("owner", **hand.options)
    mine = town.appointments["owner"]
    page.goto("/appointments/")
    hand.press(main(page).get_by_role("link", name="Monday, February 2, 2026"))

    hand.press(page.get_by_role("link", name="Move this appointment"))
    hand.press(page.get_by_role("link", name=re.compile("Wednesday, February 4")))
    hand.press(page.locator("a.slot").first)
    expect(page.get_by_role("heading", level=1)).to_have_text("Move it to this time?")
    hand.press(page.get_by_role("button", name="Move the appointment"))

    expect(main(page)).to_contain_text("The appointment is moved.")
    mine.refresh_from_db()
    assert mine.starts_at.date().isoformat() == "2026-02-04"

    Appointment.objects.filter(pk=mine.pk).update(status=Status.FULFILLED)
    page.reload()
    hand.press(main(page).get_by_role("link", name="Read the aftercare"))
    expect(main(page)).to_contain_text("When to call for help")
    hand.press(main(page).locator("summary", has_text="The first week"))
    expect(main(page).get_by_text("Go back to sport step by step")).to_be_visible()

    folded = main(page).get_by_text("If you are no better after about 3 sessions")
    expect(folded).not_to_be_visible()
    page.emulate_media(media="print")
    expect(folded).to_be_visible()


def test_the_first_tab_leads_past_the_menu(town, page_of):
    page = page_of("newcomer")
    page.goto(f"/book/{street.VARIANT}/?place={town.place.slug}")

    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    page.keyboard.press("Enter")

    expect(main(page)).to_be_focused()


def test_sign_up_with_the_code_from_the_mail_then_book(town, new_page, hand):
    page = new_page(**hand.options)

    find_a_time(page, hand, town.place)
    hand.press(page.get_by_role("link", name="Make an account"))
    for name, value in {
        "email": "nora@example.com",
        "password1": "a long and quiet river",
        "given_name": "Nora",
        "family_name": "Newcomer",
        "birth_date": "1988-05-17",
    }.items():
        hand.write(page.locator(f"[name={name}]"), value)
    hand.press(page.get_by_role("button", name="Make my account"))
    expect(main(page)).to_contain_text("nora@example.com")
    hand.write(page.locator("[name=code]"), code_in(mail.outbox[-1].body))
    hand.press(page.get_by_role("button", name="Confirm"))
    hold(page, hand)
    book(page, hand)

    assert newest().patient == Patient.objects.get(family_name="Newcomer")


def code_in(letter):
    return re.search(r"^([A-Z0-9]{3,}(?:-[A-Z0-9]{3,})?)$", letter, re.MULTILINE)[1]


def test_practitioner_sees_who_comes(town, page_of, hand):
    page = page_of("practitioner", **hand.options)

    page.goto("/welcome/")

    name = town.patients["owner"].name
    expect(main(page).get_by_role("cell", name=name).first).to_be_visible()
    hand.press(main(page).get_by_role("link", name=re.compile(r"^10:00")).first)
    expect(main(page)).to_contain_text("Why this booking was allowed")


def test_desk_registers_books_and_marks_arrived(town, new_page, hand):
    page = new_page(**hand.options)
    page.goto("/accounts/login/")
    sign_in(page, hand, town.users["desk"].email)
    hand.press(page.get_by_role("link", name="Patients", exact=True))
    hand.press(page.get_by_role("link", name="Register a patient"))
    hand.write(page.get_by_label("First name"), "Walter")
    hand.write(page.get_by_label("Last name"), "Walkin")
    hand.write(page.get_by_label("Date of birth"), "1961-11-02")
    hand.press(page.get_by_role("button", name="Register"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Walter Walkin")

    hand.press(main(page).locator("summary", has_text="Dry needling").first)
    hand.press(page.locator(f"a[href*='/book/{street.VARIANT}/']"))
    choose_the_place(page, hand, town.place)
    hand.press(page.locator("a.slot").first)
    expect(main(page)).to_contain_text("Booking for Walter Walkin")
    book(page, hand, "The appointment for Walter Walkin is booked.")

    page.goto(f"/desk/places/{town.place.slug}/list/")
    arrived = re.compile("Arrived: Walter Walkin")
    hand.press(page.get_by_role("button", name=arrived))

    expect(main(page)).to_contain_text("Walter Walkin is here.")
    assert newest().status == Status.ARRIVED
