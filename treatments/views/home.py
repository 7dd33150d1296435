"""The first page: what people come with, what there is, and where we are."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clinic.models import Location
from treatments import published
from treatments.views.families import by_family
from treatments.views.kept import kept


@require_safe
@login_not_required
@kept
def home(request: HttpRequest) -> HttpResponse:
    offered = list(published.offered())
    concerns = published.concerns()
    context = {
        "treatments": offered,
        "is_sample": published.holds_sample([*offered, *concerns]),
        "concerns": by_family(concerns),
        "places": Location.objects.filter(is_open=True).order_by("name"),
    }
    return render(request, "treatments/home.html", context)
