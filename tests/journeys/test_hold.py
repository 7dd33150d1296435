"""A time on hold in a browser: it counts down, says so now and then, and ends."""

import re

import pytest
from playwright.sync_api import expect

from bookings.models import Appointment, Status

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LEFT = re.compile(r"^\d+:\d\d minutes left$")


@pytest.fixture
def held(town, page_of):
    """The page of a hold, with a clock of its own that a test turns."""
    page = page_of("owner")
    page.clock.install()
    page.goto(town.hold.get_absolute_url())
    return page


def seconds(page):
    minutes, rest = re.findall(r"\d+", page.locator("[data-left]").inner_text())
    return 60 * int(minutes) + int(rest)


def test_it_counts_down_whatever_the_clock_of_the_machine_says(held):
    expect(held.locator("[data-left]")).to_have_text(LEFT)
    before = seconds(held)
    assert 500 < before <= 600

    held.clock.run_for(61_000)

    assert before - seconds(held) in (60, 61, 62)


def test_it_is_read_aloud_at_few_moments(held):
    status = held.locator(".hold [role=status]")
    said = []
    for _ in range(120):
        held.clock.run_for(5_000)
        words = status.text_content()
        if words and words not in said:
            said.append(words)

    assert said[:3] == ["5 minutes left.", "2 minutes left.", "One minute left."]
    assert said[3].startswith("The time is no longer held.")
    assert len(said) == 4


def test_when_it_is_over_it_says_so_and_can_be_booked_all_the_same(held, town):
    expect(held.get_by_text("Held for you until")).to_be_visible()
    held.clock.run_for(11 * 60_000)

    expect(held.get_by_text("Held for you until")).to_be_hidden()
    expect(held.get_by_text("The time is no longer held.").first).to_be_visible()
    expect(held.locator(".hold")).to_have_class(re.compile("alert-warn"))
    held.get_by_role("button", name="Book this appointment").click()
    expect(held.locator("main")).to_contain_text("Your appointment is booked.")
    assert Appointment.objects.get(pk=town.hold.pk).status == Status.BOOKED


def test_it_is_let_go_without_javascript(town, page_of):
    page = page_of("owner", java_script_enabled=False)
    page.goto("/appointments/")
    page.get_by_role("link", name=re.compile("Go on with it")).click()
    expect(page.locator("main")).to_contain_text("Held for you until 9:40 AM")
    expect(page.locator("[data-left]")).to_be_empty()

    page.get_by_role("button", name="Let this time go").click()

    expect(page.locator("main")).to_contain_text("It is free again.")
    assert Appointment.objects.get(pk=town.hold.pk).status == Status.CANCELLED
