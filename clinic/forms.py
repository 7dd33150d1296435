"""Forms about people: the shape of what is typed; the actions decide the rest."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from clinic import actions
from clinic.models import Patient, User


def one_line(text: str) -> None:
    """Refuse what would break a heading, a list or the subject of a message."""
    if not text.isprintable():
        raise forms.ValidationError("Use letters on one line, without control signs.")


def phone_number(text: str) -> None:
    if not 7 <= len(actions.digits_of(text)) <= 20:
        raise forms.ValidationError("Enter a phone number of 7 to 20 digits.")


class DetailsForm(forms.Form):
    """What the clinic knows a patient by."""

    given_name = forms.CharField(
        label="First name",
        max_length=80,
        validators=[one_line],
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    family_name = forms.CharField(
        label="Last name",
        max_length=80,
        validators=[one_line],
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    birth_date = forms.DateField(
        label="Date of birth",
        widget=forms.DateInput(
            format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "bday"}
        ),
        help_text="Some treatments are for adults only.",
    )
    phone = forms.CharField(
        label="Phone",
        max_length=40,
        required=False,
        validators=[one_line, phone_number],
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        help_text="So that we can reach you on the day. You may leave it out.",
    )


class SignupForm(DetailsForm):
    """What sign-up asks for beside e-mail and password.

    allauth builds this form itself, so it is a door, and has a clock of its own. It
    always makes a new patient: whether somebody is the person whom the front desk
    registered is for the desk to check, face to face.
    """

    clock = staticmethod(timezone.now)

    def clean_birth_date(self) -> date:
        birth_date: date = self.cleaned_data["birth_date"]
        try:
            actions.check_birth_date(birth_date, now=self.clock())
        except actions.BirthDateImpossible as refused:
            raise forms.ValidationError(str(refused)) from None
        return birth_date

    def signup(self, request: HttpRequest, user: User) -> None:
        actions.register_patient(
            given_name=self.cleaned_data["given_name"],
            family_name=self.cleaned_data["family_name"],
            birth_date=self.cleaned_data["birth_date"],
            phone=self.cleaned_data["phone"],
            user=user,
            by=user,
            now=self.clock(),
        )


class OwnDetailsForm(DetailsForm):
    """A patient's own details; a birth date on file is shown, not asked for."""

    def __init__(self, *args: Any, patient: Patient, **kwargs: Any):
        names = ("given_name", "family_name", "phone", "birth_date")
        known = {name: getattr(patient, name) for name in names}
        super().__init__(*args, initial=known, **kwargs)
        self.fields["birth_date"].required = False
        if patient.birth_date is not None:
            del self.fields["birth_date"]
