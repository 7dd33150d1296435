"""Forms of the pages of a course: the shape of what was sent."""

from datetime import datetime
from typing import Any

from django import forms

from bookings.forms import MomentField, TimesForm
from treatments.models import CoursePlan

MOST_SESSIONS = 12


class WishField(forms.Field):
    """Starts, each with a practitioner: 2026-11-24T09:00-07:00 lena-brandt."""

    default_error_messages = {"invalid": "Choose one of the times shown."}

    def to_python(self, value: Any) -> list[tuple[datetime, str]]:
        moments, found = MomentField(), []
        for each in (value or [])[:MOST_SESSIONS]:
            at, _, slug = str(each).strip().rpartition(" ")
            try:
                found.append((moments.clean(at), slug))
            except forms.ValidationError as problem:
                raise forms.ValidationError(
                    self.error_messages["invalid"], code="invalid"
                ) from problem
        return found


class DatesForm(forms.Form):
    """The starts that are chosen, in the order of the sessions; `from` is the first."""

    on = WishField(required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A word that Python keeps for itself.
        self.fields["from"] = forms.IntegerField(required=False, min_value=1)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["first"] = cleaned.get("from")
        return cleaned


class SessionsField(forms.IntegerField):
    """How many sessions: as many as the plan allows, usually the usual number."""

    def __init__(self, plan: CoursePlan) -> None:
        least, most = plan.sessions_least, plan.sessions_most
        text = f"This course has {least} to {most} sessions."
        self.usual = plan.sessions_usual
        super().__init__(
            required=False,
            min_value=least,
            max_value=most,
            error_messages=dict.fromkeys(("min_value", "max_value", "invalid"), text),
        )

    def clean(self, value: Any) -> int:
        return super().clean(value) or self.usual


class CourseTimesForm(TimesForm):
    """Which days to show, for a course of so many sessions."""

    def __init__(self, *args: Any, plan: CoursePlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sessions"] = SessionsField(plan)


class NewDatesForm(DatesForm):
    """The dates of a new course at a place; sent with the key of the form."""

    place = forms.CharField(
        max_length=60, error_messages={"required": "Choose a place."}
    )
    submission = forms.UUIDField(required=False)

    def __init__(self, *args: Any, plan: CoursePlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sessions"] = SessionsField(plan)
