"""Section 4.6b as data, and the questions by which the demo is held against it."""

from datetime import UTC, date, datetime, timedelta

from bookings import slots
from bookings.question import ask
from clinic.models import Location
from records.demo.staff import PRACTITIONERS

# Wednesday noon in Denver; summer time ends between the two halves of the weeks.
NOW = datetime(2026, 10, 28, 18, tzinfo=UTC)
TODAY = date(2026, 10, 28)
DAY = timedelta(days=1)
PLACES = ("salt-lake-city", "phoenix", "tampa")

NEEDLING = {"dn_first", "dn_follow_up", "dn_extended"}
ASSESSMENT = {"consult_msk"}
HALF_MM = {"mn_face_05", "mn_neck", "mn_decolletage", "mn_hands"}
MICRO = HALF_MM | {"mn_face_10", "mn_face_scars_15", "mn_scalp"}
TALK = {"consult_skin"}
PEEL = {"peel_light"}
SKIN = MICRO | {"rf_face", "prp_face", "peel_medium_face"} | PEEL | TALK

# Section 4.6b, row by row: Salt Lake City, Phoenix, Tampa.
BOOKABLE = {
    "ruth-okafor": (NEEDLING | ASSESSMENT,) * 3,
    "ben-castillo": (ASSESSMENT, NEEDLING | ASSESSMENT, ASSESSMENT),
    "helen-strand": (NEEDLING | ASSESSMENT,) * 3,
    "tomas-varga": (set(),) * 3,
    "miles-deacon": (ASSESSMENT, ASSESSMENT, NEEDLING | ASSESSMENT),
    "lucia-ferrante": (PEEL | TALK, HALF_MM | PEEL | TALK, PEEL | TALK),
    "noor-rahimi": (MICRO | PEEL | TALK, set(), set()),
    "james-whitfield": (SKIN,) * 3,
    "priya-anand": (TALK | ASSESSMENT,) * 3,
    "grace-lindholm": (TALK,) * 3,
}
PERSON = {person.slug: person for person in PRACTITIONERS}


def asked(variant, place, practitioner=None, **more):
    return ask(variant=variant, place=place, practitioner=practitioner, **more)


def offered(question, *, first=TODAY + DAY, days=14):
    return slots.open_slots(question, first_day=first, days=days, now=NOW)


def at_work(person, place):
    """Half past nine on a day when this person is at the place."""
    zone = Location.objects.get(slug=place).tz
    day = TODAY + 7 * DAY
    while day.weekday() not in person.week[place]:
        day += DAY
    return datetime(day.year, day.month, day.day, 9, 30, tzinfo=zone)


def refusals(variant, place, person, **more):
    """What speaks against a time at which the person works, bookings aside."""
    question = asked(variant, place, person.slug, **more)
    found = slots.why_not(question, at=at_work(person, place), now=NOW)
    return [finding for finding in found if "OVERLAP" not in finding.code]
