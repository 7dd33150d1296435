"""The form of somebody's weekly hours; wall clock of a place."""

from collections.abc import Iterable, Iterator
from typing import Any, cast

from django import forms
from django.http import QueryDict

from bookings.hours_forms import SPANS, Opening, Span, check_pairs, wall_field
from bookings.models import AvailableTime
from bookings.models.hours import Weekday
from bookings.staff_forms import day_field, sensible


class HoursForm(forms.Form):
    """The weekly hours of one role: up to three openings a day, wall clock.

    Each day is sent with what the page `shown` of it: only what somebody changed is
    changed, and not where somebody else did so meanwhile.
    """

    until_day = day_field(
        "Last day",
        required=False,
        help_text="If it is empty, the hours hold until others that are dated for later.",
    )

    def __init__(self, data: Any = None, *, rows: Iterable[AvailableTime]) -> None:
        self.before: dict[int, list[Span]] = {day: [] for day in Weekday.values}
        for row in rows:
            self.before[row.weekday].append((row.start_time, row.end_time))
        super().__init__(data)
        for weekday, label in Weekday.choices:
            before = sorted(self.before[weekday])
            for number in range(max(SPANS, len(before))):
                known = before[number] if number < len(before) else (None, None)
                for name, initial in zip(("from", "to"), known, strict=True):
                    self.fields[f"{name}_{weekday}_{number}"] = wall_field(
                        f"{label}, {name}", initial
                    )
            self.fields[self._shown(weekday)] = forms.CharField(
                initial=_told(before),
                widget=forms.HiddenInput,
                error_messages={"required": "Load the page again, and send it whole."},
            )

    @staticmethod
    def _shown(weekday: int) -> str:
        return f"shown_{weekday}"

    def openings(self, weekday: int) -> list[Opening]:
        count = max(SPANS, len(self.before[weekday]))
        return [
            Opening(self[f"from_{weekday}_{number}"], self[f"to_{weekday}_{number}"])
            for number in range(count)
        ]

    def first_field(self, weekday: int) -> str:
        return f"from_{weekday}_0"

    @property
    def days(self) -> Iterator[tuple[str, list[Opening], forms.BoundField]]:
        for weekday, label in Weekday.choices:
            yield label, self.openings(weekday), self[self._shown(weekday)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        try:
            cleaned.get("until_day") and sensible(cleaned["until_day"])
        except ValueError:
            self.add_error("until_day", "Enter a day in this century.")
        for weekday in Weekday.values:
            check_pairs(self, self.openings(weekday))
        if not self.errors:
            self._check_changes(cleaned)
        return cleaned

    def _check_changes(self, cleaned: dict[str, Any]) -> None:
        changes = self.changes()
        for weekday in changes:
            before = sorted(self.before[weekday])
            if cleaned[self._shown(weekday)] != _told(before):
                data = cast(QueryDict, self.data).copy()
                data[self._shown(weekday)] = _told(before)
                self.data = data
                self.add_error(
                    self.first_field(weekday),
                    f"Somebody changed {Weekday(weekday).label} meanwhile: {_told(before)}. "
                    "Look at it, and save again.",
                )
        if cleaned.get("until_day") and not changes:
            self.add_error(
                "until_day",
                "A last day goes with new hours: until then they hold. To end hours, "
                "show the first day without them above, and leave all its times empty.",
            )

    def changes(self) -> dict[int, list[Span]]:
        """The weekdays whose hours somebody changed, with their new hours."""
        found = {}
        for weekday in Weekday.values:
            spans = sorted(
                (self.cleaned_data[begins.name], self.cleaned_data[ends.name])
                for begins, ends in self.openings(weekday)
                if self.cleaned_data[begins.name] is not None
            )
            if _told(spans) != self.cleaned_data[self._shown(weekday)]:
                found[weekday] = spans
        return found


def _told(spans: Iterable[Span]) -> str:
    """Hours in the words of a hidden field, and of a message."""
    words = [f"{start:%H:%M} to {end:%H:%M}" for start, end in sorted(spans)]
    return ", ".join(words) or "no hours"
