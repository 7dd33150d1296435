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
from bookings.models import Appointment, Course, Fee, Status
from tests import factories, street, worlds

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(street.NOW, tick=True):
        yield


@pytest.fixture
def town():
    return street.build()


BOOK = f"/book/{street.AGAIN}/course/{street.PLAN}/"


@pytest.fixture
def owner(town, client):
    """Signed in; has been for a first visit on Monday, and has no course yet."""
    Appointment.objects.update(course=None, session=None)
    Course.objects.all().delete()
    client.force_login(town.users["owner"])
    return client


def sent(page):
    """What the form of dates sends."""
    html = page.content.decode()
    pairs = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', html)
    data = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    return data


def dates(client, town, **query):
    first = query.pop("on", "2026-02-05T10:00-07:00 practitioner")
    given = {"place": town.place.slug, "on": first, **query}
    return client.get(f"{BOOK}dates/", given)


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
    owner.post(f"{BOOK}dates/", sent(dates(owner, town)))
    return Course.objects.get()


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


def test_the_rest_is_cancelled_at_once(owner, course):
    done = owner.post(f"{course.get_absolute_url()}cancel/", follow=True)

    assert "3 sessions are cancelled" in done.content.decode()
    assert not course.appointments.standing().exists()
    again = owner.post(f"{course.get_absolute_url()}cancel/")
    assert again.status_code == 409


def test_what_cancelling_costs_stands_before_the_click(owner, town):
    factories.CancellationPolicyFactory(
        cut_off_hours=24, late_fee_usd=40, noshow_fee_usd=80, text="Tell us in time."
    )

    html = dates(owner, town).content.decode()

    assert "Tell us in time." in html
    assert "Until 24 hours before each session" in html
    assert "$40 a session" in html
    assert "$80 a session" in html


@pytest.fixture
def strict(course):
    """The course under a policy that was in force for all of its sessions."""
    policy = factories.CancellationPolicyFactory(cut_off_hours=24, late_fee_usd=40)
    course.appointments.update(policy=policy)
    return course


def owed_for(course):
    fees = Fee.objects.owed().filter(appointment__course=course)
    return [fee.amount_usd for fee in fees]


def an_hour_before_the_second(course):
    second = course.appointments.get(session=2)
    return time_machine.travel(second.starts_at - timedelta(hours=1), tick=False)


def test_the_patient_cancels_what_is_in_time_and_calls_about_the_rest(owner, strict):
    with an_hour_before_the_second(strict):
        owner.force_login(strict.patient.user)
        html = owner.get(strict.get_absolute_url()).content.decode()
        done = owner.post(f"{strict.get_absolute_url()}cancel/", follow=True)

    assert "Session 3 is cancelled, and its time is free" in html
    assert "It costs nothing now." in html
    assert "It is too late to cancel session 2 online." in html
    assert "One session is cancelled" in done.content.decode()
    standing = strict.appointments.standing().order_by("session")
    assert list(standing.values_list("session", flat=True)) == [1, 2]
    assert owed_for(strict) == []


@pytest.mark.parametrize(("cause", "owed"), [("patient", [40]), ("clinic", [])])
def test_the_desk_says_who_is_the_cause_of_a_course_called_off(
    owner, strict, town, cause, owed
):
    address = strict.get_absolute_url()
    with an_hour_before_the_second(strict):
        owner.force_login(town.users["desk"])
        html = owner.get(address).content.decode()
        unsaid = owner.post(f"{address}cancel/", {"reason": "Moved away"})
        owner.post(f"{address}cancel/", {"reason": "Moved away", "caused_by": cause})

    assert "Sessions 2 and 3 are cancelled" in html
    assert "If the patient is the cause, $40 is owed; if we are, nothing." in html
    assert unsaid.status_code == 422
    assert (
        "Say whether the patient or the clinic is the cause." in unsaid.content.decode()
    )
    assert owed_for(strict) == owed
    assert not strict.appointments.filter(status=Status.BOOKED, session__gt=1).exists()


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
