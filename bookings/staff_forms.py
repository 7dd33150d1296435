"""Forms of the staff's pages: the shape of what is typed; the actions decide the rest."""

import re
from datetime import UTC, date, datetime
from typing import Any

from django import forms

from bookings.models import Cause, Fee
from clinic import actions
from clinic.forms import DetailsForm, one_line

DAY_FORMATS = ["%Y-%m-%d", "%m/%d/%Y", "%m-%d-%Y"]
CLOCK_FORMATS = ["%H:%M", "%I:%M %p", "%I:%M%p"]


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
        for word in cleaned.get("words", "").replace(",", " ").split():
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


# On which a mark is set.
PAGES = ("day", "list", "patient", "at-risk", "appointment")


class MarkForm(forms.Form):
    """What comes with a mark: why, and the page to go back to."""

    reason = forms.CharField(
        required=False,
        max_length=200,
        validators=[one_line],
        error_messages={
            "required": "Say why.",
            "max_length": "Write the reason in 200 characters at most.",
        },
    )
    back = forms.ChoiceField(
        required=False,
        choices=[(page, "") for page in PAGES],
    )


class ReasonedMarkForm(MarkForm):
    """A mark that is not set without a reason."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True


class StaffCancelForm(MarkForm):
    """Why staff cancel, and whose doing it is: it decides about a fee."""

    reason = forms.CharField(
        max_length=200,
        validators=[one_line],
        label="Why?",
        help_text="Please leave out anything about health.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Say why.",
            "max_length": "Write the reason in 200 characters at most.",
        },
    )
    caused_by = forms.ChoiceField(
        choices=Cause.choices,
        label="Who is the cause?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Say whether the patient or the clinic is the cause."
        },
    )
    back = forms.ChoiceField(
        required=False,
        choices=[(page, "") for page in PAGES],
        widget=forms.HiddenInput,
    )


class SettleForm(forms.Form):
    """What became of a fee; waiving it takes a reason."""

    state = forms.ChoiceField(
        choices=[(Fee.State.PAID, ""), (Fee.State.WAIVED, "")],
        error_messages={
            "required": "Say whether the fee is paid or waived.",
            "invalid_choice": "Say whether the fee is paid or waived.",
        },
    )
    reason = forms.CharField(
        required=False,
        max_length=200,
        validators=[one_line],
        error_messages={"max_length": "Write the reason in 200 characters at most."},
    )
