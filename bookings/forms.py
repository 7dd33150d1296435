"""Forms of the patient's pages: the shape of what was sent. The rules decide the rest."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from bookings.slots import MOST_DAYS, NoSuchMoment, minute_asked
from bookings.timeline import from_minute, local_minute
from treatments.areas import AreaUnreadable, PlannedArea, parse_areas

WEEK = 7


class MomentField(forms.Field):
    """An instant with its offset, such as 2026-11-24T09:00-07:00, to the minute."""

    default_error_messages = {
        "required": "Choose a time.",
        "invalid": "Choose one of the times shown.",
    }

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            # An unquoted + arrives as a space.
            moment = datetime.fromisoformat(str(value).strip().replace(" ", "+"))
            minute_asked(moment)
        except NoSuchMoment as problem:
            raise forms.ValidationError(str(problem)) from problem
        except (ValueError, OverflowError) as problem:
            raise forms.ValidationError(self.error_messages["invalid"]) from problem
        return moment


class WhereForm(forms.Form):
    """A place, and perhaps a practitioner, by their slugs."""

    place = forms.CharField(required=False, max_length=60)
    practitioner = forms.CharField(required=False, max_length=60)


class TimesForm(WhereForm):
    """Which days to show: `day` is the chosen one, `from` begins the strip."""

    day = forms.DateField(
        required=False,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": "Write the day as in 2026-11-24."},
    )
    first = forms.DateField(
        required=False,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": "Write the day as in 2026-11-24."},
    )
    days = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        error_messages={
            "max_value": f"Ask for {MOST_DAYS} days at the most.",
            "min_value": "Ask for one day at least.",
            "invalid": "Write the number of days in digits.",
        },
    )

    def strip(self, today: date, horizon: int) -> tuple[date, int]:
        """The first day shown and how many. Adds an error where nobody can book."""
        asked = self.cleaned_data.get("first") or self.cleaned_data.get("day") or today
        for name in ("day", "first"):
            day = self.cleaned_data.get(name)
            if day and day < today:
                self.add_error(name, "That day has passed. Choose a day from today on.")
            elif day and day > today + timedelta(days=horizon):
                text = (
                    f"We take bookings up to {horizon} days ahead. Choose a day before."
                )
                self.add_error(name, text)
        if self.errors:
            return today, WEEK
        return asked, self.cleaned_data.get("days") or WEEK


class SlotForm(WhereForm):
    """One start with one practitioner."""

    at = MomentField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].required = True
        self.fields["practitioner"].required = True


class BookForm(SlotForm):
    """What the confirm page sends. Areas travel here and never in an address."""

    areas = forms.MultipleChoiceField(required=False)
    submission = forms.UUIDField(
        error_messages={
            "required": "Please load this page again, and confirm once more.",
            "invalid": "Please load this page again, and confirm once more.",
        }
    )

    def __init__(self, *args: Any, areas: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["areas"].choices = [(area, area) for area in areas]
        self.fields["areas"].error_messages["invalid_choice"] = (
            "Choose areas from the list."
        )

    def clean_areas(self) -> tuple[PlannedArea, ...]:
        try:
            return parse_areas(",".join(self.cleaned_data["areas"]))
        except AreaUnreadable as problem:
            raise forms.ValidationError(str(problem)) from problem


class WhyForm(forms.Form):
    """A start as a person says it: a practitioner, a day and what the clock shows."""

    practitioner = forms.ChoiceField(
        error_messages={"invalid_choice": "Choose somebody from the list."}
    )
    day = forms.DateField(
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    time = forms.TimeField(
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )

    def __init__(
        self, *args: Any, people: list[tuple[str, str]], zone: ZoneInfo, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["practitioner"].choices = people

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day, wall = cleaned.get("day"), cleaned.get("time")
        if day and wall:
            cleaned["at"] = self._moment(day, wall)
        return cleaned

    def _moment(self, day: date, wall: time) -> datetime | None:
        if not 2000 <= day.year < 2200:
            self.add_error("day", "Choose a day in this century.")
            return None
        moment = from_minute(local_minute(day, wall.replace(second=0), self.zone))
        shown = moment.astimezone(self.zone)
        if (shown.hour, shown.minute) != (wall.hour, wall.minute):
            text = "Clocks skip that time on that day. Choose a time an hour later."
            self.add_error("time", text)
            return None
        return moment


class CancelForm(forms.Form):
    """A word for the clinic, if the patient likes."""

    reason = forms.CharField(
        required=False,
        max_length=200,
        label="Reason (optional)",
        help_text="For the front desk. Please leave out anything about your health.",
    )
