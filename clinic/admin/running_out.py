"""Which papers run out, and when: for the list and for the first page."""

from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.utils import timezone

from clinic.days import earliest_day
from clinic.running_out import STEPS, words_for


def ending_within(rows: Any, within: str, today: date) -> Any:
    """The rows that `within` names: expired, so many days from today, or unverified."""
    if within == "unverified":
        return rows.filter(verified_by__isnull=True)
    if within == "expired":
        return rows.filter(valid_until__lt=today)
    last = today + timedelta(days=int(within))
    return rows.filter(valid_until__gte=today, valid_until__lte=last)


def days_left(paper: Any, today: date) -> str:
    """How long a paper still counts; its last day is included."""
    if paper.valid_until is None:
        return "no end"
    return words_for((paper.valid_until - today).days)


class EndsFilter(admin.SimpleListFilter):
    title = "running out"
    parameter_name = "ends"

    def lookups(self, request, model_admin):
        return [
            ("expired", "Expired"),
            *((str(days), f"In {days} days") for days in STEPS),
            ("unverified", "Not verified yet"),
        ]

    def queryset(self, request, queryset):
        if self.value() not in dict(self.lookup_choices):
            return queryset
        return ending_within(queryset, self.value(), earliest_day(timezone.now()))
