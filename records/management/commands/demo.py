"""manage.py demo: a clinic to try everything on, and the sign-ins to do it with."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clinic.access import CLINICIAN
from records.demo.load import load
from records.demo.patients import ANNA
from records.demo.people import PASSWORD, email_of
from records.demo.staff import OFFICE, PRACTITIONERS, Person
from treatments.models import TreatmentVariant


class Command(BaseCommand):
    help = (
        "Loads the demo clinic: four places, ten practitioners, some thirty patients "
        "and four weeks of their appointments. Given again, it changes nothing."
    )

    def handle(self, *, verbosity: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "The demo's password is known to everybody. Set DEMO=true where that "
                "does not matter."
            )
        if not TreatmentVariant.objects.exists():
            raise CommandError("Load the rules first: manage.py load_domain")
        loaded = load(timezone.now())
        if not verbosity:
            return
        if not loaded.before:
            self.stdout.write(f"{loaded.appointments} appointments were made.")
        self.stdout.write("\n".join(sign_ins()))


def sign_ins() -> list[str]:
    """Who signs in with what."""
    people = [
        (ANNA, "a patient"),
        *((email_of(person.slug), described(person)) for person in PRACTITIONERS),
        *(
            (email, f"{given} {family}, {groups[0]}")
            for email, given, family, groups, _ in OFFICE
        ),
    ]
    return [
        "",
        f"The demo's sign-ins, all with the password {PASSWORD}",
        *(f"  {email:<22}{who}" for email, who in people),
    ]


def described(person: Person) -> str:
    reviews = CLINICIAN in person.groups
    return f"{person.name}, reviews the catalogue" if reviews else person.name
