"""Pages about oneself."""

from django.conf import settings
from django.urls import path

from clinic import demo_mail, views

app_name = "clinic"
urlpatterns = [
    path("welcome/", views.welcome, name="welcome"),
    path("me/", views.me, name="me"),
]
if settings.DEMO:
    urlpatterns.append(path("demo/mail/", demo_mail.demo_mail, name="demo_mail"))
