"""What must not be so where strangers come in; `manage.py check --deploy` says it."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from clinic.env import LOCAL


def check_demo(**_: Any) -> list[CheckMessage]:
    """The demo shows its mails, and with them sign-up codes, to whoever asks."""
    strangers = [host for host in settings.ALLOWED_HOSTS if host not in LOCAL]
    if not (settings.DEMO and strangers):
        return []
    return [
        Error(
            f"DEMO is on, and {strangers[0]} is served.",
            hint="Set DEMO=false: the demo shows everybody the mails that it sends.",
            id="clinic.E001",
        )
    ]
