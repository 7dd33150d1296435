"""How Django loads this app."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "records"
