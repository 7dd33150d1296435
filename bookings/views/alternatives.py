"""Times that can be had, beside a refusal of one that cannot."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from bookings import slots
from bookings.question import Asked
from bookings.timeline import from_minute, local_day, midnight, minute_from, to_minute
from bookings.views import patient as pages
from clinic.models import Patient

ALTERNATIVES = 6
A_DAY = 2  # so that they spread over days
A_FEW = 3
LOOK_AHEAD = 28


def near(asked: Asked, at: datetime, now: datetime) -> list[slots.Slot]:
    """A handful of times that can be had, with anybody, from that day on."""
    zone = asked.place.tz
    first = max(midnight(local_day(to_minute(at), zone), zone), to_minute(now))
    latest = from_minute(first).astimezone(zone).date()
    anybody = replace(asked, practitioner=None)
    found: list[slots.Slot] = []
    later: list[slots.Slot] = []
    for days in (slots.WEEK, LOOK_AHEAD):  # a week has enough of them, nearly always
        try:
            found = slots.open_slots(anybody, first_day=latest, days=days, now=now)
        except slots.NoSuchMoment:
            return []
        since = bisect_left(found, minute_from(at), key=attrgetter("minute"))
        later = found[since:]
        few = _spread(later, zone)
        if len(few) == ALTERNATIVES:
            return few
    later = later or found
    few = _spread(later, zone)
    return few if len(few) >= A_FEW else later[:ALTERNATIVES]


def _spread(found: Sequence[slots.Slot], zone: ZoneInfo) -> list[slots.Slot]:
    """The first few, and not all of them on one day."""
    of_day: Counter[date] = Counter()
    few = []
    for slot in found:
        day = local_day(slot.minute, zone)
        of_day[day] += 1
        if of_day[day] <= A_DAY:
            few.append(slot)
        if len(few) == ALTERNATIVES:
            break
    return few


def offers(
    asked: Asked, at: datetime, now: datetime, on_behalf: Patient | None = None
) -> list[dict[str, Any]]:
    """The alternatives with what a page needs to lead there, or to hold them."""
    to = pages.confirm_addresses(asked, on_behalf)
    return [
        {
            "slot": slot,
            "url": to(slot),
            "start": pages.start_value(slot.start, slot.practitioner, asked.place),
        }
        for slot in near(asked, at, now)
    ]
