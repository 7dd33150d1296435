"""Addresses of files that do not change while the program runs, each found once."""

from functools import cache

from django import template
from django.templatetags.static import static

register = template.Library()
asset = register.simple_tag(cache(static), name="asset")
