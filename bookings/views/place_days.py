"""The days of a year on which a place is closed, or open all the same."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookings import actions, rulebook
from bookings.hours_forms import PlaceDayForm
from bookings.rulebook import Rulebook
from bookings.rules.place_open import closed_for
from bookings.views import daybook
from bookings.views.seen_first import shown, unless_broken
from clinic.access import front_desk_required
from clinic.models import Location, User
from clinic.public_holidays import holidays_in

YEARS = 5  # before and after this one


@require_http_methods(["GET", "HEAD", "POST"])
@front_desk_required
def place_days(request: HttpRequest, place: str) -> HttpResponse:
    """A year's holidays and decided days, each with its switch, and a form for more."""
    book, now = rulebook.current(), timezone.now()
    where = book.places.get(place)
    if where is None:
        raise Http404("There is no such place.")
    this_year = daybook.today_at(where, now).year
    form = PlaceDayForm(request.POST or None)
    breaks = None
    if form.is_valid():
        breaks = unless_broken(request, lambda: _save(form, where, request.user, now))
        if not breaks:
            day = form.cleaned_data["day"]
            messages.success(request, f"{daybook.short(day)} is saved.")
            return redirect(
                daybook.address("place_days", where.slug, year=str(day.year))
            )
    year = _year(request.GET.get("year"), this_year)
    years = [each for each in (year - 1, year + 1) if abs(each - this_year) <= YEARS]
    context = {
        "form": form,
        "place": where,
        "year": year,
        "years": years,
        "days": _days(book, where, year),
        "today": daybook.today_at(where, now),
        **shown(breaks),
        "places": [
            (each, daybook.address("place_days", each.slug, year=str(year)))
            for each in book.places.values()
        ],
    }
    status = 422 if form.is_bound else 200
    return render(request, "bookings/place_days.html", context, status=status)


def _year(text: str | None, this_year: int) -> int:
    """The year asked for, if it is one near this one; else this one."""
    if text and text.isascii() and text.isdecimal() and len(text) == 4:
        year = int(text)
        if abs(year - this_year) <= YEARS:
            return year
    return this_year


def _days(book: Rulebook, place: Location, year: int) -> list[dict[str, Any]]:
    """Holidays and days that somebody decided about, in order, with what holds."""
    holidays = holidays_in(place.jurisdiction, year)
    decided = book.place_days.get(place.pk, {})
    days = sorted({*holidays, *(day for day in decided if day.year == year)})
    return [
        {
            "day": day,
            "holiday": holidays.get(day, ""),
            "reason": decided[day].reason if day in decided else "",
            "is_decided": day in decided,
            "is_open": closed_for(book, place, day) is None,
        }
        for day in days
    ]


def _save(form: PlaceDayForm, place: Location, by: User, now: datetime) -> None:
    day, state = form.cleaned_data["day"], form.cleaned_data["state"]
    if state == PlaceDayForm.USUAL:
        actions.clear_place_day(place=place, day=day, by=by, now=now)
    else:
        actions.set_place_day(
            place=place,
            day=day,
            is_open=state == PlaceDayForm.OPEN,
            reason=form.cleaned_data["reason"],
            by=by,
            now=now,
        )
