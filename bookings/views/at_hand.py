"""Views that take time: what they write is asked of the rulebook behind the locks."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from bookings import rulebook

View = Callable[..., HttpResponse]
REFUSED = 400


def with_rulebook(view: View) -> View:
    """A decorator: gives a view the rulebook as `book`.

    What is sent is read by the one that this process has, without asking whether it is
    still true: whoever writes asks again, by the rulebook of then. A refusal is given by
    no other than that of now, so the view, which has written nothing, is asked again.
    Areas are chosen from a list that the form alone checks, so that is the list of now.
    """

    @wraps(view)
    def viewed(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, book=rulebook.current(), **kwargs)
        chosen = "areas" in request.POST
        book = rulebook.current() if chosen else rulebook.at_hand()
        try:
            answer = view(request, book=book, **kwargs)
        except Http404:
            if rulebook.current() is book:
                raise
        else:
            if answer.status_code < REFUSED or rulebook.current() is book:
                return answer
        return view(request, book=rulebook.current(), **kwargs)

    return viewed
