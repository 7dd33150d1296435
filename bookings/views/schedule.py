"""A practitioner's own schedule: a day or a week, drawn and listed."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings import rulebook
from bookings.calendar import bounds, lay_out
from bookings.models import Appointment
from bookings.models.appointments import STANDING
from bookings.rulebook import Rulebook
from bookings.timeline import to_minute
from bookings.views import daybook
from clinic.access import practitioner_required
from clinic.models import Location, Practitioner
from treatments.actions import to_review

DAY = timedelta(days=1)
DAY_WIDTH = 287
WEEK_WIDTH = 160


@require_safe
@practitioner_required
@daybook.with_day
def schedule_day(request: HttpRequest, *, asked: date | None) -> HttpResponse:
    """One day: a list, and beside it the calendar."""
    found = _own(request, asked, 1)
    if found is None:
        return render(request, "bookings/schedule_day.html", reviews(request))
    book, place, days, around = found
    parts = _parts(request.user.practitioner, book, place, days)
    context = reviews(request) | around | parts[0]
    context["calendar"] = _drawn(parts, place, DAY_WIDTH)
    context["summary"] = daybook.summary(parts[0]["lines"], place)
    return render(request, "bookings/schedule_day.html", context)


@require_safe
@practitioner_required
@daybook.with_day
def schedule_week(request: HttpRequest, *, asked: date | None) -> HttpResponse:
    """The seven days from Monday that hold the day asked for."""
    found = _own(request, asked, 7)
    if found is None:
        return render(request, "bookings/schedule_week.html", reviews(request))
    book, place, days, around = found
    parts = _parts(request.user.practitioner, book, place, days)
    context = reviews(request) | around | {"parts": parts}
    context["calendar"] = _drawn(parts, place, WEEK_WIDTH)
    rows = [line.appointment for part in parts for line in part["lines"]]
    context["summary"] = f"{_count(rows) or 'No appointments'}."
    return render(request, "bookings/schedule_week.html", context)


def reviews(request: HttpRequest) -> dict[str, Any]:
    """How many drafts of the catalogue wait for whoever asks, and where they are."""
    waiting = to_review(request.user)
    if len(waiting) == 1:
        url = reverse("admin:treatments_edition_review", args=[waiting[0].pk])
    else:
        url = reverse("admin:treatments_edition_changelist") + "?state__exact=in-review"
    return {"to_review": waiting, "review_url": url}


def _own(
    request: HttpRequest, asked: date | None, count: int
) -> tuple[Rulebook, Location, list[date], dict[str, Any]] | None:
    """Where and when: None for somebody who works nowhere yet. Raises Http404."""
    book, now = rulebook.current(), timezone.now()
    practitioner = request.user.practitioner
    places = places_of(book, practitioner)
    if not places:
        return None
    slug = request.GET.get("place")
    if slug and slug not in {place.slug for place in places}:
        raise Http404("You do not work at that place.")
    chosen = [place for place in places if place.slug == slug] or places
    place = max(chosen, key=lambda each: _busy(book, practitioner, each, asked, now))
    day = asked or daybook.today_at(place, now)
    first = day - day.weekday() * DAY if count == 7 else day
    days = [first + number * DAY for number in range(count)]
    return book, place, days, _around(place, places, day, days, now)


def places_of(book: Rulebook, practitioner: Practitioner) -> list[Location]:
    """Where a practitioner works or worked, by name."""
    return [
        place
        for place in book.places.values()
        if book.roles_of(practitioner.pk, place.pk)
    ]


def _busy(
    book: Rulebook,
    practitioner: Practitioner,
    place: Location,
    asked: date | None,
    now: datetime,
) -> int:
    """The minutes of hours at a place on the day; of several the busiest is shown."""
    day = asked or daybook.today_at(place, now)
    roles = book.roles_of(practitioner.pk, place.pk)
    return sum(until - first for first, until in daybook.hours_of(book, roles, day))


def _parts(
    practitioner: Practitioner, book: Rulebook, place: Location, days: Sequence[date]
) -> list[dict[str, Any]]:
    """Each day with its list and its column, in one query."""
    whole = bounds(days[0], place.tz)[0], bounds(days[-1], place.tz)[1]
    now = timezone.now()
    rows = daybook.between(practitioner.appointments.shown(now), whole)
    today = daybook.today_at(place, now)
    parts = []
    for day in days:
        mine = [row for row in rows if daybook.meets(row, bounds(day, place.tz))]
        column = daybook.column(
            book,
            practitioner=practitioner,
            place=place,
            day=day,
            rows=mine,
            head=f"{day:%a} {day.day}" if len(days) > 1 else "",
            sub=_under(mine, practitioner, book, place, day) if len(days) > 1 else "",
            is_today=day == today,
        )
        lines = [daybook.line(row, place) for row in mine]
        parts.append({"day": day, "lines": lines, "column": column})
        parts[-1]["url"] = daybook.address(
            "schedule_day", day=day.isoformat(), place=place.slug
        )
    return parts


def _under(
    rows: Sequence[Appointment],
    practitioner: Practitioner,
    book: Rulebook,
    place: Location,
    day: date,
) -> str:
    """Under the heading of a day: how many come, and hours at other places."""
    others = [
        f"at {other.name}"
        for other in places_of(book, practitioner)
        if other != place
        and daybook.hours_of(book, book.roles_of(practitioner.pk, other.pk), day)
    ]
    return ", ".join(filter(None, [_count(rows), *others]))


def _count(rows: Sequence[Appointment]) -> str:
    count = sum(row.status in STANDING for row in rows)
    return f"{count} appointment{'s' * (count > 1)}" if count else ""


def _drawn(parts: Sequence[dict[str, Any]], place: Location, width: float) -> Any:
    return lay_out(
        [part["column"] for part in parts],
        zone=place.tz,
        now=to_minute(timezone.now()),
        column_width=width,
    )


def _around(
    place: Location,
    places: Sequence[Location],
    day: date,
    days: Sequence[date],
    now: datetime,
) -> dict[str, Any]:
    """Ways to other days and places, and what the page says about time."""
    name = "schedule_week" if len(days) > 1 else "schedule_day"
    step = len(days) * DAY

    def go(target: str, to: date | None, where: Location = place) -> str:
        slug = where.slug if len(places) > 1 else None
        return daybook.address(target, day=to and to.isoformat(), place=slug)

    return {
        "place": place,
        "zone": daybook.zone_words(place, day),
        "days": days,
        "is_today": daybook.today_at(place, now) in days,
        "previous_url": go(name, day - step),
        "today_url": go(name, None),
        "next_url": go(name, day + step),
        "day_url": go("schedule_day", day),
        "week_url": go("schedule_week", day),
        "places": [(each, go(name, day, each)) for each in places],
    }
