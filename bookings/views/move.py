"""Another time for what is booked: choose it, look at both, move."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bookings import actions, rulebook, slots
from bookings.access import appointment_or_404, may_move
from bookings.findings import Finding
from bookings.forms import OverridingForm, SlotForm, TimesForm
from bookings.models import Appointment
from bookings.question import Asked, UnknownName
from bookings.views import alternatives
from bookings.views import patient as pages
from bookings.views.course_ways import Rearranging, written
from bookings.views.letting_pass import letting_pass
from bookings.views.times import page_of_times, place_of
from bookings.views.ways import Moving
from clinic import access
from clinic.by_post import with_query
from clinic.middleware import refusal

OF_COURSES = {"COURSE_TOO_SOON", "COURSE_TOO_LATE"}


def can_move(request: HttpRequest, found: Appointment) -> bool:
    """Whoever may, while it is booked and has not begun."""
    return may_move(request.user, found) and actions.is_movable(
        found, by=request.user, now=timezone.now()
    )


def _movable(
    request: HttpRequest, uid: UUID
) -> tuple[Appointment, HttpResponse | None]:
    found = appointment_or_404(request.user, uid)
    if can_move(request, found):
        return found, None
    text = "This appointment can no longer be moved here. Please call us."
    return found, refusal(request, text, status=409)


@require_safe
def move(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Days and times to which an appointment can be moved."""
    found, refused = _movable(request, uid)
    if refused:
        return refused
    form = TimesForm(request.GET)
    form.is_valid()
    book = rulebook.current()
    place = found.place
    if form.cleaned_data.get("place"):
        place = place_of(book, form) or place
    try:
        asked = actions.to_move(found, place=place.slug)
    except UnknownName as unknown:
        return refusal(request, str(unknown), status=409)
    who = request.GET.get("practitioner")
    if who is not None:
        somebody = book.practitioners.get(who)
        if who and not somebody:
            form.add_error("practitioner", "There is nobody of that name.")
        asked = replace(asked, practitioner=somebody)
    on_behalf = not access.is_self(request.user, found.patient)
    ways = Moving(found, found.patient if on_behalf else None)
    context = {"moving": found, "patient": found.patient, "on_behalf": on_behalf}
    return page_of_times(request, asked, form, ways, context)


@require_http_methods(["GET", "HEAD", "POST"])
@with_query("bookings:move", "uid")
def confirm(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Look at the old time and the new one, then move."""
    found = appointment_or_404(request.user, uid)
    sent = request.method == "POST"
    form = OverridingForm(request.POST) if sent else SlotForm(request.GET)
    if not form.is_valid():
        words = " ".join(text for errors in form.errors.values() for text in errors)
        return refusal(request, words, status=400)
    try:
        asked = actions.to_move(
            found,
            place=form.cleaned_data["place"],
            practitioner=form.cleaned_data["practitioner"],
        )
    except UnknownName as unknown:
        return refusal(request, str(unknown), status=400)
    if request.method == "POST":
        return _move(request, found, asked, form)
    found, refused = _movable(request, uid)
    if refused:
        return refused
    at, now = form.cleaned_data["at"], timezone.now()
    return _page(request, found, asked, form, slots.why_not(asked, at=at, now=now), 200)


def _move(
    request: HttpRequest, found: Appointment, asked: Asked, form: OverridingForm
) -> HttpResponse:
    at, now = form.cleaned_data["at"], timezone.now()
    try:
        if not may_move(request.user, found):
            raise actions.NotPossible("Only the patient and the desk move it.")
        moved = actions.move(
            appointment=found,
            asked=asked,
            at=at,
            by=request.user,
            now=now,
            overriding=form.overriding(),
        )
    except actions.ReasonNeeded as needed:
        closing = slots.why_not(asked, at=at, now=now)
        return _page(request, found, asked, form, closing, 422, str(needed))
    except actions.NotBookable as refused:
        return _page(request, found, asked, form, refused.findings, 409)
    except (actions.NotPossible, UnknownName) as refused:
        return refusal(request, str(refused), status=409)
    messages.success(request, "The appointment is moved. The old time is free again.")
    return redirect(moved)


def _page(
    request: HttpRequest,
    found: Appointment,
    asked: Asked,
    form: SlotForm,
    findings: list[Finding],
    status: int,
    error: str = "",
) -> HttpResponse:
    at = form.cleaned_data["at"]
    ways = Moving(found)
    to = ways.confirm(asked)
    others = alternatives.near(asked, at, timezone.now()) if findings else []
    context = {
        **pages.sight(request),
        **letting_pass(
            request.user,
            findings,
            asked.place,
            form if status != 200 else None,
            error,
        ),
        "appointment": found,
        "asked": asked,
        "at": at,
        "at_iso": pages.iso(at, asked.place),
        "ends_at": at + timedelta(minutes=asked.minutes),
        "place": asked.place,
        "alternatives": [{"slot": slot, "url": to(slot)} for slot in others],
        "along_url": _along(found, asked, at, findings),
        "times_url": ways.times(asked),
        "is_desk": access.is_front_desk(request.user),
    }
    return render(request, "bookings/move.html", context, status=status)


def _along(
    found: Appointment, asked: Asked, at: datetime, findings: list[Finding]
) -> str:
    """The page that moves the sessions behind it too, where that would help."""
    against = {finding.code for finding in findings}
    who = asked.practitioner
    if not (found.course and against & OF_COURSES) or who is None:
        return ""
    on = [written(at, who.slug, asked.place)]
    return Rearranging(found.course, found.session).dates(asked, on)
