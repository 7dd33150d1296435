"""How Django loads this app."""

from django.apps import AppConfig
from django.core.checks import register
from django.db.models.signals import post_migrate


class ClinicConfig(AppConfig):
    name = "clinic"
    verbose_name = "Clinic"

    def ready(self) -> None:
        from clinic import checks, groups  # noqa: PLC0415 -- models are loaded only now

        register(checks.check_demo, deploy=True)
        post_migrate.connect(
            groups.make_groups, sender=self, dispatch_uid="clinic.groups"
        )
