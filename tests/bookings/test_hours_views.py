"""Weekly hours and leave, edited at the desk."""

import re
from datetime import UTC, date, datetime, time

import pytest
import time_machine
from django.urls import reverse

from bookings.models import AvailableTime, NotAvailableTime
from clinic import access
from clinic.models import AuditEvent
from tests.factories import (
    AppointmentFactory,
    AvailableTimeFactory,
    FrontDeskUserFactory,
    NotAvailableTimeFactory,
    PatientFactory,
    PractitionerFactory,
    PractitionerRoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

MONDAY_10 = datetime(2026, 2, 2, 17, tzinfo=UTC)  # ten o'clock in Denver

ALL = reverse("bookings:practitioners_hours")

QUERIES = 3  # session, user, rulebook


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(MONDAY_10, tick=False):
        yield


@pytest.fixture
def role():
    """A practitioner who works Mondays from nine to five in Utah."""
    who = PractitionerFactory(slug="dana", name="Dana Whitfield")
    return AvailableTimeFactory(role=PractitionerRoleFactory(practitioner=who)).role


def hours_page(role):
    return reverse("bookings:hours", args=[role.pk])


def leave_page(role):
    return reverse("bookings:leave", args=[role.practitioner.slug])


def as_sent(response):
    """What a browser would send back of the form as it is shown."""
    html = response.content.decode()
    found = re.findall(r'type="time" id="\w+" name="(\w+)" value="([^"]*)"', html)
    found += re.findall(r'type="hidden" name="(shown_\d)" value="([^"]*)"', html)
    return dict(found)


def week(role):
    """What holds from now on."""
    rows = AvailableTime.objects.filter(role=role).order_by("weekday", "start_time")
    rows = rows.exclude(valid_until__lt=MONDAY_10.date())
    return [
        (row.weekday, f"{row.start_time:%H:%M}", f"{row.end_time:%H:%M}")
        for row in rows
    ]


def test_all_hours_say_days_in_words(desk, role):
    for weekday in (1, 2, 4):
        AvailableTimeFactory(role=role, weekday=weekday)
    AvailableTimeFactory(role=role, weekday=4, start_time=time(18), end_time=time(0))

    (person,) = desk.get(ALL).context["people"]

    assert person["roles"] == [
        (
            role,
            [
                ("Monday to Wednesday", ["9:00 AM to 5:00 PM"]),
                ("Friday", ["9:00 AM to 5:00 PM", "6:00 PM to midnight"]),
            ],
            [],
        )
    ]


def test_the_form_shows_the_hours_there_are(desk, role):
    sent = as_sent(desk.get(hours_page(role)))

    assert len(sent) == 42 + 7  # and what was shown of each day
    assert (sent["from_0_0"], sent["to_0_0"], sent["from_0_1"]) == (
        "09:00",
        "17:00",
        "",
    )


def test_hours_are_set_for_the_days_that_changed(desk, role):
    sent = as_sent(desk.get(hours_page(role)))
    sent |= {"from_0_1": "18:00", "to_0_1": "20:00", "from_4_0": "07:30"}
    sent |= {"to_4_0": "00:00"}

    response = desk.post(hours_page(role), sent)

    assert response.url == ALL
    assert week(role) == [
        (0, "09:00", "17:00"),
        (0, "18:00", "20:00"),
        (4, "07:30", "00:00"),
    ]
    written = AuditEvent.objects.filter(verb="set hours")
    assert sorted(row.detail["weekday"] for row in written) == [0, 4]


def test_who_was_slower_leaves_the_other_days_as_somebody_set_them(desk, role):
    sent = as_sent(desk.get(hours_page(role)))
    desk.post(hours_page(role), sent | {"from_5_0": "10:00", "to_5_0": "12:00"})

    desk.post(hours_page(role), sent | {"from_4_0": "14:00", "to_4_0": "16:00"})

    assert week(role) == [
        (0, "09:00", "17:00"),
        (4, "14:00", "16:00"),
        (5, "10:00", "12:00"),
    ]


def test_a_day_that_two_people_change_is_shown_to_the_slower_one(desk, role):
    sent = as_sent(desk.get(hours_page(role)))
    desk.post(hours_page(role), sent | {"to_0_0": "16:00"})

    answer = desk.post(hours_page(role), sent | {"to_0_0": "18:00"})

    assert answer.status_code == 422
    assert (
        "Somebody changed Monday meanwhile: 09:00 to 16:00." in answer.content.decode()
    )
    assert week(role) == [(0, "09:00", "16:00")]
    again = as_sent(answer)
    assert again["to_0_0"] == "18:00"
    desk.post(hours_page(role), again)
    assert week(role) == [(0, "09:00", "18:00")]


def test_a_form_that_came_in_parts_changes_nothing(desk, role):
    answer = desk.post(hours_page(role), {"until_day": ""})

    assert answer.status_code == 422
    assert week(role) == [(0, "09:00", "17:00")]


def test_a_last_day_without_new_hours_is_not_passed_over(desk, role):
    sent = as_sent(desk.get(hours_page(role)))

    answer = desk.post(hours_page(role), sent | {"until_day": "2026-12-31"})

    assert answer.status_code == 422
    assert "A last day goes with new hours" in answer.content.decode()


def test_what_did_not_change_is_not_written(desk, role):
    before = list(AvailableTime.objects.values())

    desk.post(hours_page(role), as_sent(desk.get(hours_page(role))))

    assert list(AvailableTime.objects.values()) == before
    assert AuditEvent.objects.count() == 0


def test_a_day_without_times_has_no_hours(desk, role):
    sent = as_sent(desk.get(hours_page(role)))

    answer = desk.post(hours_page(role), sent | {"from_0_0": "", "to_0_0": ""})

    assert answer.status_code == 302
    assert week(role) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"from_0_0": "17:00", "to_0_0": "09:00"}, "09:00 is not after 17:00"),
        ({"from_0_0": "09:00", "to_0_0": "09:00"}, "09:00 is not after 09:00"),
        ({"from_0_0": "09:00", "to_0_0": ""}, "Enter when these hours end"),
        ({"from_0_0": "", "to_0_0": "17:00"}, "Enter when these hours begin"),
        ({"from_0_1": "16:00", "to_0_1": "18:00"}, "must not overlap"),
        ({"from_0_0": "25:00"}, "Enter a time such as 9:00 AM"),
        ({"from_0_0": "soon"}, "Enter a time such as 9:00 AM"),
        ({"to_0_0": "9" * 30}, "Enter a time such as 9:00 AM"),
    ],
    ids=str,
)
def test_hours_that_make_no_sense_are_refused_as_a_whole(desk, role, wrong, said):
    sent = as_sent(desk.get(hours_page(role)))
    sent |= {"from_4_0": "08:00", "to_4_0": "12:00"} | wrong

    response = desk.post(hours_page(role), sent)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert as_sent(response)["from_4_0"] == "08:00"
    assert week(role) == [(0, "09:00", "17:00")]
    assert AuditEvent.objects.count() == 0


def periods(role):
    rows = AvailableTime.objects.filter(role=role).order_by("valid_from", "start_time")
    return [(row.start_time.hour, row.valid_from, row.valid_until) for row in rows]


def test_hours_from_a_day_on_end_the_older_ones_the_day_before(desk, role):
    page = hours_page(role) + "?day=2026-03-02"
    sent = as_sent(desk.get(page)) | {"from_0_0": "11:00", "until_day": "2026-03-29"}

    assert desk.post(page, sent).status_code == 302

    assert sorted(periods(role), key=lambda period: str(period[2])) == [
        (9, None, date(2026, 3, 1)),
        (11, date(2026, 3, 2), date(2026, 3, 29)),
        (9, date(2026, 3, 30), None),
    ]


def test_the_page_leads_to_the_other_periods_and_shows_one(desk, role):
    role.hours.update(valid_until=date(2026, 3, 1))
    later = {"valid_from": date(2026, 3, 2), "start_time": time(12)}
    AvailableTimeFactory(role=role, **later)

    first = desk.get(hours_page(role))
    second = desk.get(hours_page(role) + "?day=2026-03-02")

    assert first.context["turns"] == [date(2026, 3, 2)]
    assert as_sent(first)["from_0_0"] == "09:00"
    assert second.context["turns"] == [date(2026, 2, 2)]
    assert as_sent(second)["from_0_0"] == "12:00"
    assert desk.get(hours_page(role) + "?day=soon").status_code == 400


def test_a_last_day_before_the_first_is_refused(desk, role):
    sent = as_sent(desk.get(hours_page(role))) | {"from_0_0": "08:00"}

    for wrong in ("2026-02-01", "0001-01-01", "soon"):
        assert (
            desk.post(hours_page(role), sent | {"until_day": wrong}).status_code == 422
        )

    assert periods(role) == [(9, None, None)]


def test_appointments_outside_the_new_hours_are_shown_before_saving(desk, role):
    inside, outside = (
        AppointmentFactory(
            role=role,
            practitioner=role.practitioner,
            place=role.location,
            starts_at=datetime(2026, 2, 9, hour, tzinfo=UTC),
            ends_at=datetime(2026, 2, 9, hour + 1, tzinfo=UTC),
        )
        for hour in (19, 16)
    )
    sent = as_sent(desk.get(hours_page(role))) | {"from_0_0": "10:00"}

    shown = desk.post(hours_page(role), sent)

    assert shown.status_code == 422
    breaks = shown.context["breaks"]
    assert [each.key for each in breaks.broken] == [str(outside.uid)]
    assert inside.get_absolute_url() not in shown.content.decode()
    assert periods(role) == [(9, None, None)]
    assert AuditEvent.objects.count() == 0

    for seen in ("1" * 40, ""):
        again = desk.post(hours_page(role), sent | {"breaks_seen": seen})
        assert again.status_code == 422
    assert periods(role) == [(9, None, None)]
    assert f'name="breaks_seen" value="{breaks.seal}"' in shown.content.decode()
    saved = desk.post(hours_page(role), sent | {"breaks_seen": breaks.seal})
    assert saved.status_code == 302
    assert week(role) == [(0, "10:00", "17:00")]


@pytest.mark.parametrize("number", ["0", "987654", "9" * 30, "9" * 5000])
def test_hours_of_nobody_are_not_found(desk, number):
    assert desk.get(f"/desk/hours/{number}/").status_code == 404


def test_hours_and_leave_are_for_the_desk(client, role):
    row = NotAvailableTimeFactory(practitioner=role.practitioner)
    own = UserFactory(groups=[access.PRACTITIONER])
    role.practitioner.user = own
    role.practitioner.save()
    end = reverse("bookings:leave_end", args=[row.pk])
    for address in (ALL, hours_page(role), leave_page(role)):
        client.logout()
        assert client.get(address).url == f"/accounts/login/?next={address}"
        for somebody, status in (
            (PatientFactory().user, 403),
            (own, 403),
            (FrontDeskUserFactory(), 200),
            (UserFactory(groups=[access.CLINIC_ADMIN]), 200),
        ):
            client.force_login(somebody)
            assert client.get(address).status_code == status
    for somebody in (PatientFactory().user, own):
        client.force_login(somebody)
        assert client.post(end).status_code == 403
        assert client.post(hours_page(role), {}).status_code == 403
        assert client.post(leave_page(role), {}).status_code == 403
    assert NotAvailableTime.objects.count() == 1
    assert week(role) == [(0, "09:00", "17:00")]


def test_three_practitioners_cost_as_many_queries_as_one(
    desk, role, django_assert_num_queries
):
    desk.get(ALL)
    with django_assert_num_queries(QUERIES):
        desk.get(ALL)
    for _ in range(2):
        other = AvailableTimeFactory(role=PractitionerRoleFactory()).role
        NotAvailableTimeFactory(practitioner=other.practitioner)
    desk.get(ALL)  # the rulebook changed

    with django_assert_num_queries(QUERIES):
        desk.get(ALL)
