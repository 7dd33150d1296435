"""Hours of one date: added, removed, other than the week has; and the desk's page."""

import re
from datetime import UTC, date, datetime, time

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from bookings import actions
from bookings.models import SingleDay
from bookings.rules.supervision import on_site
from bookings.timeline import to_minute
from clinic import access
from clinic.models import AuditEvent
from tests import worlds
from tests.factories import AppointmentFactory, SingleDayFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 2, 2, 17, tzinfo=UTC)  # Monday, ten o'clock in Denver
MONDAY, TUESDAY = date(2026, 2, 9), date(2026, 2, 10)


@pytest.fixture
def role():
    """Every day from eight to six, half hours."""
    who, _ = worlds.plain(start_grid_min=30)
    return who.roles.get()


def first_and_last(role, day):
    """The first and the last start of a day, on the clocks of the place."""
    question = worlds.asked("visit", role.location, role.practitioner)
    found = [f"{start:%H:%M}" for start in worlds.starts(question, day, now=NOW)]
    return (found[0], found[-1]) if found else None


def set_day(role, *spans, day=MONDAY):
    walls = [tuple(time.fromisoformat(wall) for wall in span) for span in spans]
    actions.set_day(role=role, day=day, spans=walls, by=None, now=NOW)


def test_a_day_has_its_own_hours_and_the_next_those_of_the_week(role):
    set_day(role, ("13:00", "15:00"))

    assert first_and_last(role, MONDAY) == ("13:00", "14:30")
    assert first_and_last(role, TUESDAY) == ("08:00", "17:30")


def test_a_day_off_closes_the_day(role):
    set_day(role)

    assert first_and_last(role, MONDAY) is None
    findings = worlds.why(
        "visit",
        role.location,
        role.practitioner,
        at=datetime(2026, 2, 9, 17, tzinfo=UTC),
        now=NOW,
    )
    assert findings == {"OUTSIDE_HOURS"}


def test_hours_may_come_on_top_of_the_week(role):
    SingleDayFactory(role=role, day=MONDAY, start_time=time(18), end_time=time(20))

    assert first_and_last(role, MONDAY) == ("08:00", "19:30")


def test_a_day_may_end_at_midnight(role):
    set_day(role, ("22:00", "00:00"))

    assert first_and_last(role, MONDAY) == ("22:00", "23:30")


def test_a_day_is_set_anew_and_given_back_to_the_week(role):
    set_day(role, ("13:00", "15:00"))
    set_day(role, ("10:00", "11:00"))

    assert first_and_last(role, MONDAY) == ("10:00", "10:30")

    actions.clear_day(role=role, day=MONDAY, by=None, now=NOW)
    actions.clear_day(role=role, day=MONDAY, by=None, now=NOW)

    assert first_and_last(role, MONDAY) == ("08:00", "17:30")
    verbs = AuditEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["set day", "set day", "clear day"]


@pytest.mark.parametrize(
    "spans", [[("11:00", "10:00")], [("09:00", "11:00"), ("10:00", "12:00")]]
)
def test_hours_that_make_no_sense_are_refused_and_nothing_is_written(role, spans):
    with pytest.raises(actions.HoursUnclear):
        set_day(role, *spans)

    assert not SingleDay.objects.exists()


@pytest.mark.parametrize(
    ("start", "end"), [(time(9), None), (None, time(9)), (time(9), time(9))]
)
def test_the_database_refuses_half_an_opening(role, start, end):
    with pytest.raises(IntegrityError), transaction.atomic():
        SingleDayFactory(role=role, start_time=start, end_time=end)


def test_who_is_off_that_day_is_not_on_site_to_supervise(role):
    set_day(role, ("13:00", "15:00"))
    book = worlds.asked("visit", role.location).book
    noon = to_minute(datetime(2026, 2, 9, 19, tzinfo=UTC))

    there = on_site(book, role.practitioner, role.location, noon, noon + 1)

    assert noon not in there
    assert noon + 90 in there


# The desk's page


@pytest.fixture
def page(role):
    return reverse("bookings:single_day", args=[role.pk]) + f"?day={MONDAY}"


@pytest.fixture
def clerk(client):
    user = UserFactory(groups=[access.FRONT_DESK])
    client.force_login(user)
    with time_machine.travel(NOW, tick=False):
        yield client


def as_sent(response):
    html = response.content.decode()
    return dict(re.findall(r'type="time" id="\w+" name="(\w+)" value="([^"]*)"', html))


def test_the_page_begins_with_the_hours_of_the_week(clerk, page):
    sent = as_sent(clerk.get(page))

    assert (sent["from_0"], sent["to_0"], sent["from_1"]) == ("08:00", "18:00", "")


def test_the_desk_sets_a_day_and_sees_it_among_the_hours(clerk, page, role):
    answer = clerk.post(page, {"from_0": "13:00", "to_0": "15:00"})

    assert answer.status_code == 302
    assert first_and_last(role, MONDAY) == ("13:00", "14:30")
    for address in (answer.url, reverse("bookings:hours", args=[role.pk])):
        shown = clerk.get(address).content.decode()
        assert "Monday, February 9, 2026</a>: 1:00 PM to 3:00 PM" in shown
    assert as_sent(clerk.get(page))["from_0"] == "13:00"


def test_the_desk_gives_a_day_back_to_the_week(clerk, page, role):
    set_day(role)

    assert "Use the weekly hours" in clerk.get(page).content.decode()
    assert clerk.post(page, {"week": "1", "from_0": "nonsense"}).status_code == 302
    assert first_and_last(role, MONDAY) == ("08:00", "17:30")


def test_appointments_outside_are_shown_before_anything_is_saved(clerk, page, role):
    inside, outside = (
        AppointmentFactory(role=role, starts_at=datetime(2026, 2, 9, hour, tzinfo=UTC))
        for hour in (17, 22)
    )
    AppointmentFactory(role=role, starts_at=datetime(2026, 2, 10, 22, tzinfo=UTC))
    morning = {"from_0": "08:00", "to_0": "12:00"}

    shown = clerk.post(page, morning)

    assert shown.status_code == 422
    breaks = shown.context["breaks"]
    assert [each.key for each in breaks.broken] == [str(outside.uid)]
    assert not SingleDay.objects.exists()
    assert clerk.post(page, morning | {"breaks_seen": breaks.seal}).status_code == 302
    assert first_and_last(role, MONDAY) == ("08:00", "11:30")
    assert inside.patient.name not in shown.content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"from_0": "10:00"}, "Enter when these hours end."),
        ({"to_0": "10:00"}, "Enter when these hours begin."),
        ({"from_0": "10:00", "to_0": "09:00"}, "09:00 is not after 10:00."),
        ({"from_0": "soon", "to_0": "09:00"}, "Enter a time such as 9:00 AM."),
    ],
)
def test_what_cannot_be_is_said(clerk, page, sent, said):
    answer = clerk.post(page, sent)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not SingleDay.objects.exists()


def test_a_time_that_the_clocks_skip_is_refused(clerk, role):
    page = reverse("bookings:single_day", args=[role.pk]) + "?day=2026-03-08"

    answer = clerk.post(page, {"from_0": "02:30", "to_0": "09:00"})

    assert "There is no 02:30 on March 8, 2026" in answer.content.decode()


def test_there_is_no_page_of_a_role_that_nobody_holds(clerk):
    assert clerk.get(reverse("bookings:single_day", args=[999])).status_code == 404
