"""The rooms and devices that a booking takes: which are locked, which are chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bookings import needs
from bookings.findings import Finding
from bookings.question import Asked
from bookings.rules import resources
from bookings.wanted import Wanted

Locked = Mapping[str, Sequence[int]]


def candidates(asked: Asked) -> dict[str, list[int]]:
    """The ids of all rooms and devices that the booking may come to take, for `lock`."""
    found = {}
    for name, ask in (("room_ids", needs.rooms), ("device_ids", needs.devices)):
        need = ask(asked.book, asked.variant, asked.place)
        found[name] = list(need.candidates) if need else []
    return found


def with_chosen(wanted: Wanted, kept: Mapping[Any, Any], now: datetime) -> Wanted:
    """The same start with the rooms and devices that it takes.

    `kept` is what the rules read when they left it open.
    """
    found: Any = resources.chosen(wanted, kept, now)
    return replace(wanted, rooms=found["room"], devices=found["device"])


def not_locked(wanted: Wanted, locked: Locked) -> list[Finding]:
    """What speaks against a room or device that came after the rows had been locked.

    Asked again, it is among those that are locked.
    """
    for key, name, taken in (
        ("room", "room_ids", wanted.rooms or ()),
        ("device", "device_ids", wanted.devices or ()),
    ):
        if not {each.pk for each in taken} <= set(locked[name]):
            return [
                Finding(
                    f"{key.upper()}_TAKEN",
                    wanted.place.slug,
                    f"What {key}s there are has just changed.",
                    "Try the same time again.",
                )
            ]
    return []
