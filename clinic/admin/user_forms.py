"""The forms by which people are added in the back office, in plain words."""

from django import forms
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    AdminUserCreationForm,
    ReadOnlyPasswordHashField,
    ReadOnlyPasswordHashWidget,
    UserChangeForm,
)

from clinic.models import User

WITHOUT = "Without a password they do not sign in until one is set."


class EmailOnce:
    """Stores an address in lower case, so that it is one person's only once."""

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Somebody signs in with this address already.")
        return email


class MayHaveNone:
    """Asks in plain words whether somebody has a password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields.get("usable_password")  # not where there is none yet
        if field is not None:
            field.label, field.help_text = "Password", WITHOUT
            field.choices = [("true", "Set one"), ("false", "None for now")]


class NewUserForm(MayHaveNone, EmailOnce, AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email",)


class PasswordForm(MayHaveNone, AdminPasswordChangeForm):
    """Sets or takes away the password of somebody."""


class IsSet(ReadOnlyPasswordHashWidget):
    """Whether there is a password; how it is kept says nothing to who reads this."""

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        usable = self.is_usable(value)
        words = "A password is set." if usable else "No password is set."
        button = "Change password" if usable else "Set password"
        return {**context, "summary": [{"label": words}], "button_label": button}

    @staticmethod
    def is_usable(value):
        return User(password=value or "!").has_usable_password()


class ChangedUserForm(EmailOnce, UserChangeForm):
    password = ReadOnlyPasswordHashField(
        widget=IsSet, help_text="Nobody can read it, here or anywhere."
    )

    class Meta:
        model = User
        fields = "__all__"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "password" in self.fields and not self.instance.has_usable_password():
            self.fields["password"].help_text = WITHOUT
