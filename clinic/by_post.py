"""Addresses that a form is sent to: whoever comes to look is led to the form's page.

A browser asks for them by GET after a session has ended: it signs in, and is sent back
to where it was, without what it had sent.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

View = Callable[..., HttpResponseBase]

ONCE_MORE = (
    "Nothing has been changed. If you still want it, press the button once more."
)
LOOKING = ("GET", "HEAD")


def by_post(page: str, *names: str) -> Callable[[View], View]:
    """A decorator: by GET the address leads to `page`, which says who may see it.

    `names` are those parts of the address that the page's own address has, too.
    """

    def decorate(view: View) -> View:
        @require_http_methods([*LOOKING, "POST"])
        @wraps(view)
        def posted(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            if request.method in LOOKING:
                return _to(request, page, {name: kwargs[name] for name in names})
            return view(request, **kwargs)

        return posted

    return decorate


def with_query(page: str, *names: str) -> Callable[[View], View]:
    """A decorator: looked at without its query, the address leads to `page`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def queried(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            if request.method in LOOKING and not request.GET:
                return _to(request, page, {name: kwargs[name] for name in names})
            return view(request, **kwargs)

        return queried

    return decorate


def _to(request: HttpRequest, page: str, kwargs: dict[str, Any]) -> HttpResponseBase:
    if request.method == "GET":
        messages.info(request, ONCE_MORE)
    return redirect(page, **kwargs)
