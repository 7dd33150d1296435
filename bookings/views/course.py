"""A course that is booked: what was taken, what is booked, and what remains."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_safe,
)

from bookings import actions
from bookings.access import course_or_404, is_theirs
from bookings.course_forms import DatesForm
from bookings.courses import is_lapsed
from bookings.forms import CancelForm
from bookings.models import Appointment, Course, Status
from bookings.planning import Planning
from bookings.question import UnknownName, ask
from bookings.staff_forms import StaffCancelForm
from bookings.timeline import to_minute
from bookings.views import patient as pages
from bookings.views.appointments import SAID, form_for
from bookings.views.course_dates import Dates, Sessions
from bookings.views.course_ways import Rearranging, Wish
from bookings.views.terms import terms_of
from clinic import access
from clinic.by_post import by_post
from clinic.models import User
from treatments.areas import parse_areas

TAKEN, BOOKED, REMAINING, LAPSED = "taken", "booked", "remaining", "lapsed"


def rows_of(course: Course) -> dict[int, Appointment]:
    rows = course.appointments.standing().with_people()
    return {row.session: row for row in rows if row.session is not None}


def states(course: Course, rows: dict[int, Appointment]) -> list[dict[str, Any]]:
    """Each session with its appointment, if it has one, and what has become of it."""
    now = to_minute(timezone.now())
    sittings = course.sittings()
    found = []
    for number in range(1, course.sessions + 1):
        row = rows.get(number)
        if row is not None:
            state = TAKEN if row.status == Status.FULFILLED else BOOKED
        else:
            asked = course.session(number)
            over = is_lapsed(asked, course.place.tz, sittings, now)
            state = LAPSED if over else REMAINING
        found.append({"number": number, "appointment": row, "state": state})
    return found


@require_safe
def course(request: HttpRequest, uid: UUID) -> HttpResponse:
    return _page(request, course_or_404(request.user, uid), form_for(request)(), 200)


def _page(
    request: HttpRequest,
    found: Course,
    form: CancelForm | StaffCancelForm,
    status: int,
) -> HttpResponse:
    now = timezone.now()
    sessions = states(found, rows_of(found))
    counts = {
        state: sum(each["state"] == state for each in sessions)
        for state in (TAKEN, BOOKED, REMAINING, LAPSED)
    }
    may_change = is_theirs(request.user, found)
    context = {
        "course": found,
        "place": found.place,
        "patient": found.patient,
        "sessions": sessions,
        "counts": [(state, count) for state, count in counts.items() if count],
        "may_plan": may_change and counts[REMAINING] > 0,
        **(_about_cancelling(request, found, now) if may_change else {}),
        "is_own": access.is_self(request.user, found.patient),
        "sees_patient": access.is_front_desk(request.user),
        "form": form,
    }
    return render(request, "bookings/course.html", context, status=status)


def _with_message(
    request: HttpRequest, found: Course, text: str, status: int
) -> HttpResponse:
    """The course itself, with the reason why its dates cannot be chosen."""
    messages.error(request, text)
    return _page(request, found, form_for(request)(), status)


def _about_cancelling(
    request: HttpRequest, found: Course, now: datetime
) -> dict[str, Any]:
    """What cancelling the rest would cancel, what not, and what the late ones cost."""
    may, too_late = actions.to_cancel(course=found, by=request.user, now=now)
    terms = [terms_of(row.policy, row.starts_at, now) for row in may]
    late = [each.policy.late_fee_usd for each in terms if each and each.is_late]
    return {
        "may_cancel": may,
        "too_late": too_late,
        "late_fees": sum(late),
    }


@by_post("bookings:course", "uid")
def course_cancel(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Every session to come that can still be cancelled is cancelled at once."""
    found = course_or_404(request.user, uid)
    form = form_for(request)(request.POST)
    if not form.is_valid():
        return _page(request, found, form, 422)
    given = {name: form.cleaned_data[name] for name in SAID if name in form.fields}
    try:
        if not is_theirs(request.user, found):
            raise actions.NotPossible("Only the patient and the desk cancel it.")
        done = actions.cancel_rest(
            course=found, by=request.user, now=timezone.now(), **given
        )
    except actions.NotPossible as refused:
        messages.error(request, str(refused))
        return _page(request, found, form, 409)
    count = "One session is" if len(done) == 1 else f"{len(done)} sessions are"
    messages.success(request, f"{count} cancelled, and their time is free.")
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
def course_plan(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Dates for what remains; or for a session and all after it, which move."""
    found = course_or_404(request.user, uid)
    if not is_theirs(request.user, found):
        text = "Only the patient and the front desk change a course."
        return _with_message(request, found, text, 403)
    sent = request.POST if request.method == "POST" else request.GET
    form = DatesForm(sent)
    if not form.is_valid():
        return _with_message(request, found, pages.wrong_in(form), 400)
    first = form.cleaned_data["first"]
    rows = rows_of(found)
    numbers = _numbers(request.user, found, rows, first)
    if not numbers:
        text = "Every session of this course has its date, or its time is over: none is left to plan."
        return _with_message(request, found, text, 409)
    try:
        wanted = _planning(found, rows, numbers)
    except UnknownName as unknown:
        return _with_message(request, found, str(unknown), 409)
    page = Dates(
        request, wanted, Rearranging(found, first), form, _like(rows, numbers[0])
    )
    more = {
        "course": found,
        "patient": found.patient,
        "on_behalf": not access.is_self(request.user, found.patient),
        "first": first,
        "times_url": found.get_absolute_url(),
    }
    if request.method != "POST":
        return page.look(more)

    def work(sessions: Sessions) -> Course:
        return actions.arrange(
            course=found, sessions=sessions, by=request.user, now=timezone.now()
        )

    return page.write(work, more)


def _numbers(
    by: User, found: Course, rows: dict[int, Appointment], first: int | None
) -> tuple[int, ...]:
    """The sessions that remain; or `first` and those after it that can be moved."""
    now = timezone.now()
    open_to = [
        each["number"] for each in states(found, rows) if each["state"] == REMAINING
    ]
    if first is not None:
        movable = [
            n for n, row in rows.items() if actions.is_movable(row, by=by, now=now)
        ]
        open_to = [n for n in sorted({*open_to, *movable}) if n >= first]
    return tuple(open_to)


def _planning(
    found: Course, rows: dict[int, Appointment], numbers: tuple[int, ...]
) -> Planning:
    asked = ask(
        variant=found.variant.code,
        place=found.place.slug,
        patient=found.patient,
        areas=parse_areas(found.areas),
        depth_mm=found.depth_mm,
    )
    moved = frozenset(rows[number].pk for number in numbers if number in rows)
    return Planning(
        replace(asked, ignoring=moved),
        numbers,
        found.least_days,
        found.most_days,
        course=found.pk,
        standing=tuple(
            sitting for sitting in found.sittings() if sitting.number not in numbers
        ),
    )


def _like(rows: dict[int, Appointment], number: int) -> Wish | None:
    """The session before, or any other: the same person and time are sought."""
    before = [n for n in rows if n < number] or list(rows)
    if not before:
        return None
    row = rows[max(before)]
    return row.starts_at, row.practitioner.slug
