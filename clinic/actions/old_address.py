"""The last message to an address: that we no longer write to it."""

import logging

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

log = logging.getLogger(__name__)


def tell_old_address(email: str) -> None:
    """Say that the address was changed, and nothing of whose it was or what for.

    A courtesy beside the audit row: whatever mail does, the change stands.
    """
    words = {"clinic": {"name": settings.CLINIC_NAME, "phone": settings.CLINIC_PHONE}}
    name = "clinic/mail/address_changed"
    message = EmailMultiAlternatives(
        subject=render_to_string(f"{name}.subject.txt", words).strip(),
        body=render_to_string(f"{name}.body.txt", words).strip() + "\n",
        to=[email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(
        render_to_string(f"{name}.body.html", words), "text/html"
    )
    try:
        message.send()
    except Exception as problem:  # its text may hold the address
        log.warning("An old address was not told: %s", type(problem).__name__)
