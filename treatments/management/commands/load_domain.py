"""manage.py load_domain: bring the shipped rules in, and keep what people changed."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from treatments import loader

DATA = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    help = (
        "Loads treatments, variants, areas, roles, credentials and the rules of who may "
        "do what. What a person changed, approved or withdrew is kept; where it differs "
        "from the files, a line says so. Given again, it changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--data",
            type=Path,
            default=DATA,
            metavar="FOLDER",
            help="where the files are (treatments/data unless given)",
        )

    def handle(self, *, data, verbosity, **options):
        try:
            report = loader.load(data, now=timezone.now())
        except loader.LoadRefused as refused:
            raise CommandError(
                f"{refused} Nothing was loaded; mend the file and give the command again."
            ) from None
        for difference in report.differences:
            self.stdout.write(f"Kept {difference}")
        for file, count in report.rows.items() if verbosity else ():
            new, changed = report.created[file], report.updated[file]
            self.stdout.write(f"{file}: {count} rows, {new} new, {changed} changed")
        if report.differences:
            self.stdout.write(
                f"{len(report.differences)} differences from the shipped files are kept."
            )
