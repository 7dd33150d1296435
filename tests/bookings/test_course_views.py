"""The pages of a course: choosing, confirming, looking back, planning the rest."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from bookings import actions
from bookings.models import Course, Status
from tests import factories, street, worlds
from tests.bookings import course_pages
from tests.bookings.course_pages import BOOK, dates, sent

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(street.NOW, tick=True):
        yield


@pytest.fixture
def town():
    return street.build()


@pytest.fixture
def owner(town, client):
    return course_pages.owner(town, client)


def test_the_page_of_times_leads_to_a_course(owner, town):
    page = owner.get(f"/book/{street.AGAIN}/", {"place": town.place.slug})
    assert "Book a course of 3" in page.content.decode()

    course = owner.get(BOOK, {"place": town.place.slug, "sessions": 4})

    html = course.content.decode()
    assert "Only first dates from which all 4 can be had" in html
    assert f"{BOOK}dates/?place=us-ut&amp;sessions=4&amp;on=" in html


def test_a_first_visit_is_no_course(owner, town):
    page = owner.get(f"/book/{street.VARIANT}/", {"place": town.place.slug})

    assert "Book a course" not in page.content.decode()
    assert owner.get(BOOK.replace(street.AGAIN, street.VARIANT)).status_code == 404


def test_dates_are_proposed_and_booked_together(owner, town):
    page = dates(owner, town)
    data = sent(page)
    assert len(data["on"]) == 3
    assert data["on"][0] == "2026-02-05T10:00-07:00 practitioner"

    done = owner.post(f"{BOOK}dates/", data)
    again = owner.post(f"{BOOK}dates/", data)

    course = Course.objects.get()
    assert done["Location"] == again["Location"] == course.get_absolute_url()
    assert course.appointments.count() == 3
    html = owner.get(done["Location"]).content.decode()
    assert "3 booked" in html
    assert "Session 3 of 3" in html
    listed = owner.get("/appointments/").content.decode()
    assert "Session 2 of 3" in listed


def test_another_time_keeps_the_others_where_it_can(owner, town):
    page = dates(owner, town)
    html = page.content.decode()
    link = re.findall(r'class="slot" href="([^"]+)"', html)[-1].replace("&amp;", "&")

    changed = owner.get(link)

    before, after = sent(page)["on"], sent(changed)["on"]
    assert before[:2] == after[:2]
    assert before[2] != after[2]


def test_a_date_that_is_taken_is_named_and_another_proposed(owner, town):
    data = sent(dates(owner, town))
    at = datetime.fromisoformat(data["on"][2].split(" ")[0])
    who = town.practitioners["practitioner"]
    other = worlds.asked(
        "dn_first", town.place, who, patient=factories.PatientFactory()
    )
    actions.book(asked=other, at=at, by=None, now=street.NOW)

    refused = owner.post(f"{BOOK}dates/", data)

    html = refused.content.decode()
    assert refused.status_code == 409
    assert "Nothing was booked" in html
    assert "<h3>Session 3</h3>" in html
    assert escape(f"{who.name} is already booked at that time.") in html
    assert not Course.objects.exists()
    assert sent(refused)["on"][:2] == data["on"][:2]
    assert sent(refused)["on"][2] != data["on"][2]


@pytest.mark.parametrize(
    "query",
    [
        {"on": "nonsense"},
        {"on": "2026-02-05T10:00-07:00"},
        {"sessions": "9"},
        {"place": ""},
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(owner, town, query):
    page = dates(owner, town, **query)

    assert page.status_code in (200, 400)
    if page.status_code == 400:
        assert "." in page.content.decode()


@pytest.fixture
def course(owner, town):
    return course_pages.booked(owner, town)


def test_what_is_cancelled_is_planned_again(owner, course):
    second = course.appointments.get(session=2)
    actions.cancel(appointment=second, by=None, now=street.NOW)
    html = owner.get(course.get_absolute_url()).content.decode()
    assert "2 booked, 1 remaining" in html

    page = owner.get(f"{course.get_absolute_url()}dates/")
    owner.post(f"{course.get_absolute_url()}dates/", sent(page))

    standing = course.appointments.standing().order_by("session")
    assert [row.session for row in standing] == [1, 2, 3]
    assert len(sent(page)["on"]) == 1


def test_a_session_and_all_after_it_are_moved(owner, course):
    second = course.appointments.get(session=2)
    later = second.starts_at + 6 * DAY
    zone = course.place.tz
    at = later.astimezone(zone).isoformat(timespec="minutes")
    confirm = f"/appointments/{second.uid}/move/confirm/"
    where = {"place": course.place.slug, "practitioner": "practitioner", "at": at}

    refused = owner.get(confirm, where).content.decode()
    assert "Move the sessions after it too?" in refused
    link = re.search(r'href="(/courses/[^"]+from=2[^"]+)"', refused)[1]
    page = owner.get(link.replace("&amp;", "&"))
    done = owner.post(f"{course.get_absolute_url()}dates/", sent(page))

    assert done.status_code == 302
    starts = list(
        course.appointments.order_by("session").values_list("starts_at", flat=True)
    )
    assert starts[1] == later
    assert starts[2] - starts[1] >= 3 * DAY
    assert course.appointments.count() == 3


def test_what_waited_too_long_has_lapsed(owner, course):
    course.appointments.filter(session=1).update(status=Status.FULFILLED)
    course.appointments.filter(session__gt=1).update(status=Status.NOSHOW)

    with time_machine.travel(street.NOW + 60 * DAY, tick=False):
        owner.force_login(course.patient.user)
        html = owner.get(course.get_absolute_url()).content.decode()

    assert "1 taken, 2 lapsed" in html
    assert "Find dates" not in html


def test_the_desk_books_on_behalf(owner, town):
    owner.force_login(town.users["desk"])
    whose = town.patients["owner"]

    page = dates(owner, town, **{"for": whose.uid})
    assert "Booking for" in page.content.decode()
    owner.post(f"{BOOK}dates/", sent(page))

    assert Course.objects.get().patient == whose
    assert Course.objects.get().booked_by == town.users["desk"]


def test_a_stranger_sees_none_of_it(owner, course, town):
    owner.force_login(town.users["other"])

    for path in ("", "dates/"):
        assert owner.get(f"{course.get_absolute_url()}{path}").status_code == 404
    assert owner.post(f"{course.get_absolute_url()}cancel/").status_code == 404


def test_a_page_takes_as_many_statements_for_any_number(owner, town):
    def statements(sessions):
        plan = {"place": town.place.slug, "sessions": sessions}
        data = sent(owner.get(f"{BOOK}dates/", plan))
        assert len(data["on"]) == sessions
        done = owner.post(f"{BOOK}dates/", data)
        with CaptureQueriesContext(connection) as found:
            owner.get(done["Location"])
        actions.cancel_rest(
            course=Course.objects.latest("pk"), by=None, now=timezone.now()
        )
        return len(found)

    assert statements(3) == statements(5)


def test_a_course_without_anything_to_plan_says_so_and_shows_itself(owner, course):
    page = owner.get(f"{course.get_absolute_url()}dates/")

    assert page.status_code == 409
    assert page.context["course"] == course
    assert "none is left to plan" in page.content.decode()
