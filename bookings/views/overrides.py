"""What was let pass in a month: counted, listed, and as a file. For clinic admins."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings import rulebook
from bookings.models import Override
from bookings.reason_words import of_what
from bookings.views import daybook
from clinic.access import admin_required
from clinic.middleware import refusal
from clinic.models import Location

DAY = timedelta(days=1)
LONGEST_MONTH = timedelta(days=31)
# What a table program would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (
    *("at", "by", "code", "severity", "subject", "reason"),
    *("place", "start", "moved since", "appointment"),
)


class MonthUnclear(Exception):
    """No month that a report can show. Its text is a sentence for a person."""


@require_safe
@admin_required
def overrides(request: HttpRequest) -> HttpResponse:
    """A month by code, by person, and line by line."""
    try:
        first = _month(request)
    except MonthUnclear as unclear:
        return refusal(request, str(unclear), status=400)
    rows = _rows(first)
    before, after = first - DAY, first + LONGEST_MONTH
    context = {
        "first": first,
        "rows": rows,
        "by_code": [
            (of_what(code), code, count)
            for code, count in Counter(row.code for row in rows).most_common()
        ],
        "by_person": Counter(str(row.by) for row in rows).most_common(),
        "before_url": daybook.address("overrides", month=f"{before:%Y-%m}"),
        "after_url": daybook.address("overrides", month=f"{after:%Y-%m}"),
        "file_url": daybook.address("overrides_file", month=f"{first:%Y-%m}"),
    }
    return render(request, "bookings/overrides.html", context)


@require_safe
@admin_required
def overrides_file(request: HttpRequest) -> HttpResponse:
    """The same lines as CSV. Patients are named by their appointment only."""
    try:
        first = _month(request)
    except MonthUnclear as unclear:
        return refusal(request, str(unclear), status=400)
    name = f"overrides-{first:%Y-%m}.csv"
    answer = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    writer = csv.writer(answer)
    writer.writerow(COLUMNS)
    for row in _rows(first):
        writer.writerow(_harmless(_cells(request, row)))
    return answer


def _cells(request: HttpRequest, row: Override) -> list[Any]:
    place = row.appointment.place
    address = request.build_absolute_uri(row.appointment.get_absolute_url())
    moved = "yes" if row.lapsed_at else "no"
    return [
        *(_iso(row.at, place), row.by, row.code, row.severity, row.subject),
        *(row.reason, place.name, _iso(row.starts_at, place), moved, address),
    ]


def _iso(moment: datetime, place: Location) -> str:
    return moment.astimezone(place.tz).isoformat(timespec="minutes")


def _harmless(cells: Sequence[Any]) -> list[str]:
    """As text that no table program runs."""
    words = [str(cell) for cell in cells]
    return [f"'{word}" if word.startswith(FORMULA) else word for word in words]


def _month(request: HttpRequest) -> date:
    """The first day of the month in the address, else of this one."""
    text = request.GET.get("month", "")
    if not text:
        now = timezone.now()
        places = list(rulebook.current().places.values())
        today = daybook.today_at(places[0], now) if places else now.date()
        return today.replace(day=1)
    found = re.fullmatch(r"(2[01][0-9]{2})-(0[1-9]|1[0-2])", text)
    if not found:
        raise MonthUnclear("Write the month as in 2026-11.")
    return date(int(found[1]), int(found[2]), 1)


def _rows(first: date) -> list[Override]:
    """What was let pass in the month, as the calendars of the places have it."""
    until = (first + LONGEST_MONTH).replace(day=1)
    begins = datetime.combine(first, time(0), UTC) - DAY  # wherever the place is
    ends = datetime.combine(until, time(0), UTC) + DAY
    found = Override.objects.filter(at__gte=begins, at__lt=ends)
    rows = found.select_related("by", "appointment__place").order_by("at", "pk")
    return [
        row
        for row in rows
        if first <= row.at.astimezone(row.appointment.place.tz).date() < until
    ]
