"""manage.py supervision: make, end and list supervision agreements from a script."""

import argparse
import json
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from clinic.actions import Refused
from clinic.management import arguments, breaking
from clinic.models import Location, Practitioner
from treatments import actions
from treatments.models import SupervisionAgreement, Treatment, TreatmentVariant

EPILOG = """
practitioners: {practitioners}

variants: {variants}

treatments: {treatments}

places: {places}

Days are included at both ends; without a place it holds at all of them. Any one of
the supervisors will do, if the rules let that one do it alone on the day. Where the
rule asks for direct supervision, that one must be at the place besides.
"""
NAMES = (
    ("--practitioner", "SLUG", "who works under supervision"),
    ("--variant", "CODE", "what is done under supervision"),
    ("--treatment", "CODE", "all variants of it, instead of one"),
    ("--place", "SLUG", "where (everywhere unless given)"),
)


class Command(BaseCommand):
    help = (
        "Lets a practitioner work under named supervisors, ends that, or lists all of "
        "a practitioner's agreements as JSON."
    )

    def create_parser(self, *args: Any, **kwargs: Any) -> Any:
        epilog = EPILOG.format(
            practitioners=arguments.listed(Practitioner.objects.all(), "slug"),
            variants=arguments.listed(TreatmentVariant.objects.all(), "code"),
            treatments=arguments.listed(Treatment.objects.all(), "code"),
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
        parser.add_argument(
            "--supervisor",
            action="append",
            default=None,
            type=arguments.words,
            metavar="SLUG",
            help="who supervises; several times for several",
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
        self.stdout.write(json.dumps([row(each) for each in found], indent=2))

    def do(self, options: dict[str, Any]) -> list[SupervisionAgreement]:
        """Do the one thing that was asked for; give the agreements to print."""
        if options["list"]:
            mine = agreements().filter(practitioner=whose(options))
            return list(mine.order_by("pk"))
        if options["end"] is not None:
            return [self.end(options)]
        variants = TreatmentVariant.objects.select_related("treatment")
        return [
            actions.make_agreement(
                practitioner=whose(options),
                supervisors=[
                    practitioner(slug) for slug in options["supervisor"] or ()
                ],
                variant=named(variants, "code", options, "variant"),
                treatment=named(Treatment.objects.all(), "code", options, "treatment"),
                location=named(Location.objects.all(), "slug", options, "place"),
                max_depth_mm=options["max_depth"],
                valid_from=options["from_day"],
                valid_until=options["until"],
                by=None,
                now=timezone.now(),
            )
        ]

    def end(self, options: dict[str, Any]) -> SupervisionAgreement:
        if options["until"] is None:
            raise arguments.refusal(
                "Say the last day on which it counts: --until DATE."
            )
        return actions.end_agreement(
            agreement=arguments.by_id(agreements(), options["end"], what="agreement"),
            valid_until=options["until"],
            by=None,
            now=timezone.now(),
        )


def agreements() -> Any:
    return SupervisionAgreement.objects.select_related(
        "practitioner", "variant__treatment", "treatment", "location"
    )


def practitioner(slug: str) -> Practitioner:
    found: Practitioner = arguments.one(
        Practitioner.objects.all(), "slug", slug, what="practitioner"
    )
    return found


def whose(options: dict[str, Any]) -> Practitioner:
    if not options["practitioner"]:
        raise arguments.refusal("Say who works under it: --practitioner SLUG.")
    return practitioner(options["practitioner"])


def named(queryset: Any, field: str, options: dict[str, Any], what: str) -> Any:
    """The row that the option names, if it was given."""
    if not options[what]:
        return None
    return arguments.one(queryset, field, options[what], what=what)


def row(agreement: SupervisionAgreement) -> dict[str, Any]:
    said = actions.agreement_said(agreement)
    depth = said.pop("max_depth_mm")
    first, last = said.pop("valid_from"), said.pop("valid_until")
    return {
        "id": agreement.pk,
        **said,
        "max_depth_mm": None if depth is None else float(depth),
        "from": first and first.isoformat(),
        "until": last and last.isoformat(),
    }
