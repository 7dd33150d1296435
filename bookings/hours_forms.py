"""Forms of the hours' pages: weekly hours, one date, leave; wall clock of a place."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

from django import forms

from bookings.staff_forms import clock_field, day_field, sensible
from bookings.timeline import from_minute, local_minute, midnight
from clinic.forms import one_line
from clinic.models import Location
from clinic.zones import zone_name

DAY = timedelta(days=1)
MIDNIGHT = time(0)
SPANS = 3
Span = tuple[time, time]


class Opening(NamedTuple):
    begins: forms.BoundField
    ends: forms.BoundField


def wall_field(label: str, initial: time | None) -> forms.TimeField:
    return clock_field(
        label,
        initial=initial,
        error_messages={"invalid": "Enter a time such as 9:00 AM."},
    )


def check_pairs(form: forms.Form, openings: Iterable[Opening]) -> None:
    """Add an error wherever one of the two times is missing."""
    cleaned = form.cleaned_data
    for begins, ends in openings:
        if begins.name not in cleaned or ends.name not in cleaned:
            continue  # unreadable, and said so already
        if cleaned[begins.name] is not None and cleaned[ends.name] is None:
            form.add_error(ends.name, "Enter when these hours end.")
        if cleaned[begins.name] is None and cleaned[ends.name] is not None:
            form.add_error(begins.name, "Enter when these hours begin.")


class SingleDayForm(forms.Form):
    """All hours of one date: as many openings as there are, and room for more."""

    def __init__(
        self, data: Any = None, *, day: date, zone: ZoneInfo, known: Sequence[Span]
    ) -> None:
        self.day, self.zone = day, zone
        self.count = max(SPANS, len(known))
        super().__init__(data)
        for number in range(self.count):
            span = known[number] if number < len(known) else (None, None)
            for name, initial in zip(("from", "to"), span, strict=True):
                self.fields[f"{name}_{number}"] = wall_field(
                    f"Hours {number + 1}, {name}", initial
                )

    @property
    def openings(self) -> list[Opening]:
        return [
            Opening(self[f"from_{number}"], self[f"to_{number}"])
            for number in range(self.count)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        check_pairs(self, self.openings)
        for name, wall in list(cleaned.items()):
            if wall is not None and not is_shown(self.day, wall, self.zone):
                self.add_error(name, skipped(self.day, wall))
        return cleaned

    def spans(self) -> list[Span]:
        return [
            (self.cleaned_data[begins.name], self.cleaned_data[ends.name])
            for begins, ends in self.openings
            if self.cleaned_data[begins.name] is not None
        ]


class PlaceDayForm(forms.Form):
    """A day of a place, and whether it is open, closed, or as usual."""

    OPEN, CLOSED, USUAL = "open", "closed", "usual"

    day = day_field("Day")
    state = forms.ChoiceField(
        label="On this day the place is",
        choices=[
            (CLOSED, "Closed"),
            (OPEN, "Open, also on a holiday"),
            (USUAL, "As usual"),
        ],
        error_messages={"required": "Say whether the place is open or closed."},
    )
    reason = forms.CharField(
        label="Reason",
        required=False,
        max_length=80,
        validators=[one_line],
        help_text="Patients read it, as in “Staff training”.",
    )

    def clean_day(self) -> date:
        try:
            return sensible(self.cleaned_data["day"])
        except ValueError:
            raise forms.ValidationError("Enter a day in this century.") from None


class LeaveForm(forms.Form):
    """Leave: whole days, or from a time to a time, on the clocks of a place."""

    ends_first = "Leave must end after it begins."
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
            (place.slug, f"{place.name} ({zone_name(place.zone)})") for place in places
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
            self.add_error(name, self.ends_first)
        return cleaned | {
            "starts_at": from_minute(starts_at),
            "ends_at": from_minute(ends_at),
        }


class ServiceForm(LeaveForm):
    """A time for which a room or a device cannot be used, on the clocks of its place."""

    ends_first = "It must be back after it goes out of service."
    is_open = forms.BooleanField(
        label="Until further notice",
        required=False,
        help_text="Nothing can be booked with it from then on, until it is put back.",
    )
    field_order = ("place", "first_day", "last_day", "is_open", "from_time", "to_time")

    def __init__(self, *args: Any, place: Location, **kwargs: Any) -> None:
        super().__init__(*args, places=[place], **kwargs)
        fixed = self.fields["place"]
        fixed.initial, fixed.disabled = place.slug, True
        fixed.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """As of leave; `ends_at` is None where no end is known."""
        cleaned = super().clean()
        if cleaned.get("is_open") and "ends_at" in cleaned:
            cleaned["ends_at"] = None
        return cleaned


def is_shown(day: date, wall: time, zone: ZoneInfo) -> bool:
    """Whether clocks in `zone` ever show `wall` on `day`."""
    moment = datetime.combine(day, wall, zone)
    return moment.astimezone(UTC).astimezone(zone).time() == wall


def skipped(day: date, wall: time) -> str:
    return (
        f"There is no {wall:%H:%M} on {day:%B} {day.day}, {day.year}: clocks are set "
        "forward over it. Choose a time before or after the change."
    )
