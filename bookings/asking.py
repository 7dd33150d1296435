"""What the commands `slots` and `why` accept, and how they say what is unknown.

Every refusal is one sentence, and the command ends with 2.
"""

import argparse
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, NoReturn, TypeVar

from django.conf import settings
from django.core.management.base import CommandParser
from django.db.models import Q
from django.db.models.functions import Coalesce

from bookings import slots
from bookings.question import Asked, UnknownName, ask
from clinic.management import arguments
from clinic.models import Location, Patient, Practitioner
from treatments.areas import AreaUnreadable, PlannedArea, parse_areas
from treatments.models import BodyArea, TreatmentVariant

UNASKED = (
    "The patient's own rules (other appointments, first visit or follow-up) were not "
    "asked: give --patient EMAIL to ask them."
)
EPILOG = """
variants: {variants}

places: {places}

practitioners: {practitioners}

areas: {areas}

patients: {patients}

Times are ISO 8601 with the place's offset. An area that has two sides may name one,
as in cheeks:left. An unknown argument ends the command with 2.
"""
Answer = TypeVar("Answer")


def with_names(make: Callable[..., Any], *args: Any, **more: Any) -> Any:
    """A parser whose help lists every name there is."""
    people = Patient.objects.annotate(address=Coalesce("user__email", "email"))
    epilog = EPILOG.format(
        variants=arguments.listed(TreatmentVariant.objects.all(), "code"),
        places=arguments.listed(Location.objects.all(), "slug"),
        practitioners=arguments.listed(Practitioner.objects.all(), "slug"),
        areas=arguments.listed(BodyArea.objects.filter(is_group=False), "code"),
        # Outside the demo they are real, and a help text is no list of patients.
        patients=arguments.listed(people.exclude(address=""), "address")
        if settings.DEMO
        else "the e-mail address of anybody on file",
    )
    parser = make(
        *args,
        epilog=epilog.replace("%", "%%"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        **more,
    )
    parser.error = partial(_refuse, parser)
    return parser


def _refuse(parser: CommandParser, message: str) -> NoReturn:
    """End as for every other refusal: with 2 and a sentence, without the usage."""
    problem = arguments.refusal(one_sentence(f"{message}."))
    if not parser.called_from_command_line:
        raise problem
    parser.exit(problem.returncode, f"CommandError: {problem}\n")
    raise AssertionError  # not reached: the parser has ended the process


def add_arguments(parser: CommandParser, *, with_whom: str, needed: bool) -> None:
    """What both commands ask for; a practitioner is `needed` or not."""
    parser.add_argument("variant", metavar="VARIANT", help="what is to be booked")
    parser.add_argument("--place", required=True, metavar="SLUG", help="where")
    parser.add_argument(
        "--practitioner", required=needed, metavar="SLUG", help=with_whom
    )
    parser.add_argument(
        "--patient", metavar="EMAIL", help="for whom, to ask that patient's rules too"
    )
    parser.add_argument(
        "--areas",
        metavar="A,B",
        help="planned areas, such as cheeks:left,nose (those of the variant)",
    )
    parser.add_argument(
        "--depth", metavar="MM", help="planned depth (the deepest of the variant)"
    )
    parser.add_argument("--now", metavar="ISO", help="ask as if it were then")
    parser.add_argument("--json", action="store_true", help="print JSON")


def asked(options: dict[str, Any]) -> Asked:
    """The question that the arguments put."""
    if options["practitioner"] == "":
        raise arguments.refusal("--practitioner: name somebody, or leave it out.")
    patient = _patient(options["patient"])
    try:
        return ask(
            variant=options["variant"],
            place=options["place"],
            practitioner=options["practitioner"],
            patient=patient,
            areas=_areas(options["areas"]),
            depth_mm=_depth(options["depth"]),
        )
    except UnknownName as unknown:
        raise arguments.refusal(one_sentence(str(unknown))) from None


def answered(question: Callable[[], Answer]) -> Answer:
    """What the question gives, or a sentence why it cannot be put like that."""
    try:
        return question()
    except (slots.RangeTooLong, slots.NoSuchMoment) as problem:
        raise arguments.refusal(one_sentence(str(problem))) from None


def one_sentence(text: str) -> str:
    """What to do joined to what is wrong, on one line that a terminal can show."""
    text = " ".join(text.encode("utf-8", "replace").decode().replace("\0", " ").split())
    wrong, stop, then = text.partition(". ")
    return f"{wrong}: {then[:1].lower()}{then[1:]}" if stop else text


def moment(text: str, option: str) -> datetime:
    """An aware moment in the years that a clinic deals with."""
    try:
        found = datetime.fromisoformat(text)
        slots.minute_asked(found.replace(second=0, microsecond=0))
    except slots.NoSuchMoment as problem:
        raise arguments.refusal(one_sentence(f"{option}: {problem}")) from None
    except ValueError:
        raise arguments.refusal(
            one_sentence(
                f"{option}: “{arguments.printable(text)}” is no time. Write it with its "
                "offset, such as 2026-11-23T10:00-07:00."
            )
        ) from None
    return found


def now_or(options: dict[str, Any], clock: Callable[[], datetime]) -> datetime:
    """The moment of --now, else the clock's."""
    return clock() if options["now"] is None else moment(options["now"], "--now")


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise arguments.refusal(
            one_sentence(
                f"--from: “{arguments.printable(text)}” is no date. "
                "Write it as 2026-11-23."
            )
        ) from None


def days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise arguments.refusal(
            one_sentence(
                f"--days: “{arguments.printable(text)}” is no number of days. "
                f"{slots.RangeTooLong()}"
            )
        )
    return int(text)


def _areas(text: str | None) -> tuple[PlannedArea, ...]:
    if text is None:
        return ()
    try:
        areas = parse_areas(text)
    except AreaUnreadable as problem:
        raise arguments.refusal(one_sentence(f"--areas: {problem}")) from None
    if not areas:
        raise arguments.refusal("--areas: name at least one area, such as nose.")
    return areas


def _depth(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        depth = Decimal(text)
    except InvalidOperation:
        depth = Decimal(0)
    if not (depth.is_finite() and 0 < depth < 100):
        raise arguments.refusal(
            one_sentence(
                f"--depth: “{arguments.printable(text)}” is no depth. "
                "Write millimeters, such as 0.5."
            )
        )
    return depth


def _patient(email: str | None) -> Patient | None:
    if email is None:
        return None
    found: list[Patient] = []
    if email.isprintable():  # a database cannot even be asked about the rest
        address = email.strip()
        found = list(
            Patient.objects.filter(
                Q(email__iexact=address) | Q(user__email__iexact=address)
            )[:2]
        )
    if len(found) == 1:
        return found[0]
    how_many = "Several patients have" if found else "No patient has"
    raise arguments.refusal(
        one_sentence(f"{how_many} the e-mail address “{arguments.printable(email)}”.")
    )
