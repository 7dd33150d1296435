"""Forms of the staff's pages: the shape of what is typed; the actions decide the rest."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

from django import forms

from bookings.models import AvailableTime
from bookings.models.hours import Weekday
from bookings.timeline import from_minute, local_minute, midnight
from clinic import actions
from clinic.forms import DetailsForm, one_line
from clinic.models import Location

DAY = timedelta(days=1)
MIDNIGHT = time(0)
DAY_FORMATS = ["%Y-%m-%d", "%m/%d/%Y"]
CLOCK_FORMATS = ["%H:%M", "%I:%M %p", "%I:%M%p"]
SPANS = 3
Span = tuple[time, time]


class DayUnclear(Exception):
    """No day that a schedule can show. Its text is a sentence for a person."""


def day_asked(text: str | None) -> date | None:
    """The day that an address names, if it names one. Raises DayUnclear."""
    if not text:
        return None
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError
        return sensible(date.fromisoformat(text))
    except ValueError:
        raise DayUnclear(
            "The day in the address cannot be shown. Write it as in 2026-11-23."
        ) from None


def sensible(day: date) -> date:
    """Refuse, with ValueError, days that nobody can mean."""
    if not 2000 <= day.year < 2200:
        raise ValueError
    return day


def day_field(label: str, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        input_formats=DAY_FORMATS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        **options,
    )


def clock_field(label: str, **options: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        input_formats=CLOCK_FORMATS,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        **options,
    )


class PatientSearchForm(forms.Form):
    """Words by which the desk looks for a patient: names, a birth date, a phone."""

    words = forms.CharField(
        label="Name, date of birth or phone",
        min_length=2,
        max_length=100,
        validators=[one_line],
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
        error_messages={"required": "Enter a name, a date of birth or a phone number."},
    )

    def clean(self) -> dict[str, Any]:
        """Tell birth dates from other words, and put a phone number together."""
        cleaned = super().clean() or {}
        births, others = [], []
        for word in cleaned.get("words", "").split():
            born = birth_date_in(word)
            if born is None:
                others.append(word)
            else:
                births.append(born)
        words = " ".join(others)
        if re.fullmatch(r"[0-9()+./\- ]+", words):
            # The country's 1 may be there on one side and not on the other.
            words = actions.digits_of(words)[-10:]
        if not (words or births or self.errors):
            self.add_error("words", self.fields["words"].error_messages["required"])
        return cleaned | {"births": births, "rest": words}


def birth_date_in(word: str) -> date | None:
    for pattern in DAY_FORMATS:
        try:
            return datetime.strptime(word, pattern).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None


class PatientForm(DetailsForm):
    """A patient as the desk registers one; the e-mail address may be missing."""

    field_order = ["given_name", "family_name", "birth_date", "phone", "email"]
    birth_date = day_field(
        "Date of birth", help_text="Some treatments are for adults only."
    )
    email = forms.EmailField(
        label="E-mail address",
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="For confirmations. You may leave it out.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"
        self.fields["phone"].help_text = "So that we can reach the patient on the day."


class MarkForm(forms.Form):
    """What comes with a mark: why, and the page to go back to."""

    reason = forms.CharField(required=False, max_length=200, validators=[one_line])
    back = forms.ChoiceField(
        required=False, choices=[("day", ""), ("list", ""), ("patient", "")]
    )


class Opening(NamedTuple):
    begins: forms.BoundField
    ends: forms.BoundField


class HoursForm(forms.Form):
    """The weekly hours of one role: up to three openings a day, wall clock."""

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
                    self.fields[f"{name}_{weekday}_{number}"] = forms.TimeField(
                        label=f"{label}, {name}",
                        required=False,
                        initial=initial,
                        input_formats=CLOCK_FORMATS,
                        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
                        error_messages={"invalid": "Enter a time such as 9:00 AM."},
                    )

    def openings(self, weekday: int) -> list[Opening]:
        count = max(SPANS, len(self.before[weekday]))
        return [
            Opening(self[f"from_{weekday}_{number}"], self[f"to_{weekday}_{number}"])
            for number in range(count)
        ]

    def first_field(self, weekday: int) -> str:
        return f"from_{weekday}_0"

    @property
    def days(self) -> Iterator[tuple[str, list[Opening]]]:
        for weekday, label in Weekday.choices:
            yield label, self.openings(weekday)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        try:
            cleaned.get("until_day") and sensible(cleaned["until_day"])
        except ValueError:
            self.add_error("until_day", "Enter a day in this century.")
        for weekday in Weekday.values:
            for begins, ends in self.openings(weekday):
                if begins.name not in cleaned or ends.name not in cleaned:
                    continue  # unreadable, and said so already
                if cleaned[begins.name] is not None and cleaned[ends.name] is None:
                    self.add_error(ends.name, "Enter when these hours end.")
                if cleaned[begins.name] is None and cleaned[ends.name] is not None:
                    self.add_error(begins.name, "Enter when these hours begin.")
        return cleaned

    def changes(self) -> dict[int, list[Span]]:
        """The weekdays whose hours are other than before, with their new hours."""
        found = {}
        for weekday in Weekday.values:
            spans = sorted(
                (self.cleaned_data[begins.name], self.cleaned_data[ends.name])
                for begins, ends in self.openings(weekday)
                if self.cleaned_data[begins.name] is not None
            )
            if spans != sorted(self.before[weekday]):
                found[weekday] = spans
        return found


class LeaveForm(forms.Form):
    """Leave: whole days, or from a time to a time, on the clocks of a place."""

    place = forms.ChoiceField(label="Times are those of")
    first_day = day_field("First day")
    last_day = day_field(
        "Last day", required=False, help_text="Leave it empty for one day."
    )
    from_time = clock_field("From", help_text="Leave both empty for whole days.")
    to_time = clock_field("To")
    reason = forms.CharField(
        label="Note for staff",
        required=False,
        max_length=120,
        validators=[one_line],
        help_text="The desk can read it: nothing about anybody's health.",
    )

    def __init__(self, *args: Any, places: Sequence[Location], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {place.slug: place for place in places}
        place_field = cast(forms.ChoiceField, self.fields["place"])
        place_field.choices = [
            (place.slug, f"{place.name} ({city_of(place)} time)") for place in places
        ]

    def clean_first_day(self) -> date | None:
        return self._sensible("first_day")

    def clean_last_day(self) -> date | None:
        return self._sensible("last_day")

    def _sensible(self, name: str) -> date | None:
        day = self.cleaned_data[name]
        try:
            return day and sensible(day)
        except ValueError:
            raise forms.ValidationError("Enter a day in this century.") from None

    def clean(self) -> dict[str, Any]:
        """Put days and times together as `starts_at` and `ends_at`, aware, in UTC."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        zone = self.places[cleaned["place"]].tz
        first = cleaned["first_day"]
        last = cleaned["last_day"] or first
        begins, ends = cleaned["from_time"], cleaned["to_time"]
        for name, day, wall in (("from_time", first, begins), ("to_time", last, ends)):
            if wall is not None and not is_shown(day, wall, zone):
                self.add_error(name, skipped(day, wall))
        starts_at = midnight(first, zone)
        if begins is not None:
            starts_at = local_minute(first, begins, zone)
        ends_at = midnight(last + DAY, zone)
        if ends not in (None, MIDNIGHT):  # either of which is the end of the day
            ends_at = local_minute(last, ends, zone, latest=True)
        if ends_at <= starts_at:
            name = "last_day" if last < first else "to_time"
            self.add_error(name, "Leave must end after it begins.")
        return cleaned | {
            "starts_at": from_minute(starts_at),
            "ends_at": from_minute(ends_at),
        }


def city_of(place: Location) -> str:
    return place.zone.rpartition("/")[2].replace("_", " ")


def is_shown(day: date, wall: time, zone: ZoneInfo) -> bool:
    """Whether clocks in `zone` ever show `wall` on `day`."""
    moment = datetime.combine(day, wall, zone)
    return moment.astimezone(UTC).astimezone(zone).time() == wall


def skipped(day: date, wall: time) -> str:
    return (
        f"There is no {wall:%H:%M} on {day:%B} {day.day}, {day.year}: clocks are set "
        "forward over it. Choose a time before or after the change."
    )
