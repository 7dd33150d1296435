"""Who performs what, for everybody; bookings.urls includes them in its namespace."""

from django.urls import path

from bookings.views import people, performs

urlpatterns = [
    path("treatments/<slug:code>/who/", performs.performs, name="performs"),
    path("practitioners/", people.who, name="who"),
    path("practitioners/<slug:practitioner>/", people.person, name="person"),
]
