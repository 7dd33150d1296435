"""Commands that change what decides bookings: with --preview, and a count after."""

import json
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from clinic import changes


def add_preview(parser: Any) -> None:
    parser.add_argument(
        "--preview",
        action="store_true",
        help="save nothing; print as JSON which appointments it would break, with why "
        "and who could take each at the same time",
    )


def run(
    command: BaseCommand,
    options: dict[str, Any],
    do: Callable[[dict[str, Any]], list[Any]],
) -> list[Any] | None:
    """What was done; None after a preview, which is printed."""
    if options["list"]:
        return do(options)
    now = timezone.now()
    if options["preview"]:
        _, outcome = changes.tried(lambda: do(options), by=None, now=now)
        told = {
            "would_break": outcome.count,
            "would_be_allowed_again": outcome.lifted,
            "appointments": [_row(each) for each in outcome.broken],
        }
        command.stdout.write(json.dumps(told, indent=2))
        return None
    with changes.watching(by=None, now=now) as outcome:
        done = do(options)
    if outcome.count or outcome.lifted:
        command.stderr.write(
            f"{outcome.count} appointments are at risk now, and {outcome.lifted} are no "
            "longer. The desk lists them under /desk/at-risk/."
        )
    return done


def _row(each: changes.Broken) -> dict[str, Any]:
    """Without the patient's name: what a terminal shows is kept by many."""
    return {
        "appointment": each.key,
        "when": each.when,
        "what": each.what,
        "practitioner": each.practitioner,
        "place": each.place,
        "why": each.why,
        "could_take": each.could_take,
    }
