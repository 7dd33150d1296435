"""manage.py catalogue: the catalogue as CSV files, out and in again."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clinic.actions import Refused
from clinic.management import arguments
from clinic.models import User
from treatments.actions import exchange
from treatments.loader import LoadRefused


class Command(BaseCommand):
    help = (
        "Writes the published catalogue as CSV files, or takes such files in. Changed "
        "treatments come in as drafts of --author, for somebody else to publish; the "
        "other rows are changed at once. A bad row changes nothing."
    )

    def add_arguments(self, parser):
        what = parser.add_subparsers(dest="what", required=True)
        out = what.add_parser("export", help="write the files into DIR")
        out.add_argument("folder", type=Path, metavar="DIR")
        take = what.add_parser("import", help="take the files of DIR in")
        take.add_argument("folder", type=Path, metavar="DIR")
        take.add_argument(
            "--author",
            required=True,
            metavar="EMAIL",
            help="the clinic admin whose drafts they become",
        )

    def handle(self, *, what, folder, **options):
        if what == "export":
            self.export(folder)
        else:
            self.take_in(folder, options["author"])

    def export(self, folder):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, content in exchange.export().items():
                (folder / name).write_text(content, encoding="utf-8-sig", newline="")
                self.stdout.write(f"{folder / name}")
        except OSError as problem:
            raise CommandError(f"{folder} cannot be written: {problem}.") from None

    def take_in(self, folder, email):
        if not folder.is_dir():
            raise arguments.refusal(f"{folder} is no folder.")
        author = User.objects.filter(email=email.lower()).first()
        if author is None:
            raise arguments.refusal(f"Nobody signs in with {email}.")
        try:
            taken = exchange.take_in(folder, by=author, now=timezone.now())
        except (LoadRefused, Refused) as refused:
            raise CommandError(f"{refused} Nothing was changed.") from None
        for file, count in taken.rows.items():
            self.stdout.write(f"{file}: {count} rows changed")
        drafts = ", ".join(taken.drafts)
        self.stdout.write(
            f"Drafts for review: {drafts}" if drafts else "No treatment differs."
        )
