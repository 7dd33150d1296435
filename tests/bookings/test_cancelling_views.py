"""The pages about cancelling: what is shown before a click, fees, and the history."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from bookings import actions
from bookings.models import Appointment, Cause, Fee, Status
from clinic import access, audit
from tests import factories, holding, worlds
from tests.worlds import MONDAY_10, NOW

pytestmark = pytest.mark.django_db

CUT_OFF = MONDAY_10 - timedelta(hours=24)
FEES = reverse("bookings:fees")


@pytest.fixture
def clinic():
    factories.CancellationPolicyFactory(text="Tell us a day before.")
    return worlds.plain(phone="+1 801 555 0100")


@pytest.fixture
def patient(db):
    return factories.PatientFactory(user__groups=[access.PATIENT])


@pytest.fixture
def staff(db):
    return factories.FrontDeskUserFactory(first_name="Dana", last_name="Desk")


@pytest.fixture
def booked(clinic, patient):
    asked = worlds.asked("visit", clinic[1], clinic[0], patient=patient)
    return actions.book(asked=asked, at=MONDAY_10, by=patient.user, now=NOW)


def page(client, user, found, now):
    client.force_login(user)
    with time_machine.travel(now, tick=False):
        return client.get(found.get_absolute_url()).content.decode()


def send(client, user, path, now, **form):
    client.force_login(user)
    with time_machine.travel(now, tick=False):
        return client.post(path, form)


def cancel_address(found):
    return reverse("bookings:cancel", args=[found.uid])


def test_the_policy_is_read_before_booking(client, clinic, patient):
    client.force_login(patient.user)
    who, where = clinic
    form = holding.form(where, who, MONDAY_10)
    with time_machine.travel(NOW, tick=False):
        text = client.post("/book/visit/hold/", form, follow=True).content.decode()

    assert "Tell us a day before." in text
    assert "Until Sunday, February 1, 2026, 10:00 AM" in text
    assert "$40" in text
    assert "$80" in text


def test_before_the_cut_off_one_reads_the_fee_and_cancels(client, booked, patient):
    text = page(client, patient.user, booked, CUT_OFF - timedelta(seconds=1))

    assert "$40" in text
    assert cancel_address(booked) in text
    assert reverse("bookings:move", args=[booked.uid]) in text


def test_after_it_one_reads_whom_to_call_and_what_it_costs(client, booked, patient):
    text = page(client, patient.user, booked, CUT_OFF)

    assert "Please call us" in text
    assert "tel:+1 801 555 0100" in text
    assert "Cancelling now costs $40" in text
    assert cancel_address(booked) not in text
    assert reverse("bookings:move", args=[booked.uid]) not in text


def test_what_is_sent_after_it_changes_nothing(client, booked, patient):
    answer = send(client, patient.user, cancel_address(booked), CUT_OFF)

    assert answer.status_code == 409
    assert "Please call us at +1 801 555 0100." in answer.content.decode()
    move = reverse("bookings:move", args=[booked.uid])
    with time_machine.travel(CUT_OFF, tick=False):
        assert client.get(move).status_code == 409
    booked.refresh_from_db()
    assert booked.status == Status.BOOKED


@pytest.mark.parametrize("form", [{}, {"reason": "Rang us."}, {"caused_by": "patient"}])
def test_staff_say_why_and_whose_doing_it_is(client, booked, staff, form):
    for path in (
        cancel_address(booked),
        reverse("bookings:mark", args=[booked.uid, "cancel"]),
    ):
        answer = send(client, staff, path, CUT_OFF, **form)

        assert answer.status_code in (409, 422)
        assert "Say w" in answer.content.decode()
    booked.refresh_from_db()
    assert booked.status == Status.BOOKED


@pytest.mark.parametrize(("cause", "owed"), [("patient", 1), ("clinic", 0)])
def test_staff_cancel_at_any_time(client, booked, staff, cause, owed):
    shown = page(client, staff, booked, CUT_OFF)
    answer = send(
        client,
        staff,
        cancel_address(booked),
        CUT_OFF,
        reason="Rang us.",
        caused_by=cause,
    )

    assert "If the patient is the cause, a fee of $40 is owed" in shown
    assert answer.status_code == 302
    assert Fee.objects.owed().count() == owed


def test_the_desk_reads_what_not_coming_costs_before_the_click(client, booked, staff):
    client.force_login(staff)
    address = reverse("bookings:desk_list", args=[booked.place.slug])
    with time_machine.travel(booked.starts_at + timedelta(hours=1), tick=False):
        shown = client.get(address).content.decode()

    assert "Did not come: $80" in shown


def test_the_fee_is_for_the_desk_and_its_patient_only(client, booked, patient, staff):
    colleague = factories.UserFactory(groups=[access.PRACTITIONER])
    booked.practitioner.user = colleague
    booked.practitioner.save()
    actions.mark_noshow(appointment=booked, by=staff, now=MONDAY_10)

    assert "$80" in page(client, patient.user, booked, MONDAY_10)
    assert "$80" in page(client, staff, booked, MONDAY_10)
    assert "$80" not in page(client, colleague, booked, MONDAY_10)
    stranger = factories.PatientFactory(user__groups=[access.PATIENT]).user
    client.force_login(stranger)
    assert client.get(booked.get_absolute_url()).status_code == 404
    for user in (patient.user, colleague, stranger):
        client.force_login(user)
        assert client.get(FEES).status_code == 403
        settle = reverse("bookings:fee_settle", args=[Fee.objects.get().pk])
        assert client.post(settle, {"state": "paid"}).status_code == 403


def test_the_desk_settles_fees_from_the_list(client, staff):
    waived, paid = factories.FeeFactory(), factories.FeeFactory(amount_usd=55)
    client.force_login(staff)
    text = client.get(FEES).content.decode()
    assert "$40" in text
    assert "$55" in text

    for fee, form, status in [
        (waived, {"state": "waived"}, 409),
        (waived, {"state": "owed"}, 422),
        (waived, {"state": "waived", "reason": "First time."}, 302),
        (paid, {"state": "paid"}, 302),
        (paid, {"state": "paid"}, 409),
    ]:
        path = reverse("bookings:fee_settle", args=[fee.pk])
        assert client.post(path, form).status_code == status
    assert "Nobody owes anything." in client.get(FEES).content.decode()
    assert "First time." in client.get(FEES).content.decode()
    assert client.post("/desk/fees/999999/", {"state": "paid"}).status_code == 404


def test_the_list_takes_the_same_statements_for_any_number(
    client, staff, django_assert_max_num_queries
):
    client.force_login(staff)
    for _ in range(4):
        factories.FeeFactory()

    with django_assert_max_num_queries(5):
        client.get(FEES)


def test_the_desk_puts_a_slip_of_the_pen_right(client, booked, staff):
    path = reverse("bookings:mark", args=[booked.uid, "error"])
    assert send(client, staff, path, NOW).status_code == 409

    answer = send(client, staff, path, NOW, reason="Two of a kind.", back="appointment")

    assert answer.url == booked.get_absolute_url()
    booked.refresh_from_db()
    assert booked.status == Status.ENTERED_IN_ERROR
    assert "Two of a kind." in page(client, staff, booked, NOW)


def test_the_history_says_who_did_what_and_when(client, booked, patient, staff):
    to = MONDAY_10 + timedelta(days=1)
    asked = actions.to_move(booked)
    actions.move(appointment=booked, asked=asked, at=to, by=patient.user, now=NOW)
    booked.refresh_from_db()
    actions.cancel(
        appointment=booked,
        by=staff,
        now=to,
        reason="Water in the room.",
        caused_by=Cause.CLINIC,
    )

    own = page(client, patient.user, booked, to)
    theirs = page(client, staff, booked, to)

    moved = "Moved from Mon, Feb 2, 10:00 AM to Tue, Feb 3, 10:00 AM"
    for text in (own, theirs):
        assert moved in text
        assert "Booked for Mon, Feb 2, 10:00 AM" in text
    assert "You</small>" in own
    assert "The clinic</small>" in own
    assert "Dana Desk" not in own
    assert "Water in the room." not in own
    assert "Dana Desk</small>" in theirs
    assert "Caused by the clinic. Water in the room." in theirs


def test_what_staff_decide_among_them_is_not_in_the_patients_history(
    client, booked, patient, staff
):
    found = Appointment.objects.get()
    audit.record(by=staff, verb="put at risk", subject=found, now=NOW)

    assert "Put at risk" in page(client, staff, booked, NOW)
    assert "Put at risk" not in page(client, patient.user, booked, NOW)
