"""How Django loads this app."""

from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "bookings"
