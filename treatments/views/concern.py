"""A concern: what it is, what may help, and how sure that is."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from treatments import published
from treatments.models import Concern, Family
from treatments.views.kept import kept


@require_safe
@login_not_required
@kept
def concern(request: HttpRequest, concern: str) -> HttpResponse:
    concerns = published.concerns()
    found = next((each for each in concerns if each.code == concern), None)
    if found is None:
        raise Http404("There is no such concern.")
    offered = list(published.offered())
    helpful = surest_first(found, offered)
    talks = [each for each in offered if each.family == Family.CONSULTATION]
    context = {
        "concern": found,
        "helpful": helpful,
        "talks": published.talks_about((each for each, _ in helpful), talks),
        "others": [
            each for each in concerns if each.family == found.family and each != found
        ],
        "is_sample": published.holds_sample([*offered, found]),
    }
    return render(request, "treatments/concern.html", context)


def surest_first(concern: Concern, offered: list) -> list[tuple]:
    """What may help, each with how sure that is."""
    order = list(Concern.Strength)
    strengths = published.strengths(concern)
    found = [(each, strengths[each.code]) for each in offered if each.code in strengths]
    return sorted(found, key=lambda pair: order.index(pair[1]))
