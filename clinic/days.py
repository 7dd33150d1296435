"""Which day it is in the clinic, whose places need not agree about it."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from clinic.models import Location


def first_place_day(now: datetime) -> date:
    """Today at the clinic's first place, by which its papers are dated."""
    return _today(now, lambda days: next(iter(days)))


def earliest_day(now: datetime) -> date:
    """Today, at that place where it is least far on: what ends is not over before."""
    return _today(now, min)


def latest_day(now: datetime) -> date:
    """Today, at that place where it is furthest on: no later day has come anywhere."""
    return _today(now, max)


def _today(now: datetime, choose: Callable[[Iterable[date]], date]) -> date:
    """The UTC day where the clinic has no place yet."""
    places = Location.objects.only("zone").order_by("pk")
    days = [now.astimezone(place.tz).date() for place in places]
    return choose(days or [now.date()])
