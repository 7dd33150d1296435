"""The worker's mail: once, only what is true, and nothing of what it is for."""

import logging
import signal
import subprocess
import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import OperationalError

from bookings import actions, notices, post
from bookings.management.commands import worker
from bookings.models import Appointment, Notice
from clinic.env import site_url
from tests.factories import (
    AppointmentFactory,
    CancellationPolicyFactory,
    PatientFactory,
)
from tests.factories.bookings import BOOKED as NOW
from tests.factories.bookings import MONDAY_10

Kind, State = Notice.Kind, Notice.State
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def appointment(settings):
    """Give an appointment of Pat at ten in Denver; the site is clinic.example."""
    settings.SITE_URL = "https://clinic.example"
    settings.DEFAULT_FROM_EMAIL = "Clinic <desk@clinic.example>"
    appointment = AppointmentFactory(
        patient=PatientFactory(email="pat@example.com"),
        role__location__address="1 Main Street",
        role__location__phone="+1 801 555 0199",
    )
    return appointment


@pytest.fixture
def notice(appointment):
    """Give the notice of its booking."""
    notices.owe(Kind.BOOKED, appointment, NOW)
    return Notice.objects.get()


@pytest.fixture(autouse=True)
def _warnings_are_heard(caplog):
    caplog.set_level(logging.WARNING, "bookings")


@pytest.fixture
def broken_mail(monkeypatch):
    """Let every message fail."""

    def refuse(self, fail_silently=False):
        raise ConnectionRefusedError("pat@example.com refused")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)


def state_of(notice):
    notice.refresh_from_db()
    return notice.state


def test_booked_says_when_and_where_and_not_what_for(notice, mailoutbox):
    assert post.send_due(NOW) == 1

    (mail,) = mailoutbox
    appointment = notice.appointment
    assert mail.to == ["pat@example.com"]
    assert mail.subject == (
        "Your appointment on Monday, February 2, 2026 at Willow & Stone"
    )
    drawn, kind = mail.alternatives[0]
    assert kind == "text/html"
    for part in (
        *("Hello Pat", "Monday, February 2, 2026", "10:00 AM", "Mountain Time (MST)"),
        *("Salt Lake City", "1 Main Street", "+1 801 555 0199"),
        f"https://clinic.example/appointments/{appointment.uid}/",
    ):
        assert part in mail.body
        assert part in drawn
    whole = f"{mail.subject} {mail.body} {drawn}".lower()
    assert appointment.label.lower() not in whole
    assert "needling" not in whole
    assert appointment.practitioner.name.lower() not in whole
    assert mail.extra_headers["Message-ID"] == post.message_id(notice)
    assert post.message_id(notice).endswith("@clinic.example>")
    assert state_of(notice) == State.SENT
    assert (notice.sent_at, notice.lease_until) == (NOW, None)


@pytest.mark.parametrize(
    ("hosts", "https", "address"),
    [
        ([], True, "http://127.0.0.1:8101"),
        (["*"], True, "http://127.0.0.1:8101"),
        ([".clinic.example", "other.example"], True, "https://clinic.example"),
        (["clinic.example"], False, "http://clinic.example"),
        (["localhost", "127.0.0.1"], False, "http://localhost:8101"),
    ],
)
def test_links_lead_to_the_first_host_that_is_one(hosts, https, address):
    assert site_url(hosts, https=https, port="8101") == address


def test_sent_once(notice, mailoutbox):
    assert [post.send_due(NOW), post.send_due(NOW + MINUTE * 10)] == [1, 0]
    assert len(mailoutbox) == 1


def test_address_of_the_account_serves_without_another(mailoutbox):
    appointment = AppointmentFactory()
    appointment.patient.email = ""
    appointment.patient.save()
    notices.owe(Kind.BOOKED, appointment, NOW)

    post.send_due(NOW)

    assert mailoutbox[0].to == [appointment.patient.user.email]


def test_a_move_tells_the_new_time_and_drops_the_old_notice(
    notice, appointment, mailoutbox
):
    appointment.starts_at += timedelta(days=1)
    appointment.ends_at += timedelta(days=1)
    appointment.save()
    notices.owe(Kind.MOVED, appointment, NOW)

    post.send_due(NOW)

    assert state_of(notice) == State.DROPPED
    (mail,) = mailoutbox
    assert mail.subject == (
        "Your appointment at Willow & Stone is now on Tuesday, February 3, 2026"
    )
    assert "Tuesday, February 3, 2026, 10:00 AM\nMountain Time (MST)" in mail.body
    assert "new time" in mail.alternatives[0][0]


def test_cancelled_before_it_was_sent_drops_the_booking(notice, mailoutbox):
    actions.cancel(appointment=notice.appointment, by=None, now=NOW)

    assert post.send_due(NOW) == 2

    assert [mail.subject for mail in mailoutbox] == [
        "Your appointment on Monday, February 2, 2026 at Willow & Stone is cancelled"
    ]
    assert state_of(notice) == State.DROPPED


@pytest.mark.parametrize(
    ("change", "now"),
    [
        ({"status": "noshow"}, NOW),
        ({"status": "entered-in-error"}, NOW),
        ({"starts_at": MONDAY_10 - MINUTE}, NOW),
        ({}, MONDAY_10),
    ],
)
def test_what_is_no_longer_true_is_dropped(notice, mailoutbox, change, now):
    if change:
        Appointment.objects.update(**change)

    post.send_due(now)

    assert state_of(notice) == State.DROPPED
    assert mailoutbox == []


def test_patient_without_an_address_gets_none(notice, mailoutbox):
    patient = notice.appointment.patient
    patient.email, patient.user = "", None
    patient.save()

    post.send_due(NOW)

    assert state_of(notice) == State.DROPPED
    assert mailoutbox == []


def test_not_before_it_is_due(notice, mailoutbox):
    assert post.send_due(NOW - MINUTE) == 0
    assert mailoutbox == []


def test_failure_waits_longer_each_time_and_gives_up(notice, broken_mail, caplog):
    now, pauses = NOW, []
    for _ in range(post.MOST_ATTEMPTS - 1):
        assert post.send_due(now) == 1
        assert state_of(notice) == State.WAITING
        assert post.send_due(now) == 0
        pauses.append((notice.due_at - now) // MINUTE)
        now = notice.due_at
    assert pauses[:3] == [1, 5, 30]

    post.send_due(now)

    assert (state_of(notice), notice.attempts) == (State.FAILED, 6)
    assert "ConnectionRefusedError" in caplog.text
    assert "pat@example.com" not in caplog.text


def test_what_somebody_else_is_sending_is_left_until_the_lease_ends(notice, mailoutbox):
    Notice.objects.update(state=State.SENDING, lease_until=NOW + MINUTE, attempts=1)

    assert post.send_due(NOW) == 0
    assert post.send_due(NOW + MINUTE) == 1

    assert len(mailoutbox) == 1
    assert (state_of(notice), notice.attempts) == (State.SENT, 2)


def test_of_two_who_read_it_one_sends(notice, mailoutbox):
    mine, theirs = (Notice.objects.get(pk=notice.pk) for _ in range(2))

    assert [post._claimed(mine, NOW), post._claimed(theirs, NOW)] == [True, False]


def test_what_kills_every_worker_ends_as_failed(notice, mailoutbox):
    Notice.objects.update(
        state=State.SENDING, lease_until=NOW, attempts=post.MOST_ATTEMPTS
    )

    post.send_due(NOW)

    assert state_of(notice) == State.FAILED
    assert mailoutbox == []


@pytest.mark.django_db(transaction=True)
def test_worker_sends_all_that_is_due_once(notice, mailoutbox, monkeypatch):
    other = AppointmentFactory(starts_at=MONDAY_10 + timedelta(days=1))
    notices.owe(Kind.BOOKED, other, NOW)
    monkeypatch.setattr(worker.timezone, "now", lambda: NOW)

    call_command("worker", "--once")

    assert len(mailoutbox) == 2


@pytest.mark.django_db(transaction=True)
def test_worker_outlives_a_database_that_does_not_answer(monkeypatch, caplog):
    def fail(now, **more):
        raise OperationalError("the password is secret")

    monkeypatch.setattr(post, "send_due", fail)

    call_command("worker", "--once")

    assert "OperationalError" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_worker_ends_at_a_signal(child_environment, python, number):
    child = subprocess.Popen(
        [python, "-c", CHILD], env=child_environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout.readline() == "resting\n"
        began = time.monotonic()
        child.send_signal(number)
        assert child.wait(10) == 0
        assert time.monotonic() - began < worker.PAUSE
    finally:
        child.kill()
        child.stdout.close()


CHILD = """
import django
django.setup()
from django.core.management import call_command
from bookings.management.commands import worker
rest = worker.Command.rest
def say(self):
    print("resting", flush=True)
    rest(self)
worker.Command.rest = say
call_command("worker")
"""


@pytest.mark.parametrize(
    ("hours", "said", "unsaid"),
    [
        (
            2,
            "until Monday, February 2, 2026, 8:00 AM; after that, please call",
            "To move",
        ),
        (999, "To move or cancel it, please call us.", "there until"),
    ],
)
def test_a_mail_says_until_when_it_is_moved_online(
    notice, appointment, mailoutbox, hours, said, unsaid
):
    appointment.policy = CancellationPolicyFactory(cut_off_hours=hours)
    appointment.save()

    post.send_due(NOW)

    (mail,) = mailoutbox
    for part in (mail.body, mail.alternatives[0][0]):
        assert said in part
        assert unsaid not in part


@pytest.mark.parametrize("kind", [Kind.BOOKED, Kind.MOVED, Kind.CANCELLED])
def test_who_has_no_account_is_given_no_page_to_sign_in_for(
    appointment, mailoutbox, kind
):
    appointment.patient.user = None
    appointment.patient.save()
    if kind == Kind.CANCELLED:
        Appointment.objects.update(status="cancelled")
    notices.owe(kind, appointment, NOW)

    post.send_due(NOW)

    (mail,) = mailoutbox
    [(page, _)] = mail.alternatives
    for text in (mail.body, page):
        assert "/appointments/" not in text
        assert "please call us" in text
