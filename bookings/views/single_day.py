"""The hours of a role on one date, set at the desk."""

from datetime import date, datetime, time
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookings import actions, rulebook
from bookings.hours_forms import SingleDayForm, Span
from bookings.models import SingleDay
from bookings.rulebook import Rulebook
from bookings.views import daybook
from bookings.views.seen_first import shown, unless_broken
from clinic.access import front_desk_required
from clinic.models import PractitionerRole, User
from clinic.qualifications import in_force


@require_http_methods(["GET", "HEAD", "POST"])
@front_desk_required
@daybook.with_day
def single_day(
    request: HttpRequest, role_id: int, *, asked: date | None
) -> HttpResponse:
    """All hours of one date on one form; and the way back to the week's."""
    book, now = rulebook.current(), timezone.now()
    role = book.roles.get(role_id)
    if role is None:
        raise Http404("There is no such role.")
    day = asked or daybook.today_at(role.location, now)
    rows = book.single_days.get(role.pk, {}).get(day, [])
    form = SingleDayForm(
        request.POST or None,
        day=day,
        zone=role.location.tz,
        known=_own(rows) if rows else weekly(book, role, day),
    )
    breaks = None
    as_week = "week" in request.POST
    if as_week or form.is_valid():
        spans = None if as_week else form.spans()
        try:
            breaks = unless_broken(
                request, lambda: _save(role, day, spans, request.user, now)
            )
        except actions.HoursUnclear as unclear:
            form.add_error("from_0", str(unclear))
        else:
            if not breaks:
                who, on = role.practitioner.name, daybook.short(day)
                messages.success(request, f"The hours of {who} on {on} are saved.")
                return redirect("bookings:practitioners_hours")
    context = {
        "form": form,
        "role": role,
        "day": day,
        "is_single": bool(rows),
        "weekly": [daybook.clocks(*span) for span in weekly(book, role, day)],
        "zone": daybook.zone_words(role.location, day),
        "as_week": as_week,
        **shown(breaks),
    }
    status = 422 if form.is_bound else 200
    return render(request, "bookings/single_day.html", context, status=status)


def weekly(book: Rulebook, role: PractitionerRole, day: date) -> list[Span]:
    """The hours that the week has on a date."""
    return [
        (row.start_time, row.end_time)
        for row in book.hours.get(role.pk, [])
        if row.weekday == day.weekday() and in_force(row, day)
    ]


def coming(book: Rulebook, role: PractitionerRole, today: date) -> list[dict[str, Any]]:
    """The single dates of a role from today on, in words."""
    dates = book.single_days.get(role.pk, {})
    return [
        {
            "day": day,
            "spans": [daybook.clocks(*span) for span in _own(rows)],
            "besides": all(row.adds for row in rows),
        }
        for day, rows in sorted(dates.items())
        if day >= today
    ]


def _own(rows: list[SingleDay]) -> list[tuple[time, time]]:
    return [
        (row.start_time, row.end_time)
        for row in rows
        if row.start_time is not None and row.end_time is not None
    ]


def _save(
    role: PractitionerRole,
    day: date,
    spans: list[Span] | None,
    by: User,
    now: datetime,
) -> None:
    """Set the date, or without `spans` let the week hold again. Raises HoursUnclear."""
    if spans is None:
        actions.clear_day(role=role, day=day, by=by, now=now)
    else:
        actions.set_day(role=role, day=day, spans=spans, by=by, now=now)
