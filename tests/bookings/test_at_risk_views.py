"""The desk's list of what is at risk: why, who could take it, and whom to ring."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from bookings import actions
from bookings.models import AtRisk
from tests import breaking, factories
from tests.worlds import MONDAY_10, NOW

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
PAGE = reverse("bookings:at_risk")


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def flag(desk):
    """The nurse is away on the first Monday."""
    breaking.clinic()
    actions.take_leave(
        practitioner=breaking.person("nurse"),
        starts_at=MONDAY_10 - HOUR,
        ends_at=MONDAY_10 + HOUR,
        by=None,
        now=NOW,
    )
    return AtRisk.objects.get()


def page_of(name, flag):
    return reverse(f"bookings:{name}", args=[flag.appointment.uid])


def test_the_list_says_why_and_who_could_take_it(desk, flag):
    text = desk.get(PAGE).content.decode()

    assert flag.appointment.patient.name in text
    assert "Nurse is away at that time." in text
    assert '<option value="doctor">Doctor</option>' in text
    assert 'value="other"' not in text  # booked then
    assert "leave of Nurse" in text


def test_nothing_at_risk_is_said(desk, db):
    assert "Nothing at risk" in desk.get(PAGE).content.decode()


def test_it_is_given_to_another_at_the_same_time(desk, flag):
    answer = desk.post(page_of("at_risk_give", flag), {"practitioner": "doctor"})

    assert answer.status_code == 302
    flag.refresh_from_db()
    assert flag.resolved_how == "given"
    assert flag.appointment.practitioner.slug == "doctor"
    assert flag.appointment.starts_at == MONDAY_10


def test_whom_the_rules_refuse_it_is_not_given_to(desk, flag):
    answer = desk.post(
        page_of("at_risk_give", flag), {"practitioner": "other"}, follow=True
    )

    assert "It stays where it is." in answer.content.decode()
    flag.refresh_from_db()
    assert (flag.resolved_at, flag.appointment.practitioner.slug) == (None, "nurse")


def test_nobody_of_that_name_is_not_found(desk, flag):
    page = page_of("at_risk_give", flag)

    assert desk.post(page, {"practitioner": "nobody"}).status_code == 404
    assert desk.post(page).status_code == 404


def test_it_is_cancelled_from_the_list(desk, flag):
    page = reverse("bookings:mark", args=[flag.appointment.uid, "cancel"])

    ours = {"caused_by": "clinic", "reason": "A change at the clinic."}

    for name, value in ours.items():
        assert f'name="{name}" value="{value}"' in desk.get(PAGE).content.decode()
    answer = desk.post(page, {"back": "at-risk", **ours})

    assert answer["Location"] == PAGE
    flag.refresh_from_db()
    assert flag.resolved_how == "over"


def test_patients_to_ring_are_listed_with_their_phone_until_they_are_rung(desk, flag):
    patient = flag.appointment.patient
    text = desk.get(reverse("bookings:to_ring")).content.decode()
    assert patient.name in text
    assert patient.phone in text

    desk.post(page_of("at_risk_rung", flag))

    flag.refresh_from_db()
    assert flag.rung_at == NOW
    desk.get(PAGE)  # which says so once
    assert patient.name not in desk.get(reverse("bookings:to_ring")).content.decode()
    assert "Rung" in desk.get(PAGE).content.decode()
    desk.post(page_of("at_risk_rung", flag), {"undo": "1"})
    flag.refresh_from_db()
    assert flag.rung_at is None


def test_the_desk_counts_them_and_the_day_marks_them(desk, flag):
    place = flag.appointment.place.slug
    day = f"{flag.appointment.starts_at:%Y-%m-%d}"

    listed = desk.get(reverse("bookings:desk_list", args=[place]), {"day": day})

    assert "At risk: 1" in listed.content.decode()
    assert '<span class="badge badge-warn">At risk</span>' in listed.content.decode()


def test_practitioners_see_the_mark_on_their_schedule(client, flag):
    nurse = flag.appointment.practitioner
    nurse.user = factories.UserFactory(groups=["practitioner"])
    nurse.save()
    client.force_login(nurse.user)
    day = f"{flag.appointment.starts_at:%Y-%m-%d}"

    shown = client.get(reverse("bookings:schedule_day"), {"day": day})

    assert "At risk" in shown.content.decode()


def test_three_at_risk_cost_as_many_queries_as_one(
    desk, flag, django_assert_num_queries
):
    desk.get(PAGE)
    queries = 5  # session, user, rulebook, flags, whose time is taken
    with django_assert_num_queries(queries):
        desk.get(PAGE)
    actions.take_leave(
        practitioner=breaking.person("nurse"),
        starts_at=MONDAY_10 + HOUR,
        ends_at=MONDAY_10 + 24 * 9 * HOUR,
        by=None,
        now=NOW,
    )
    assert AtRisk.objects.count() == 2
    desk.get(PAGE)

    with django_assert_num_queries(queries):
        desk.get(PAGE)


def test_where_a_planned_area_is_gone_it_is_said_and_nothing_moves(desk, flag):
    type(flag.appointment).objects.filter(pk=flag.appointment_id).update(areas="gone")

    given = desk.post(
        page_of("at_risk_give", flag), {"practitioner": "doctor"}, follow=True
    )
    moving = desk.get(reverse("bookings:move", args=[flag.appointment.uid]))

    said = "There is no area called “gone” here."
    assert said in given.content.decode()
    assert (moving.status_code, said in moving.content.decode()) == (409, True)
    flag.refresh_from_db()
    assert flag.appointment.practitioner.slug == "nurse"
