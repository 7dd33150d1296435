"""From the first page to an appointment: by finger, by keyboard, without JavaScript."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from bookings.models import Appointment, Status
from clinic.models import Patient
from tests import street

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {
    "java_script_enabled": False,
    "viewport": {"width": 390, "height": 844},
}


def main(page):
    return page.locator("main")


def sign_in(page, email):
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(street.PASSWORD)
    main(page).get_by_role("button", name="Sign in").click()


def find_a_time(page):
    """From the first page to a start that is free, as somebody would who is new."""
    page.goto("/")
    page.get_by_role("link", name="See the treatments").click()
    main(page).get_by_role("link", name="Dry needling", exact=True).click()
    main(page).get_by_role("link", name="See times").first.click()
    choose_the_place(page)
    page.locator("a.slot").first.click()


def choose_the_place(page):
    page.get_by_label("Place").select_option("us-ut")
    page.get_by_role("button", name="Show times").click()


def hold(page):
    expect(page.get_by_role("heading", level=1)).to_have_text("This time is free")
    page.get_by_role("button", name="Hold this time").click()


def book(page, said="Your appointment is booked."):
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this right?")
    page.get_by_role("button", name="Book this appointment").click()
    expect(main(page)).to_contain_text(said)


def newest():
    return Appointment.objects.order_by("-pk").first()


def test_find_sign_in_book_and_cancel_on_a_phone_without_javascript(town, new_page):
    page = new_page(**PHONE)

    find_a_time(page)
    sign_in(page, town.users["newcomer"].email)
    hold(page)
    expect(main(page)).to_contain_text("Held for you until 9:40 AM")
    book(page)

    made = newest()
    assert (made.patient, made.status) == (town.patients["newcomer"], Status.BOOKED)
    assert page.url.endswith(f"/appointments/{made.uid}/")

    page.get_by_role("button", name="Cancel this appointment").click()

    expect(main(page)).to_contain_text("The appointment is cancelled")
    made.refresh_from_db()
    assert made.status == Status.CANCELLED


def test_move_it_and_read_the_aftercare_without_javascript(town, page_of):
    page = page_of("owner", **PHONE)
    mine = town.appointments["owner"]
    page.goto("/appointments/")
    main(page).get_by_role("link", name="Monday, February 2, 2026").click()

    page.get_by_role("link", name="Move this appointment").click()
    page.get_by_role("link", name=re.compile("Wednesday, February 4")).click()
    page.locator("a.slot").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Move it to this time?")
    page.get_by_role("button", name="Move the appointment").click()

    expect(main(page)).to_contain_text("The appointment is moved.")
    mine.refresh_from_db()
    assert mine.starts_at.date().isoformat() == "2026-02-04"

    Appointment.objects.filter(pk=mine.pk).update(status=Status.FULFILLED)
    page.reload()
    main(page).get_by_role("link", name="Read the aftercare").click()
    expect(main(page)).to_contain_text("When to call for help")
    main(page).get_by_text("The first week").click()
    expect(main(page).get_by_text("Go back to sport step by step")).to_be_visible()


def press_until(page, key, wanted, most=120):
    """Press a key until what `wanted` finds has the focus."""
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"{wanted} cannot be reached with {key}")


def test_book_by_keyboard_alone(town, page_of):
    page = page_of("newcomer")
    page.goto(f"/book/{street.VARIANT}/?place={town.place.slug}")

    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    press_until(page, "Tab", "button.slot")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this right?")
    press_until(page, "Tab", "form[action*=confirm] button[type=submit]")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(main(page)).to_contain_text("Your appointment is booked.")
    assert newest().patient == town.patients["newcomer"]


def test_sign_up_with_the_code_from_the_mail_then_book(town, new_page):
    page = new_page()

    find_a_time(page)
    page.get_by_role("link", name="Make an account").click()
    for name, value in {
        "email": "nora@example.com",
        "password1": "a long and quiet river",
        "given_name": "Nora",
        "family_name": "Newcomer",
        "birth_date": "1988-05-17",
    }.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Make my account").click()
    expect(main(page)).to_contain_text("nora@example.com")
    page.locator("[name=code]").fill(code_in(mail.outbox[-1].body))
    page.get_by_role("button", name="Confirm").click()
    hold(page)
    book(page)

    assert newest().patient == Patient.objects.get(family_name="Newcomer")


def code_in(letter):
    return re.search(r"^([A-Z0-9]{3,}(?:-[A-Z0-9]{3,})?)$", letter, re.MULTILINE)[1]


def test_practitioner_sees_who_comes(town, page_of):
    page = page_of("practitioner", viewport=PHONE["viewport"])

    page.goto("/welcome/")

    name = town.patients["owner"].name
    expect(main(page).get_by_role("cell", name=name).first).to_be_visible()
    main(page).get_by_role("link", name=re.compile(r"^10:00")).first.click()
    expect(main(page)).to_contain_text("Why this booking was allowed")


def test_desk_registers_books_and_marks_arrived(town, new_page):
    page = new_page()
    page.goto("/accounts/login/")
    sign_in(page, town.users["desk"].email)
    page.get_by_role("link", name="Patients", exact=True).click()
    page.get_by_role("link", name="Register a patient").click()
    page.get_by_label("First name").fill("Walter")
    page.get_by_label("Last name").fill("Walkin")
    page.get_by_label("Date of birth").fill("1961-11-02")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Walter Walkin")

    page.get_by_text("Dry needling", exact=True).first.click()
    page.locator(f"a[href*='/book/{street.VARIANT}/']").click()
    choose_the_place(page)
    page.locator("a.slot").first.click()
    expect(main(page)).to_contain_text("Booking for Walter Walkin")
    book(page, "The appointment for Walter Walkin is booked.")

    page.goto(f"/desk/places/{town.place.slug}/list/")
    page.get_by_role("button", name=re.compile("Arrived: Walter Walkin")).click()

    expect(main(page)).to_contain_text("Walter Walkin is here.")
    assert newest().status == Status.ARRIVED
