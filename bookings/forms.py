"""Forms of the patient's pages: the shape of what was sent. The rules decide the rest."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid5
from zoneinfo import ZoneInfo

from django import forms

from bookings import actions
from bookings.slots import MOST_DAYS, NoSuchMoment, minute_asked
from bookings.timeline import from_minute, local_minute
from clinic.forms import one_line
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
    """Which days to show: `day` is the chosen one, `first` begins the strip."""

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


class KeysField(forms.Field):
    """Findings by code and subject, `CODE|subject` each. Others name nothing."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> frozenset[tuple[str, str]]:
        return frozenset(
            (code, subject)
            for code, _, subject in (str(text).partition("|") for text in value or ())
        )


class OverridingForm(SlotForm):
    """One start, and what is to be let pass for it. Whether it may is not for here."""

    override = KeysField(required=False)
    reason = forms.CharField(required=False, max_length=300, validators=[one_line])

    def overriding(self) -> actions.Overriding | None:
        keys = self.cleaned_data["override"]
        if not keys:
            return None
        return actions.Overriding(keys, self.cleaned_data["reason"])


class SubmissionField(forms.UUIDField):
    """The key that a page gave its form: the form may come twice."""

    default_error_messages = {
        "required": "Please load this page again, and send it once more.",
        "invalid": "Please load this page again, and send it once more.",
    }


class StartField(forms.Field):
    """A start and a practitioner: 2026-11-24T09:00-07:00 lena-brandt."""

    default_error_messages = {"required": "Choose one of the times shown."}

    def to_python(self, value: Any) -> tuple[datetime, str] | None:
        if value in self.empty_values:
            return None
        at, _, slug = str(value).strip().rpartition(" ")
        return MomentField().clean(at), slug


class HoldForm(forms.Form):
    """What a button with a time sends: many of them share a page, and its key."""

    place = forms.CharField(max_length=60)
    start = StartField()
    submission = SubmissionField()

    def clean(self) -> dict[str, Any]:
        """Tell start and practitioner apart; each time of a page has a key of its own."""
        cleaned = super().clean() or {}
        if cleaned.get("start") and cleaned.get("submission"):
            at, slug = cleaned["start"]
            named = f"{slug} {at.astimezone(UTC).isoformat()}"
            cleaned |= {"at": at, "practitioner": slug}
            cleaned["submission"] = uuid5(cleaned["submission"], named)
        return cleaned


class AreasForm(forms.Form):
    """Planned areas of those offered. They travel here and never in an address."""

    areas = forms.Field(required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, *args: Any, offered: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered

    def clean_areas(self) -> tuple[PlannedArea, ...]:
        codes = self.cleaned_data["areas"] or []
        if not self.offered.issuperset(codes):
            raise forms.ValidationError("Choose areas from the list.")
        try:
            return parse_areas(",".join(codes))
        except AreaUnreadable as problem:
            raise forms.ValidationError(str(problem)) from problem


class BookForm(AreasForm, OverridingForm):
    """What the desk's confirm page sends."""

    submission = SubmissionField()


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


class AnotherTimeForm(WhyForm):
    """Any time at all, on the clocks of a place, whether it is offered or not."""

    field_order = ["variant", "place", "practitioner", "day", "time"]
    variant = forms.ChoiceField(
        label="Treatment",
        error_messages={"invalid_choice": "Choose a treatment from the list."},
    )
    place = forms.ChoiceField(
        error_messages={"invalid_choice": "Choose a place from the list."}
    )

    def __init__(
        self,
        *args: Any,
        variants: list[tuple[str, str]],
        zones: dict[str, tuple[str, ZoneInfo]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, zone=ZoneInfo("UTC"), **kwargs)
        self.zones = {slug: zone for slug, (_, zone) in zones.items()}
        self.fields["variant"].choices = variants
        self.fields["place"].choices = [
            (slug, name) for slug, (name, _) in zones.items()
        ]

    def clean(self) -> dict[str, Any]:
        place = self.cleaned_data.get("place")
        if place is None:
            return self.cleaned_data
        self.zone = self.zones[place]
        return super().clean()


class CancelForm(forms.Form):
    """A word for the clinic, if the patient likes."""

    reason = forms.CharField(
        required=False,
        max_length=200,
        label="Reason (optional)",
        help_text="For the front desk. Please leave out anything about your health.",
    )
