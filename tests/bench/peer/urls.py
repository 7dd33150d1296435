"""Its pages, and one that says that it is there."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def here(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("healthz/", here),
    path("", include("appointment.urls")),
]
