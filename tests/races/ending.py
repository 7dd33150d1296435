"""Ends a licence some time before or after a moment, through the action itself."""

import json
import sys
import time
from datetime import date
from typing import Any

import django

django.setup()

from django.utils import timezone  # noqa: E402 -- Django is set up first

from clinic import actions  # noqa: E402 -- the same
from clinic.models import Qualification  # noqa: E402 -- the same


def end(job: dict[str, Any]) -> dict[str, Any]:
    paper = Qualification.objects.get(pk=job["paper"])
    last = date.fromisoformat(job["valid_until"])
    time.sleep(max(0, job["moment"] + job["wait"] - time.monotonic()))
    actions.end_qualification(
        qualification=paper, valid_until=last, by=None, now=timezone.now()
    )
    return {"ended": True}


def main() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(end(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
