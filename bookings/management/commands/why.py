"""manage.py why: everything that speaks against a start, and what to do about it."""

import json
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from bookings import asking, slots
from bookings.findings import Finding
from bookings.question import Asked


class Command(BaseCommand):
    help = (
        "Says why a variant cannot be booked with a practitioner at a time: every "
        "reason, with its remedy. Nothing is listed when it can be booked."
    )

    def create_parser(self, *args: Any, **kwargs: Any) -> Any:
        return asking.with_names(super().create_parser, *args, **kwargs)

    def add_arguments(self, parser):
        asking.add_arguments(parser, with_whom="with whom", needed=True)
        parser.add_argument(
            "--at", required=True, metavar="ISO", help="the start, with its offset"
        )
        parser.add_argument(
            "--notes", action="store_true", help="also list what closes nothing"
        )

    def handle(self, **options: Any) -> None:
        now = asking.now_or(options, timezone.now)
        at = asking.moment(options["at"], "--at")
        asked = asking.asked(options)
        found = asking.answered(
            lambda: slots.why_not(asked, at=at, now=now, notes=options["notes"])
        )
        if asked.patient is None:
            self.stderr.write(asking.UNASKED)
        if options["json"]:
            rows = [as_row(finding, asked) for finding in found]
            self.stdout.write(json.dumps(rows, indent=1))
        else:
            self.stdout.write("\n".join(lines(found, asked)) or "It can be booked.")


def as_row(finding: Finding, asked: Asked) -> dict[str, str | None]:
    first = finding.first_possible
    return {
        "code": finding.code,
        "severity": finding.severity,
        "subject": finding.subject,
        "message": finding.message,
        "desk": finding.desk,
        "detail": finding.detail,
        "remedy": finding.remedy,
        "first_possible": first and first.astimezone(asked.place.tz).isoformat(),
    }


def lines(found: list[Finding], asked: Asked) -> list[str]:
    texts = []
    for finding in found:
        row = as_row(finding, asked)
        texts.append(f"{finding.code} ({finding.severity}, {finding.subject})")
        said = [row[name] for name in ("message", "desk", "detail", "remedy")]
        if row["first_possible"]:
            said.append(f"This alone lets go at {row['first_possible']}.")
        texts += [f"  {text}" for text in dict.fromkeys(said) if text]
    return texts
