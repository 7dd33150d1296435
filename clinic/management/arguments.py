"""What commands accept: an unknown name ends them with 2 and a sentence."""

import argparse
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError, models


def refusal(sentence: str) -> CommandError:
    """To be raised about an argument that means nothing here; ends with 2."""
    return CommandError(sentence, returncode=2)


def one(queryset: models.QuerySet, field: str, asked: str, *, what: str) -> Any:
    """The row whose `field` is `asked`, or a sentence that lists what there is."""
    found = queryset.filter(**{field: asked}).first()
    if found is None:
        known = ", ".join(names(queryset, field)) or "none yet"
        raise refusal(f"There is no {what} “{printable(asked)}”. There are: {known}.")
    return found


def by_id(queryset: models.QuerySet, asked: int, *, what: str) -> Any:
    found = queryset.filter(pk=asked).first() if 0 < asked < 2**63 else None
    if found is None:
        raise refusal(f"There is no {what} {asked}. --list shows what there is.")
    return found


def names(queryset: models.QuerySet, field: str) -> list[str]:
    return [
        str(name) for name in queryset.order_by(field).values_list(field, flat=True)
    ]


def listed(queryset: models.QuerySet, field: str) -> str:
    """The names that --help shows; before the first migration there are none."""
    try:
        return ", ".join(names(queryset, field)) or "none yet"
    except DatabaseError:
        return "none yet"


def printable(text: str) -> str:
    """What was asked for, short, and fit for every terminal."""
    return text.encode("utf-8", "replace").decode()[:60]


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"“{printable(text)}” is no date. Write it as 2026-03-31."
        ) from None


def amount(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0:
        raise argparse.ArgumentTypeError(
            f"“{printable(text)}” is no amount. Write a number such as 24 or 1.5."
        )
    return number


def words(text: str) -> str:
    """Text that a database can hold."""
    if "\0" in text or not text.isprintable():
        raise argparse.ArgumentTypeError("it holds characters that cannot be stored.")
    return text


def given(options: dict[str, Any], fields: dict[str, str]) -> dict[str, Any]:
    """Those of `fields` (option to field) that the caller said something about."""
    return {
        field: options[option]
        for option, field in fields.items()
        if options[option] is not None
    }
