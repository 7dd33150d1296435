"""manage.py qualification: make, change, verify, end and list papers from a script."""

import argparse
import json
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from clinic import actions
from clinic.management import arguments, breaking
from clinic.models import CredentialKind, Practitioner, Qualification, Role, User

FIELDS = {
    "number": "number",
    "jurisdiction": "jurisdiction",
    "issuer": "issuer",
    "from_day": "valid_from",
    "until": "valid_until",
    "foundation_hours": "foundation_hours",
    "specific_hours": "specific_hours",
    "in_person_hours": "in_person_hours",
    "supervised_sessions": "supervised_sessions",
    "exclusions": "exclusions",
}
NAMES = (
    ("--practitioner", "SLUG", "whose paper it is"),
    ("--kind", "CODE", "what paper it is"),
    ("--role", "CODE", "the role it is issued for"),
    ("--verified-by", "EMAIL", "the member of staff who looked at it"),
)
EPILOG = """
kinds: {kinds}

roles: {roles}

practitioners: {practitioners}

Days are included at both ends. A licence names its role and its jurisdiction. A paper
counts only once somebody has verified it, and once more after it has been changed.
"""


class Command(BaseCommand):
    help = (
        "Puts a practitioner's qualification on file, changes it, has it verified, ends "
        "it, or lists them all as JSON."
    )

    def create_parser(self, *args: Any, **kwargs: Any) -> Any:
        epilog = EPILOG.format(
            kinds=arguments.listed(CredentialKind.objects.all(), "code"),
            roles=arguments.listed(Role.objects.all(), "code"),
            practitioners=arguments.listed(Practitioner.objects.all(), "slug"),
        )
        parser = super().create_parser(
            *args,
            epilog=epilog.replace("%", "%%"),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            **kwargs,
        )
        return parser

    def add_arguments(self, parser):
        breaking.add_preview(parser)
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--change", type=int, metavar="ID", help="change this paper")
        what.add_argument("--verify", type=int, metavar="ID", help="verify this paper")
        what.add_argument("--end", type=int, metavar="ID", help="end it on --until")
        what.add_argument("--list", action="store_true", help="print them as JSON")
        for name, metavar, help_text in NAMES:
            parser.add_argument(
                name, type=arguments.words, metavar=metavar, help=help_text
            )
        parser.add_argument("--jurisdiction", type=arguments.words, metavar="US-UT")
        parser.add_argument("--number", type=arguments.words)
        parser.add_argument("--issuer", type=arguments.words)
        parser.add_argument(
            "--from", dest="from_day", type=arguments.day, metavar="DATE"
        )
        parser.add_argument("--until", type=arguments.day, metavar="DATE")
        for hours in ("foundation", "specific", "in-person"):
            parser.add_argument(
                f"--{hours}-hours", type=arguments.amount, metavar="HOURS"
            )
        parser.add_argument("--supervised-sessions", type=int, metavar="NUMBER")
        parser.add_argument(
            "--exclusions",
            type=arguments.words,
            metavar="FLAGS",
            help="regions that an insurance does not cover, such as thorax",
        )

    def handle(self, **options: Any) -> None:
        try:
            papers = breaking.run(self, options, self.do)
        except actions.Refused as refused:
            raise arguments.refusal(str(refused)) from None
        if papers is None:
            return
        self.stdout.write(json.dumps([row(paper) for paper in papers], indent=2))

    def do(self, options: dict[str, Any]) -> list[Qualification]:
        """Do the one thing that was asked for; give the papers to print."""
        verifier = staff(options["verified_by"])
        now = timezone.now()
        if options["list"]:
            return list(papers().filter(practitioner=whose(options)).order_by("pk"))
        if options["end"] is not None:
            return [self.end(options)]
        if options["verify"] is not None:
            if verifier is None:
                raise arguments.refusal("Say who looked at it: --verified-by EMAIL.")
            paper = arguments.by_id(papers(), options["verify"], what="qualification")
        elif options["change"] is not None:
            paper = self.change(options)
        else:
            paper = self.add(options)
        if verifier is not None:
            paper = actions.verify_qualification(
                qualification=paper, by=verifier, now=now
            )
        elif paper.verified_by_id is None:
            self.stderr.write(
                "It counts once it is verified: "
                f"manage.py qualification --verify {paper.pk} --verified-by EMAIL"
            )
        return [paper]

    def add(self, options: dict[str, Any]) -> Qualification:
        practitioner = whose(options)
        if not options["kind"]:
            raise arguments.refusal("Say what paper it is: --kind CODE.")
        return actions.add_qualification(
            practitioner=practitioner,
            by=None,
            now=timezone.now(),
            **said(options),
        )

    def change(self, options: dict[str, Any]) -> Qualification:
        paper = arguments.by_id(papers(), options["change"], what="qualification")
        return actions.change_qualification(
            qualification=paper, by=None, now=timezone.now(), **said(options)
        )

    def end(self, options: dict[str, Any]) -> Qualification:
        if options["until"] is None:
            raise arguments.refusal(
                "Say the last day on which it counts: --until DATE."
            )
        return actions.end_qualification(
            qualification=arguments.by_id(
                papers(), options["end"], what="qualification"
            ),
            valid_until=options["until"],
            by=None,
            now=timezone.now(),
        )


def papers() -> Any:
    return Qualification.objects.select_related(
        "practitioner", "kind", "role", "verified_by"
    )


def whose(options: dict[str, Any]) -> Practitioner:
    if not options["practitioner"]:
        raise arguments.refusal("Say whose paper it is: --practitioner SLUG.")
    return arguments.one(
        Practitioner.objects.all(), "slug", options["practitioner"], what="practitioner"
    )


def said(options: dict[str, Any]) -> dict[str, Any]:
    """What the paper says, as far as the caller told."""
    fields = arguments.given(options, FIELDS)
    if options["kind"]:
        kinds = CredentialKind.objects.all()
        fields["kind"] = arguments.one(kinds, "code", options["kind"], what="kind")
    if options["role"]:
        roles = Role.objects.all()
        fields["role"] = arguments.one(roles, "code", options["role"], what="role")
    return fields


def staff(email: str | None) -> User | None:
    if email is None:
        return None
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        raise arguments.refusal(
            f"Nobody signs in as {arguments.printable(email)}. "
            f"Staff are: {arguments.listed(User.objects.filter(is_staff=True), 'email')}."
        )
    return user


def row(paper: Qualification) -> dict[str, Any]:
    return {
        "id": paper.pk,
        "practitioner": paper.practitioner.slug,
        "kind": paper.kind.code,
        "role": paper.role.code if paper.role else None,
        "jurisdiction": paper.jurisdiction,
        "number": paper.number,
        "issuer": paper.issuer,
        "from": day_or_none(paper.valid_from),
        "until": day_or_none(paper.valid_until),
        "foundation_hours": number_or_none(paper.foundation_hours),
        "specific_hours": number_or_none(paper.specific_hours),
        "in_person_hours": number_or_none(paper.in_person_hours),
        "supervised_sessions": paper.supervised_sessions,
        "exclusions": paper.exclusions,
        "verified_by": paper.verified_by.email if paper.verified_by else None,
        "verified_on": day_or_none(paper.verified_on),
    }


def day_or_none(day: Any) -> str | None:
    return day.isoformat() if day else None


def number_or_none(number: Any) -> float | None:
    return None if number is None else float(number)
