"""The package's icons, each drawn once: drawing one costs more than half a page."""

from functools import cache

from django import template
from lucide.templatetags import lucide as package

register = template.Library()
lucide = register.simple_tag(cache(package.lucide), name="lucide")
