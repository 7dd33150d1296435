"""allauth's forms about accounts, in the words of the other pages."""

from typing import Any

from allauth.account import forms

LABELS = {
    "Email": "E-mail",
    "Current Password": "Your password now",
    "New Password": "New password",
    "New Password (again)": "New password, once more",
}


class InOurWords:
    """What the fields are called, where allauth calls them otherwise."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = LABELS.get(str(field.label), field.label)
            field.widget.attrs.pop("placeholder", None)  # the label says it


class LoginForm(InOurWords, forms.LoginForm):
    pass


class SignupForm(InOurWords, forms.SignupForm):
    pass


class AddEmailForm(InOurWords, forms.AddEmailForm):
    pass


class ChangePasswordForm(InOurWords, forms.ChangePasswordForm):
    pass


class ResetPasswordForm(InOurWords, forms.ResetPasswordForm):
    pass


class EmailCodeForm(InOurWords, forms.ConfirmEmailVerificationCodeForm):
    """The page is there for nothing else, so nobody has to tap the field first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["autofocus"] = True
