"""Pages about oneself."""

from django.urls import path

from clinic import views

app_name = "clinic"
urlpatterns = [
    path("welcome/", views.welcome, name="welcome"),
    path("me/", views.me, name="me"),
]
