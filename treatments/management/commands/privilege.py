"""manage.py privilege: grant, end and list privileges from a script."""

import argparse
import json
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from clinic.actions import Refused
from clinic.days import first_place_day
from clinic.management import arguments, breaking
from clinic.models import Location, Practitioner
from treatments import actions
from treatments.models import Privilege, TreatmentVariant

EPILOG = """
practitioners: {practitioners}

variants: {variants}

places: {places}

Days are included at both ends; without a place it holds at all of them. A privilege
narrows what the law allows and never widens it; without one, nothing is bookable.
"conditions_open" are those of the rule that nobody has ticked in the back office.
"""
NAMES = (
    ("--practitioner", "SLUG", "who may perform it"),
    ("--variant", "CODE", "what may be performed"),
    ("--place", "SLUG", "where (everywhere unless given)"),
)


class Command(BaseCommand):
    help = (
        "Lets a practitioner perform a variant, ends that, or lists all of a "
        "practitioner's privileges as JSON."
    )

    def create_parser(self, *args: Any, **kwargs: Any) -> Any:
        epilog = EPILOG.format(
            practitioners=arguments.listed(Practitioner.objects.all(), "slug"),
            variants=arguments.listed(TreatmentVariant.objects.all(), "code"),
            places=arguments.listed(Location.objects.all(), "slug"),
        )
        return super().create_parser(
            *args,
            epilog=epilog.replace("%", "%%"),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            **kwargs,
        )

    def add_arguments(self, parser):
        breaking.add_preview(parser)
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--end", type=int, metavar="ID", help="end it on --until")
        what.add_argument("--list", action="store_true", help="print them as JSON")
        for name, metavar, help_text in NAMES:
            parser.add_argument(
                name, type=arguments.words, metavar=metavar, help=help_text
            )
        parser.add_argument("--max-depth", type=arguments.amount, metavar="MM")
        parser.add_argument(
            "--from", dest="from_day", type=arguments.day, metavar="DATE"
        )
        parser.add_argument("--until", type=arguments.day, metavar="DATE")

    def handle(self, **options: Any) -> None:
        try:
            found = breaking.run(self, options, self.do)
        except Refused as refused:
            raise arguments.refusal(str(refused)) from None
        if found is None:
            return
        today, conditions = first_place_day(timezone.now()), actions.Conditions()
        rows = [
            {**row(each), "conditions_open": conditions.open(each, today)}
            for each in found
        ]
        self.stdout.write(json.dumps(rows, indent=2))

    def do(self, options: dict[str, Any]) -> list[Privilege]:
        """Do the one thing that was asked for; give the privileges to print."""
        if options["list"]:
            return list(privileges().filter(practitioner=whose(options)).order_by("pk"))
        if options["end"] is not None:
            return [self.end(options)]
        if not options["variant"]:
            raise arguments.refusal("Say what may be performed: --variant CODE.")
        return [
            actions.grant_privilege(
                practitioner=whose(options),
                variant=arguments.one(
                    TreatmentVariant.objects.select_related("treatment"),
                    "code",
                    options["variant"],
                    what="variant",
                ),
                location=where(options),
                max_depth_mm=options["max_depth"],
                valid_from=options["from_day"],
                valid_until=options["until"],
                by=None,
                now=timezone.now(),
            )
        ]

    def end(self, options: dict[str, Any]) -> Privilege:
        if options["until"] is None:
            raise arguments.refusal(
                "Say the last day on which it counts: --until DATE."
            )
        return actions.end_privilege(
            privilege=arguments.by_id(privileges(), options["end"], what="privilege"),
            valid_until=options["until"],
            by=None,
            now=timezone.now(),
        )


def privileges() -> Any:
    return Privilege.objects.select_related(
        "practitioner", "variant__treatment", "location"
    ).prefetch_related(
        "conditions_ticked",
        "practitioner__roles__role",
        "practitioner__roles__location",
    )


def whose(options: dict[str, Any]) -> Practitioner:
    if not options["practitioner"]:
        raise arguments.refusal("Say who may perform it: --practitioner SLUG.")
    return arguments.one(
        Practitioner.objects.all(), "slug", options["practitioner"], what="practitioner"
    )


def where(options: dict[str, Any]) -> Location | None:
    if not options["place"]:
        return None
    return arguments.one(Location.objects.all(), "slug", options["place"], what="place")


def row(privilege: Privilege) -> dict[str, Any]:
    depth = privilege.max_depth_mm
    return {
        "id": privilege.pk,
        "practitioner": privilege.practitioner.slug,
        "variant": privilege.variant.code,
        "place": privilege.location.slug if privilege.location else None,
        "max_depth_mm": None if depth is None else float(depth),
        "from": privilege.valid_from and privilege.valid_from.isoformat(),
        "until": privilege.valid_until and privilege.valid_until.isoformat(),
    }
