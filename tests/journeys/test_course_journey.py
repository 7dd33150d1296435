"""A course in a browser: booked whole, moved, and called off."""

import re
from datetime import datetime

import pytest
from playwright.sync_api import expect

from bookings.models import Appointment, Course
from tests import street
from tests.journeys.test_booking_journey import main

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def owner(town, page_of, hand):
    """Somebody who has been for a first visit, and has no course yet."""
    Appointment.objects.update(course=None, session=None)
    Course.objects.all().delete()
    return page_of("owner", **hand.options)


def choose(page, hand, number, at):
    """Take one of the other times of a session: the first is 0, the last -1."""
    session = main(page).get_by_role("region", name=re.compile("day")).nth(number - 1)
    hand.press(session.locator("summary"))
    other = session.locator("a.slot").nth(at)
    start = other.locator("time").get_attribute("datetime")
    hand.press(other)
    return datetime.fromisoformat(start)


def starts(course):
    rows = course.appointments.standing().order_by("session")
    return list(rows.values_list("starts_at", flat=True))


def test_book_all_sessions_move_the_later_ones_and_cancel_the_rest(owner, town, hand):
    page = owner
    page.goto(f"/book/{street.AGAIN}/?place={town.place.slug}")
    hand.press(main(page).get_by_role("link", name="Book a course of 3"))
    hand.press(main(page).get_by_role("link", name=re.compile("Thursday, February 5")))
    hand.press(page.locator("a.slot").first)

    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text("Are these dates right?")
    second = choose(page, hand, 2, -1)
    expect(title).to_have_text("Are these dates right?")
    hand.press(page.get_by_role("button", name="Book all 3 sessions"))

    expect(title).to_contain_text("Course of 3")
    expect(main(page)).to_contain_text("3 booked")
    course = Course.objects.get()
    before = starts(course)
    assert len(before) == 3
    assert before[1] == second

    hand.press(main(page).locator("h2 a").nth(1))
    hand.press(page.get_by_role("link", name="Move it and the sessions after it"))
    second = choose(page, hand, 1, 0)
    hand.press(page.get_by_role("button", name="Move to these dates"))

    expect(main(page)).to_contain_text("3 booked")
    after = starts(course)
    assert after[:2] == [before[0], second]
    assert second != before[1]

    hand.press(page.get_by_role("button", name="Cancel these 3 sessions"))
    expect(main(page)).to_contain_text("3 sessions are cancelled")
    assert starts(course) == []
