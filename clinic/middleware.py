"""What every request passes: unreadable input stops here, private pages stay private."""

import re
from collections.abc import Callable, Iterable

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    UnreadablePostError,
)
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils.cache import patch_cache_control

Handler = Callable[[HttpRequest], HttpResponse]

NO_TEXT = (
    "Something that was sent holds characters that cannot be stored. "
    "Go back, type it again, and send it once more."
)
NOT_UNDERSTOOD = (
    "What was sent could not be read. Go back, load the page again, and try once more."
)
NO_LETTER = re.compile("[\0\N{REPLACEMENT CHARACTER}\ud800-\udfff]")
TOO_MUCH = (
    "What was sent is too long. Go back, shorten the text, and send it once more."
)


class RejectUnreadableInput:
    """Answers 400 (413 if too long) where path, query or form cannot be text.

    Databases refuse NUL, and lone surrogates cannot be encoded; U+FFFD stands where
    the sender's bytes were no UTF-8. What passes here is text that can be stored.
    """

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if announced(request) > settings.LARGEST_REQUEST:
            return refusal(request, TOO_MUCH, status=413)
        if not is_text(request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")):
            del request.COOKIES[settings.SESSION_COOKIE_NAME]  # it is nobody's session
        try:
            readable = all(map(is_text, everything_sent(request)))
        except RequestDataTooBig:
            return refusal(request, TOO_MUCH, status=413)
        except (
            BadRequest,
            LookupError,  # a part of a form names a charset that is none
            MultiPartParserError,
            SuspiciousOperation,
            UnicodeError,
            UnreadablePostError,
        ):
            return refusal(request, NOT_UNDERSTOOD, status=400)
        if not readable:
            return refusal(request, NO_TEXT, status=400)
        return self.get_response(request)


class PrivatePages:
    """Keeps what somebody with a session sees out of every cache, the browser's too.

    It looks for the cookie and not for the user, so that it costs no query.
    """

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        name = settings.SESSION_COOKIE_NAME
        if name in request.COOKIES or name in response.cookies:
            patch_cache_control(response, private=True, no_store=True)
        return response


class SayWhatToDo:
    """Draws a page where Django answers 405, a method that a page does not know, with nothing."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page


def announced(request: HttpRequest) -> int:
    """The bytes that are to come, as the request says; nothing of them is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() and len(length) < 19 else 0


def everything_sent(request: HttpRequest) -> Iterable[str]:
    """The path, and all names and values of the query and the form."""
    yield request.path_info
    for sent in (request.GET, request.POST):
        for name, values in sent.lists():
            yield name
            yield from values
    for name, files in request.FILES.lists():
        yield name
        yield from (file.name or "" for file in files)


def is_text(value: str) -> bool:
    """Whether `value` can be stored, and was sent as text in the first place."""
    return not NO_LETTER.search(value)


def refusal(request: HttpRequest, message: str, *, status: int) -> HttpResponse:
    return render(request, "400.html", {"message": message}, status=status)
