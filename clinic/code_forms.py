"""The form for the code from the mail: its one field has the focus at once."""

from typing import Any

from allauth.account.forms import ConfirmEmailVerificationCodeForm


class EmailCodeForm(ConfirmEmailVerificationCodeForm):
    """The page is there for nothing else, so nobody has to tap the field first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["autofocus"] = True
