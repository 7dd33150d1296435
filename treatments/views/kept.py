"""Public pages as they were drawn last, while nothing that they show has changed.

Whoever has no session sees the same page as everybody else. A database trigger
replaces one stamp at every change of what these pages read (see
`bookings.rulebook`), so one small query tells whether the page is still good. The
stamp is read first: a page drawn while something changed is kept under a stamp that
nobody asks for again.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.module_loading import import_string

MOST_KEPT = 300
LONGEST_ADDRESS = 300
# The words of the clinic's own that stand on every page.
WORDS = ("CLINIC_NAME", "CLINIC_PHONE", "DEMO")
PERSONAL = (settings.SESSION_COOKIE_NAME, "messages")

_pages: dict[tuple[Any, ...], bytes] = {}


def kept(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A decorator for a page that is the same for all who are not signed in."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_be_kept(request):
            return view(request, *args, **kwargs)
        key = key_of(request)
        if (page := _pages.get(key)) is not None:
            response = HttpResponse(page)
            patch_vary_headers(response, ["Cookie"])
            return response
        response = view(request, *args, **kwargs)
        if response.status_code == 200:
            keep(key, response.content)
        return response

    return answered


def may_be_kept(request: HttpRequest) -> bool:
    return (
        request.method in ("GET", "HEAD")
        and not settings.DEBUG  # templates change under a developer's hands
        and not any(name in request.COOKIES for name in PERSONAL)
        and len(request.get_full_path()) <= LONGEST_ADDRESS
    )


def key_of(request: HttpRequest) -> tuple[Any, ...]:
    stamp = import_string(settings.PUBLIC_PAGES_STAMP)()
    words = [getattr(settings, name) for name in WORDS]
    return (connection.settings_dict["NAME"], stamp, request.get_full_path(), *words)


def keep(key: tuple[Any, ...], page: bytes) -> None:
    if len(_pages) >= MOST_KEPT:
        _pages.clear()
    _pages[key] = page
