"""Texts of the catalogue as paragraphs and lists, with all markup shown as text."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
ITEM = "- "


@register.filter
def prose(text: str) -> SafeString:
    """A blank line begins a paragraph; lines that begin with "- " are a list."""
    return html_of(str(text))


@lru_cache(maxsize=2048)
def html_of(text: str) -> SafeString:
    blocks = text.replace("\r\n", "\n").split("\n\n")
    # Everything that came from outside has passed escape().
    return mark_safe("".join(part for block in blocks for part in parts(block)))  # noqa: S308


def parts(block: str) -> Iterator[str]:
    lines = [line.strip() for line in block.split("\n") if line.strip()]
    for is_list, group in groupby(lines, key=lambda line: line.startswith(ITEM)):
        if is_list:
            items = (f"<li>{escape(line.removeprefix(ITEM))}</li>" for line in group)
            yield f"<ul>{''.join(items)}</ul>"
        else:
            yield f"<p>{' '.join(map(escape, group))}</p>"
