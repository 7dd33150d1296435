"""The two long lists of the page of times, joined in Python.

A page of 28 days has hundreds of links; a loop in a template takes as long for them as
the search for the times.
"""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
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
CURRENT = SafeString(' aria-current="date"')
NONE = "\N{EN DASH}"
EMPTY = SafeString(' class="is-empty"')


@register.simple_tag
def day_links(strip: Iterable[dict[str, Any]]) -> SafeString:
    """The days, each with how many times it has."""
    return format_html_join("\n", DAY, (_day(each) for each in strip))


def _day(each: dict[str, Any]) -> tuple[Any, ...]:
    count = each["count"]
    times = "time" if count == 1 else "times"
    return (
        each["url"],
        CURRENT if each["chosen"] else "",
        "" if count else EMPTY,
        each["words"],
        count or "no",
        times,
        each["weekday"],
        each["number"],
        format_html('{}<span class="unit"> {}</span>', count, times) if count else NONE,
    )


@register.simple_tag
def time_links(who: dict[str, Any]) -> SafeString:
    """The times of one practitioner."""
    name = who["practitioner"].name
    rows = (
        (each["url"], each["label"], name, each["iso"], each["label"])
        for each in who["times"]
    )
    return format_html_join("", TIME, rows)
