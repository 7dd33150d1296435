"""How an edition differs from the one that is published: text, price, rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from treatments.actions.terms import Said, Values, said_by
from treatments.models import (
    CatalogueField,
    Edition,
    VisitKind,
)

NOTHING = Said({})
NOT_THERE = "not there"


class Group(StrEnum):
    TEXT = "text"
    PRICE = "price"
    RULES = "rules"


# What of a variant is words; all else that is no price decides about bookings.
GROUPS = {"label": Group.TEXT, "note": Group.TEXT, "price_usd": Group.PRICE}
CALLED = {
    "label": "name",
    "visit": "visit",
    "duration_min": "minutes",
    "prep_min": "minutes of preparation",
    "cleanup_min": "minutes of clean-up",
    "needs_room": "room",
    "needs_device": "device",
    "room_prep_min": "minutes before for the room",
    "room_cleanup_min": "minutes after for the room",
    "device_prep_min": "minutes before for the device",
    "device_cleanup_min": "minutes after for the device",
    "default_areas": "areas",
    "max_depth_mm": "depth in mm",
    "price_usd": "price in US dollars",
    "note": "note",
    "is_offered": "offered",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that publishing would change; `key` is for the audit."""

    group: Group
    key: str
    label: str
    before: str
    after: str


def changes(edition: Edition) -> list[Change]:
    """What differs from the current edition, text first, then price, then rules.

    For an edition that is published, from the one before it.
    """
    base = base_of(edition)
    before = said_by(base) if base else NOTHING
    after = said_by(edition)
    found = [
        *_of_terms(before, after),
        *_of_texts(before, after),
        *_of_variants(before, after),
    ]
    return sorted(found, key=lambda change: list(Group).index(change.group))


def base_of(edition: Edition) -> Edition | None:
    if edition.number is None:
        return edition.treatment.edition
    earlier = edition.treatment.editions.filter(number__lt=edition.number)
    return earlier.order_by("-number").first()


def _of_terms(before: Said, after: Said) -> Iterator[Change]:
    for name, value in after.terms.items():
        was = before.terms.get(name, "")
        if was != value:
            group = Group.RULES if name == "family" else Group.TEXT
            yield Change(group, name, name.capitalize(), was, value)


def _of_texts(before: Said, after: Said) -> Iterator[Change]:
    for field in CatalogueField.objects.all():
        was, now = before.texts.get(field.code, ""), after.texts.get(field.code, "")
        if was != now:
            yield Change(Group.TEXT, field.code, field.label, was, now)


def _of_variants(before: Said, after: Said) -> Iterator[Change]:
    for code, values in after.variants.items():
        was = before.variants.get(code)
        if was is None:
            told = ", ".join(
                f"{CALLED[name]}: {shown(name, value)}"
                for name, value in values.items()
                if shown(name, value)
            )
            label = f"New variant {values['label']}"
            yield Change(Group.RULES, code, label, NOT_THERE, told)
            continue
        yield from _of_variant(code, was, values)
    for code, was in before.variants.items():
        if code not in after.variants:
            label = f"{was['label']} ({code})"
            yield Change(Group.RULES, code, label, "there", "no longer offered")


def _of_variant(code: str, before: Values, after: Values) -> Iterator[Change]:
    for name, value in after.items():
        if before[name] != value:
            yield Change(
                GROUPS.get(name, Group.RULES),
                f"{code}.{name}",
                f"{before['label']}: {CALLED[name]}",
                shown(name, before[name]),
                shown(name, value),
            )


def shown(name: str, value: Any) -> str:
    """A term in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "visit":
        return str(VisitKind(value).label)
    return "" if value is None else str(value)
