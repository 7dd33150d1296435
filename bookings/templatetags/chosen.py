"""The time on the way to which somebody signs in, from the address they go to next."""

from typing import Any
from urllib.parse import urlsplit

from django import template
from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve

from bookings import rulebook
from bookings.forms import SlotForm

register = template.Library()


@register.simple_tag
def chosen_time(request: HttpRequest) -> dict[str, Any] | None:
    """When, where and with whom; never what for. None unless all of it is ours."""
    sent = request.POST if request.method == "POST" else request.GET
    try:
        to = urlsplit(sent.get("next", ""))
        if to.scheme or to.netloc or resolve(to.path).view_name != "bookings:hold":
            return None
    except (ValueError, Resolver404):
        return None
    form = SlotForm(QueryDict(to.query))
    if not form.is_valid():
        return None
    book, asked = rulebook.current(), form.cleaned_data
    place = book.places.get(asked["place"])
    practitioner = book.practitioners.get(asked["practitioner"])
    if place is None or practitioner is None:
        return None
    return {"at": asked["at"], "place": place, "practitioner": practitioner}
