"""The project's pages, and those of the floor: as little as a view can do."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path


@login_not_required
def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@login_not_required
def small(request: HttpRequest) -> HttpResponse:
    return render(request, "small.html", {"names": ["one", "two", "three"]})


urlpatterns = [
    path("bench/empty/", empty),
    path("bench/small/", small),
    path("", include("clinic.urls")),
]
