"""The demo's mail, on a page: nobody who tries the demo has the mailbox of its people.

Routed in the demo only, where mail goes to files and its people do not exist.
"""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

SHOWN = 20


@require_safe
@login_not_required
def demo_mail(request: HttpRequest) -> HttpResponse:
    """The newest messages first."""
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    if not settings.DEMO or folder is None:
        raise Http404("There is no such page.")
    files = sorted(
        Path(folder).glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True
    )
    letters = [
        message_from_bytes(file.read_bytes(), policy=policy.default)
        for file in files[:SHOWN]
    ]
    context = {
        "letters": [
            {
                "to": letter["To"],
                "subject": letter["Subject"],
                "sent": letter["Date"],
                # One file may hold several messages, parted by a line of dashes.
                "text": _words(letter).split("\n" + "-" * 79)[0],
            }
            for letter in letters
        ]
    }
    return render(request, "clinic/demo_mail.html", context)


def _words(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    return str(body.get_content()) if body else ""
