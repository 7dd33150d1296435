"""manage.py slots: the times that can be booked, for people and for programs."""

import json
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from bookings import asking, slots
from bookings.timeline import local_day, to_minute

FEW_DAYS = "7"


class Command(BaseCommand):
    help = (
        "Lists the times at which a variant can be booked at a place, with the visible "
        "start and end in the place's own zone."
    )

    def create_parser(self, *args: Any, **kwargs: Any) -> Any:
        return asking.with_names(super().create_parser, *args, **kwargs)

    def add_arguments(self, parser):
        asking.add_arguments(parser, with_whom="with whom (anybody)", needed=False)
        parser.add_argument(
            "--from", dest="first", metavar="DATE", help="the first day (today)"
        )
        parser.add_argument(
            "--days",
            default=FEW_DAYS,
            metavar="N",
            help=f"how many days, 1 to {slots.MOST_DAYS} ({FEW_DAYS})",
        )

    def handle(self, **options: Any) -> None:
        now = asking.now_or(options, timezone.now)
        asked = asking.asked(options)
        days = asking.days(options["days"])
        if options["first"] is None:
            first = local_day(to_minute(now), asked.place.tz)
        else:
            first = asking.day(options["first"])
        found = asking.answered(
            lambda: slots.open_slots(asked, first_day=first, days=days, now=now)
        )
        if asked.patient is None:
            self.stderr.write(asking.UNASKED)
        if options["json"]:
            self.stdout.write(json.dumps([as_row(slot) for slot in found], indent=1))
        else:
            self.stdout.write("\n".join(table(found)) or "No time is free.")


def as_row(slot: slots.Slot) -> dict[str, str]:
    zone = slot.place.tz
    return {
        "practitioner": slot.practitioner.slug,
        "place": slot.place.slug,
        "start": slot.start.astimezone(zone).isoformat(),
        "end": slot.end.astimezone(zone).isoformat(),
    }


def table(found: list[slots.Slot]) -> list[str]:
    """A line for each time; the zone is named once, above them."""
    if not found:
        return []
    zone = found[0].place.tz
    lines = [f"{found[0].place.name}, {zone.key}"]
    for slot in found:
        start, end = slot.start.astimezone(zone), slot.end.astimezone(zone)
        when = f"{start:%a %Y-%m-%d  %H:%M}-{end:%H:%M}"
        lines.append(f"{when}  {slot.practitioner.name} ({slot.practitioner.slug})")
    return lines
