"""The front desk's day: everybody of a place side by side, and the list."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings import actions, rulebook
from bookings.access import appointment_or_404, appointments_of
from bookings.breaks import against
from bookings.calendar import Column, bounds, lay_out
from bookings.models import Appointment, AtRisk, Status
from bookings.rulebook import Rulebook
from bookings.rules.place_open import closed_for
from bookings.staff_forms import MarkForm
from bookings.timeline import to_minute
from bookings.views import daybook
from bookings.views.daybook import Line
from bookings.views.marks import ERROR, FORMS, MOVES, act_on, day_of, with_moves
from clinic.access import front_desk_required, is_admin
from clinic.by_post import by_post
from clinic.models import Location, Practitioner, User
from clinic.qualifications import in_force

DAY = timedelta(days=1)
COLUMN_WIDTH = 180


@require_safe
@front_desk_required
def desk(request: HttpRequest) -> HttpResponse:
    """Choose a place; where there is one, go there."""
    now, places = timezone.now(), list(rulebook.current().places.values())
    if len(places) == 1:
        return redirect("bookings:desk_day", places[0].slug)
    near = (
        appointments_of(request.user)
        .standing()
        .filter(starts_at__gt=now - 2 * DAY, starts_at__lt=now + 2 * DAY)
    )
    starts = near.order_by().values_list("place", "starts_at")
    by_place: Counter[tuple[int, date]] = Counter(
        (place.pk, start.astimezone(place.tz).date())
        for place in places
        for pk, start in starts
        if pk == place.pk
    )
    cards = []
    for place in places:
        today = daybook.today_at(place, now)
        cards.append((place, today, by_place[place.pk, today]))
    context = {
        "cards": cards,
        "sees_overrides": is_admin(request.user),
        "at_risk": AtRisk.objects.to_do(now).count(),
    }
    return render(request, "bookings/desk.html", context)


@require_safe
@front_desk_required
@daybook.with_day
def desk_day(request: HttpRequest, place: str, *, asked: date | None) -> HttpResponse:
    """Everybody of a place side by side."""
    now, book = timezone.now(), rulebook.current()
    where = _place_or_404(book, place)
    day = asked or daybook.today_at(where, now)
    context = _listed(request.user, book, where, day, now, "desk_day")
    rows = [line.appointment for line in context["lines"]]
    columns = _columns(book, where, day, rows)
    context["calendar"] = columns and lay_out(
        columns, zone=where.tz, now=to_minute(now), column_width=COLUMN_WIDTH
    )
    return render(request, "bookings/desk_day.html", context)


@require_safe
@front_desk_required
@daybook.with_day
def desk_list(request: HttpRequest, place: str, *, asked: date | None) -> HttpResponse:
    """The day as a list, which also prints."""
    book = rulebook.current()
    return _list_page(request, book, _place_or_404(book, place), asked)


@by_post("bookings:appointment", "uid")
@front_desk_required
def mark(request: HttpRequest, uid: UUID, verb: str) -> HttpResponse:
    """Say what became of an appointment; 409 and the day's list if it cannot be."""
    move = ERROR if verb == ERROR.verb else MOVES.get(verb)
    if move is None:
        raise Http404("An appointment cannot be marked like that.")
    appointment = appointment_or_404(request.user, uid)
    form = FORMS.get(verb, MarkForm)(request.POST)
    try:
        act_on(appointment, move, form, request.user)
    except actions.NotPossible as refused:
        messages.error(request, f"{appointment.patient.name}: {refused}")
        book, day = rulebook.current(), day_of(appointment)
        return _list_page(request, book, appointment.place, day, status=409)
    messages.success(request, f"{appointment.patient.name} {move.said}.")
    if move.status == Status.ARRIVED:
        for finding in against(appointment, timezone.now()):
            changed = finding.desk or finding.message
            messages.warning(request, f"Not as when it was booked: {changed}")
    return redirect(_back(appointment, form.cleaned_data["back"]))


def _back(appointment: Appointment, page: str) -> str:
    """The page that the mark was made on."""
    if page == "patient":
        return daybook.address("patient", appointment.patient.uid)
    if page == "at-risk":
        return daybook.address("at_risk")
    if page == "appointment":
        return appointment.get_absolute_url()
    name = "desk_day" if page == "day" else "desk_list"
    day = day_of(appointment).isoformat()
    return daybook.address(name, appointment.place.slug, day=day)


def _place_or_404(book: Rulebook, slug: str) -> Location:
    place = book.places.get(slug)
    if place is None:
        raise Http404("There is no such place.")
    return place


def _list_page(
    request: HttpRequest,
    book: Rulebook,
    place: Location,
    asked: date | None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    day = asked or daybook.today_at(place, now)
    context = _listed(request.user, book, place, day, now, "desk_list")
    return render(request, "bookings/desk_list.html", context, status=status)


def _listed(
    user: User, book: Rulebook, place: Location, day: date, now: datetime, name: str
) -> dict[str, Any]:
    """The lines of a day, and what stands around them on the page `name`."""
    lines = _lines(user, place, day, now)
    return _around(book, place, day, now, name) | {
        "lines": lines,
        "summary": daybook.summary(lines, place),
        "at_risk": AtRisk.objects.to_do(now).count(),
        "back": "day" if name == "desk_day" else "list",
    }


def _lines(user: User, place: Location, day: date, now: datetime) -> list[Line]:
    rows = daybook.between(
        appointments_of(user).shown(now).filter(place=place), bounds(day, place.tz)
    )
    return [with_moves(daybook.line(row, place), now) for row in rows]


def _columns(
    book: Rulebook, place: Location, day: date, rows: Sequence[Appointment]
) -> list[Column]:
    """A column for everybody who works at the place or stands in its list that day.

    Those who are there that day come first.
    """
    columns = []
    for who, roles in _people(book, place, day, rows).items():
        columns.append(
            daybook.column(
                book,
                practitioner=who,
                place=place,
                day=day,
                rows=[row for row in rows if row.practitioner_id == who.pk],
                head=who.name,
                sub=", ".join(dict.fromkeys(roles)),
            )
        )
    return sorted(columns, key=lambda each: not (each.hours or each.events))


def _people(
    book: Rulebook, place: Location, day: date, rows: Sequence[Appointment]
) -> dict[Practitioner, list[str]]:
    people: dict[Practitioner, list[str]] = {}
    booked = {row.practitioner_id for row in rows}
    for role in book.roles_at(place.pk):
        is_here = role.practitioner.is_active and in_force(role, day)
        if is_here or role.practitioner_id in booked:
            people.setdefault(role.practitioner, []).append(role.role.label)
    return dict(sorted(people.items(), key=lambda each: each[0].name))


def _around(
    book: Rulebook, place: Location, day: date, now: datetime, name: str
) -> dict[str, Any]:
    """Ways to other days, places and views of the same day."""
    today = daybook.today_at(place, now)

    def go(target: str, to: date | None, where: Location = place) -> str:
        return daybook.address(target, where.slug, day=to and to.isoformat())

    return {
        "place": place,
        "day": day,
        "zone": daybook.zone_words(place, day),
        "closed": closed_for(book, place, day),
        "is_today": day == today,
        "previous_url": go(name, day - DAY),
        "today_url": go(name, None),
        "next_url": go(name, day + DAY),
        "day_url": go("desk_day", day),
        "list_url": go("desk_list", day),
        "places": [(each, go(name, day, each)) for each in book.places.values()],
    }
