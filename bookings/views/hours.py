"""When practitioners are there: weekly hours and leave, edited at the desk."""

from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_safe,
)

from bookings import actions, rulebook
from bookings.access import appointments_of
from bookings.hours_forms import LeaveForm
from bookings.models import Appointment, AvailableTime, NotAvailableTime
from bookings.models.hours import Weekday
from bookings.rulebook import Rulebook
from bookings.views import daybook
from bookings.views.seen_first import shown, unless_broken
from bookings.views.single_day import coming
from bookings.weekly_form import HoursForm
from clinic.access import front_desk_required
from clinic.by_post import by_post
from clinic.models import Location, Practitioner, PractitionerRole, User
from clinic.qualifications import in_force

PAGE = ["GET", "HEAD", "POST"]
MOST_SHOWN = 50


@require_safe
@front_desk_required
def practitioners_hours(request: HttpRequest) -> HttpResponse:
    """Everybody, with their roles and the hours of each."""
    book, now = rulebook.current(), timezone.now()
    people = []
    for who in book.practitioners.values():
        roles = [role for role in book.roles.values() if role.practitioner_id == who.pk]
        away = [row for row in book.leave.get(who.pk, []) if row.ends_at > now]
        weeks = [
            (
                role,
                _week(book.hours.get(role.pk, [])),
                coming(book, role, daybook.today_at(role.location, now)),
            )
            for role in roles
        ]
        people.append({"who": who, "roles": weeks, "away": len(away)})
    people.sort(key=lambda each: not each["who"].is_active)
    context = {"people": people}
    return render(request, "bookings/practitioners_hours.html", context)


def _week(rows: list[AvailableTime]) -> list[tuple[str, list[str]]]:
    """Hours in words; days in a row that have the same share a line."""
    runs: list[tuple[int, int, list[str]]] = []
    for weekday in Weekday.values:
        words = [_words(row) for row in rows if row.weekday == weekday]
        if runs and runs[-1][1:] == (weekday - 1, words):
            runs[-1] = (runs[-1][0], weekday, words)
        elif words:
            runs.append((weekday, weekday, words))
    return [(_run(Weekday(first), Weekday(last)), words) for first, last, words in runs]


def _run(first: Weekday, last: Weekday) -> str:
    if first == last:
        return first.label
    return f"{first.label} {'and' if last == first + 1 else 'to'} {last.label}"


def _words(row: AvailableTime) -> str:
    words = daybook.clocks(row.start_time, row.end_time)
    if row.valid_from:
        words += f", from {daybook.short(row.valid_from)}"
    if row.valid_until:
        words += f", until {daybook.short(row.valid_until)}"
    return words


@require_http_methods(PAGE)
@front_desk_required
@daybook.with_day
def hours(request: HttpRequest, role_id: int, *, asked: date | None) -> HttpResponse:
    """The weekly hours of one role from a day on, all days on one form."""
    book = rulebook.current()
    role = book.roles.get(role_id)
    if role is None:
        raise Http404("There is no such role.")
    today = daybook.today_at(role.location, timezone.now())
    day = asked or today
    rows = book.hours.get(role.pk, [])
    form = HoursForm(
        request.POST or None, rows=[row for row in rows if _holds(row, day)]
    )
    breaks = None
    if form.is_valid():
        with suppress(actions.HoursUnclear):
            breaks = unless_broken(
                request, lambda: _save(form, role, day, request.user)
            )
        if not form.errors and not breaks:
            who, place = role.practitioner.name, role.location.name
            messages.success(request, f"The hours of {who} at {place} are saved.")
            return redirect("bookings:practitioners_hours")
    context = {
        "form": form,
        "role": role,
        "day": day,
        "zone": daybook.zone_words(role.location, day),
        "turns": _turns(rows, day, today),
        "single": coming(book, role, today),
        "today": today,
        **shown(breaks),
    }
    status = 422 if form.is_bound else 200
    return render(request, "bookings/hours.html", context, status=status)


def _holds(row: AvailableTime, day: date) -> bool:
    """Whether the hours hold on their weekday of the seven days from `day` on."""
    return in_force(row, day + (row.weekday - day.weekday()) % 7 * daybook.DAY)


def _turns(rows: list[AvailableTime], day: date, today: date) -> list[date]:
    """Other days, from today on, from which other hours hold."""
    begins = {row.valid_from for row in rows if row.valid_from}
    ended = {row.valid_until + daybook.DAY for row in rows if row.valid_until}
    turns = {turn for turn in begins | ended if turn > today}
    return sorted((turns | {today}) - {day})


def _save(form: HoursForm, role: PractitionerRole, day: date, by: User) -> None:
    """Set the hours of every weekday that changed. Raises HoursUnclear, said on the form."""
    for weekday, spans in form.changes().items():
        try:
            actions.set_hours(
                role=role,
                weekday=weekday,
                spans=spans,
                from_day=day,
                until_day=form.cleaned_data["until_day"],
                by=by,
                now=timezone.now(),
            )
        except actions.HoursUnclear as unclear:
            form.add_error(form.first_field(weekday), str(unclear))
    if form.errors:
        raise actions.HoursUnclear


@require_http_methods(PAGE)
@front_desk_required
def leave(request: HttpRequest, practitioner: str) -> HttpResponse:
    """The leave of one practitioner: what is to come, and a form for more."""
    book, now = rulebook.current(), timezone.now()
    who = book.practitioners.get(practitioner)
    if who is None:
        raise Http404("There is no such practitioner.")
    places = _places(book, who)
    form = LeaveForm(request.POST or None, places=places)
    breaks = None
    if form.is_valid():
        try:
            breaks = unless_broken(request, lambda: _take(form, who, request.user, now))
        except actions.HoursUnclear as unclear:
            form.add_error(None, str(unclear))
        if not form.errors and not breaks:
            messages.success(request, f"The leave of {who.name} is saved.")
            return redirect("bookings:leave", who.slug)
    context = {
        "form": form,
        "who": who,
        "places": places,
        "zone_of": places[0] if places else None,
        "away": _away(book, who, places, request.user, now),
        **shown(breaks),
    }
    status = 422 if form.is_bound else 200
    return render(request, "bookings/leave.html", context, status=status)


def _places(book: Rulebook, who: Practitioner) -> list[Location]:
    return [
        place for place in book.places.values() if book.roles_of(who.pk, place.pk)
    ] or list(book.places.values())


def _take(form: LeaveForm, who: Practitioner, by: User, now: datetime) -> None:
    actions.take_leave(
        practitioner=who,
        starts_at=form.cleaned_data["starts_at"],
        ends_at=form.cleaned_data["ends_at"],
        reason=form.cleaned_data["reason"],
        by=by,
        now=now,
    )


def _away(
    book: Rulebook,
    who: Practitioner,
    places: list[Location],
    user: User,
    now: datetime,
) -> list[dict[str, Any]]:
    """Leave that is not over, each with the appointments that stand in it."""
    rows = [row for row in book.leave.get(who.pk, []) if row.ends_at > now]
    if not rows:
        return []
    standing = list(
        appointments_of(user)
        .standing()
        .filter(
            practitioner=who,
            ends_at__gt=now,
            starts_at__lt=max(row.ends_at for row in rows),
        )
        .order_by("starts_at")
    )
    return [
        {
            "leave": row,
            "words": daybook.stretch_words(row.starts_at, row.ends_at, places[0]),
            "standing": [
                daybook.standing(each) for each in standing if _meet(row, each)
            ][:MOST_SHOWN],
        }
        for row in rows
    ]


def _meet(row: NotAvailableTime, each: Appointment) -> bool:
    return each.starts_at < row.ends_at and row.starts_at < each.ends_at


@by_post("bookings:practitioners_hours")
@front_desk_required
def leave_end(request: HttpRequest, leave_id: int) -> HttpResponse:
    """Take a leave back."""
    rows = NotAvailableTime.objects.select_related("practitioner")
    row = get_object_or_404(rows, pk=leave_id)
    actions.end_leave(leave=row, by=request.user, now=timezone.now())
    messages.success(request, f"The leave of {row.practitioner.name} is taken back.")
    return redirect("bookings:leave", row.practitioner.slug)
