"""The catalogue's pages, open to everybody."""

from django.urls import path

from treatments import views

app_name = "treatments"
urlpatterns = [
    path("", views.home, name="home"),
    path("treatments/", views.treatments, name="list"),
    path("treatments/<slug:code>/", views.treatment, name="treatment"),
]
