"""Sends the notices that are owed. Each goes out once, and none that is stale.

A notice is claimed by compare-and-swap for a while (a lease), so that several workers
share the work, and what a killed one left is taken up again. Whoever looks over the
patient's shoulder learns when and where, never what for.
"""

import hashlib
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string

from bookings.models import Appointment, Course, Notice, Status
from bookings.models.appointments import EXPECTED
from bookings.turnstile import in_line
from clinic.zones import zone_words

LEASE = timedelta(seconds=60)
BATCH = 20
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480)]
MOST_ATTEMPTS = len(PAUSES) + 1
CALLED_OFF = (Status.CANCELLED, Status.ENTERED_IN_ERROR)
State = Notice.State
log = logging.getLogger(__name__)


def send_due(now: datetime, *, most: int = BATCH) -> int:
    """Deal with up to `most` notices that are due; give how many there were."""
    handled = 0
    for notice in _due(now, most):
        if _claimed(notice, now):
            _deal_with(notice, now)
            handled += 1
    return handled


def _due(now: datetime, most: int) -> Iterator[Notice]:
    left_behind = Q(state=State.SENDING, lease_until__lte=now)
    waiting = Q(state=State.WAITING, due_at__lte=now)
    yield from Notice.objects.filter(waiting | left_behind).order_by("due_at", "pk")[
        :most
    ]


def _claimed(notice: Notice, now: datetime) -> bool:
    """Take the notice, unless somebody else did since it was read."""
    lease, attempts = now + LEASE, notice.attempts + 1
    with in_line():
        mine = Notice.objects.filter(
            pk=notice.pk, state=notice.state, attempts=notice.attempts
        ).update(state=State.SENDING, lease_until=lease, attempts=attempts)
    notice.state, notice.lease_until, notice.attempts = State.SENDING, lease, attempts
    return bool(mine)


def _deal_with(notice: Notice, now: datetime) -> None:
    # A worker that died while it sent has tried, too.
    if notice.attempts > MOST_ATTEMPTS:
        _settle(notice, state=State.FAILED)
        return
    appointment = _as_it_is_now(notice)
    email = _address(appointment)
    if not email or _is_stale(notice, appointment, now):
        _settle(notice, state=State.DROPPED)
        return
    try:
        _message(notice, appointment, email, now).send()
    except Exception as problem:  # whatever mail does, the worker goes on
        _failed(notice, problem, now)
    else:
        _settle(notice, state=State.SENT, sent_at=now)


def _as_it_is_now(notice: Notice) -> Appointment:
    return (
        Appointment.objects.select_related("patient__user", "place", "course", "policy")
        .filter(pk=notice.appointment_id)
        .get()
    )


def _is_stale(notice: Notice, appointment: Appointment, now: datetime) -> bool:
    """Whether the message would be wrong, or too late to be of use."""
    if notice.kind == Notice.Kind.COURSE:  # the newest tells how all of it stands
        of_course = Notice.objects.filter(kind=notice.kind, pk__gt=notice.pk)
        return of_course.filter(appointment__course=appointment.course_id).exists()
    if appointment.starts_at <= now:
        return True
    if notice.kind == Notice.Kind.CANCELLED:
        return appointment.status not in CALLED_OFF
    # The key ends with the start that the message was owed for.
    moved = not notice.key.endswith(f":{appointment.starts_at:%Y%m%dT%H%MZ}")
    return moved or appointment.status not in EXPECTED


def _address(appointment: Appointment) -> str:
    return appointment.patient.contact_email


def _failed(notice: Notice, problem: Exception, now: datetime) -> None:
    log.warning(
        "Notice %s was not sent (attempt %d): %s",
        notice.pk,
        notice.attempts,
        type(problem).__name__,  # its text may hold the address
    )
    if notice.attempts >= MOST_ATTEMPTS:
        _settle(notice, state=State.FAILED)
        return
    pause = PAUSES[notice.attempts - 1]
    _settle(notice, state=State.WAITING, due_at=now + pause)


def _settle(notice: Notice, **fields: Any) -> None:
    """Write what became of it, if the lease is still ours."""
    with in_line():
        Notice.objects.filter(
            pk=notice.pk, state=State.SENDING, attempts=notice.attempts
        ).update(lease_until=None, **fields)


def _message(
    notice: Notice, appointment: Appointment, email: str, now: datetime
) -> EmailMultiAlternatives:
    place, link = appointment.place, appointment.get_absolute_url()
    words: dict[str, Any] = {
        "clinic": {
            "name": settings.CLINIC_NAME,
            "phone": place.phone or settings.CLINIC_PHONE,
        },
        "given_name": appointment.patient.given_name,
        **_when(appointment),
        **_until_when(appointment, now),
    }
    if notice.kind == Notice.Kind.COURSE and appointment.course:
        link = appointment.course.get_absolute_url()
        words["sessions"] = [_when(each) for each in _coming(appointment.course)]
    # Without an account there is nothing to sign in with, and the page is nobody's.
    words["link"] = settings.SITE_URL + link if appointment.patient.user_id else ""
    name = f"bookings/mail/{notice.kind}"
    subject = render_to_string(f"{name}.subject.txt", words)
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=render_to_string(f"{name}.body.txt", words).strip() + "\n",
        to=[email],
        headers={"Message-ID": message_id(notice), "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(
        render_to_string(f"{name}.body.html", words), "text/html"
    )
    return message


def _when(appointment: Appointment) -> dict[str, Any]:
    place = appointment.place
    start = appointment.starts_at.astimezone(place.tz)
    return {
        "place": place,
        "day": _day(start),
        "time": _clock(start),
        "zone": zone_words(start, place.tz),
    }


def _until_when(appointment: Appointment, now: datetime) -> dict[str, Any]:
    """Until when the patient moves and cancels it online; or that it takes a call."""
    policy = appointment.policy
    if policy is None:
        return {}
    ends = policy.cut_off(appointment.starts_at).astimezone(appointment.place.tz)
    return {"by_phone": now >= ends, "until": f"{_day(ends)}, {_clock(ends)}"}


def _day(shown: datetime) -> str:
    return f"{shown:%A, %B} {shown.day}, {shown.year}"


def _clock(shown: datetime) -> str:
    return f"{shown.hour % 12 or 12}:{shown:%M %p}"


def _coming(course: Course) -> QuerySet[Appointment]:
    """The appointments of a course that are still to take place."""
    coming = course.appointments.filter(status__in=EXPECTED)
    return coming.select_related("place").order_by("starts_at")


def message_id(notice: Notice) -> str:
    """The same for every attempt, so that a mailbox can tell a repeated one."""
    name = hashlib.sha256(notice.key.encode()).hexdigest()[:32]
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{name}@{domain or 'localhost'}>"
