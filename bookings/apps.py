"""How Django loads this app: with the guards of its tables."""

from django.apps import AppConfig
from django.core.checks import register
from django.db.models.signals import post_migrate


class BookingsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "bookings"
    verbose_name = "Bookings"

    def ready(self) -> None:
        from bookings import guards  # noqa: PLC0415 -- models are loaded only now

        post_migrate.connect(
            guards.install_after_migrate, dispatch_uid="bookings.guards"
        )
        # Asked at the start and by `check --deploy`, not by the migrate that mends it.
        register(guards.check_guards, "guards", deploy=True)
