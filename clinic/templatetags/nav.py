"""The links of header and footer: few, the same for many pages, each row drawn once."""

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()

LINK = '<li><a href="{}"{}>{}</a></li>'
CURRENT = SafeString(' aria-current="page"')


@register.simple_tag
def nav_links(links: Iterable[tuple[str, str, bool]]) -> SafeString:
    """Label, address, and whether it is the page that is looked at."""
    return _drawn(tuple(links))


@lru_cache(maxsize=512)
def _drawn(links: tuple[tuple[str, str, bool], ...]) -> SafeString:
    rows = ((url, CURRENT if current else "", label) for label, url, current in links)
    return format_html_join("\n", LINK, rows)
