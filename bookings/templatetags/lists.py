"""The long lists of the page of times, joined in Python.

A page of 28 days has hundreds of links; a loop in a template takes as long for them as
the search for the times. Addresses and names are escaped; numbers, clock times and the
words of a date need not be.
"""

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString

register = template.Library()

DAY = (
    '<li><a href="{}"{}{}><span class="visually-hidden">{}: {} {}</span>'
    '<span class="weekday" aria-hidden="true">{}</span>'
    '<span class="number" aria-hidden="true">{}</span>'
    '<span class="count" aria-hidden="true">{}</span></a></li>'
)
TIME = (
    '<li><a class="slot" href="{}" aria-label="{} with {}">'
    '<time datetime="{}">{}</time></a></li>'
)
HOLD = (
    '<li><button class="slot" type="submit" name="start" value="{} {}" aria-label="{} with {}">'
    '<time datetime="{}">{}</time></button></li>'
)
OPTION = '<option value="{}"{}>{}</option>'
CURRENT = ' aria-current="date"'
NONE = "\N{EN DASH}"
EMPTY = ' class="is-empty"'


@register.simple_tag
def day_links(strip: Iterable[dict[str, Any]]) -> SafeString:
    """The days, each with how many times it has."""
    return SafeString("\n".join(_day(each) for each in strip))


def _day(each: dict[str, Any]) -> str:
    count = each["count"]
    times = "time" if count == 1 else "times"
    return DAY.format(
        escape(each["url"]),
        CURRENT if each["chosen"] else "",
        "" if count else EMPTY,
        each["words"],
        count or "no",
        times,
        each["weekday"],
        each["number"],
        f'{count}<span class="unit"> {times}</span>' if count else NONE,
    )


@register.simple_tag
def options(things: Iterable[Any], chosen: Any) -> SafeString:
    """Places or people to choose from."""
    slug = chosen.slug if chosen else None
    return SafeString(
        "".join(_option(each.slug, each.name, each.slug == slug) for each in things)
    )


@lru_cache(maxsize=512)
def _option(slug: str, name: str, is_chosen: bool) -> str:
    return OPTION.format(escape(slug), " selected" if is_chosen else "", escape(name))


@register.simple_tag
def time_links(who: dict[str, Any]) -> SafeString:
    """The times of one practitioner."""
    name = escape(who["practitioner"].name)
    rows = (
        TIME.format(
            escape(each["url"]), each["label"], name, each["iso"], each["label"]
        )
        for each in who["times"]
    )
    return SafeString("".join(rows))


@register.simple_tag
def time_buttons(who: dict[str, Any]) -> SafeString:
    """The times of one practitioner as buttons of the form around them."""
    name, slug = escape(who["practitioner"].name), escape(who["practitioner"].slug)
    rows = (
        HOLD.format(each["iso"], slug, each["label"], name, each["iso"], each["label"])
        for each in who["times"]
    )
    return SafeString("".join(rows))
