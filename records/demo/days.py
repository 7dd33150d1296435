"""Days that are not like the others, and somebody who works at two places in one day.

Ruth sees people in Sandy on Monday evenings, after her day in Salt Lake City: how early
she can begin depends on when her last appointment there ends. All places keep public
holidays (see places.py).
"""

from datetime import date, time

from django.db import transaction

from bookings.actions import set_day, set_hours
from bookings.models import SingleDay
from clinic.models import Location, PractitionerRole, TravelTime, User
from records.demo.people import DAY, Opening
from records.demo.places import PHOENIX, SALT_LAKE_CITY, SANDY, TAMPA

MONDAY, THURSDAY, SATURDAY = 0, 3, 5
TWO_PLACES, EVENING = "ruth-okafor", (time(17, 45), time(20, 30))
# Minutes by road; in the afternoon everybody leaves the city.
WAYS = ((SALT_LAKE_CITY, SANDY, 35), (SANDY, SALT_LAKE_CITY, 25))
# Who, where, the weekday, not before so many days from now, and the hours instead.
SINGLE = (
    ("lucia-ferrante", PHOENIX, SATURDAY, 8, ((time(9), time(13)),)),
    ("miles-deacon", TAMPA, THURSDAY, 21, ()),
)


@transaction.atomic
def arrange(opening: Opening, places: dict[str, Location], admin: User) -> None:
    """Make the ways, the evenings and the single days that are missing."""
    for start, end, minutes in WAYS:
        TravelTime.objects.get_or_create(
            from_location=places[start.slug],
            to_location=places[end.slug],
            defaults={"minutes": minutes},
        )
    _evenings(opening, places, admin)
    for slug, place, weekday, days, spans in SINGLE:
        role = PractitionerRole.objects.get(
            practitioner__slug=slug, location=places[place.slug]
        )
        if not SingleDay.objects.filter(role=role).exists():
            day = _next(weekday, opening.today + days * DAY)
            set_day(role=role, day=day, spans=spans, by=admin, now=opening.filed)


def _evenings(opening: Opening, places: dict[str, Location], admin: User) -> None:
    known = PractitionerRole.objects.filter(practitioner__slug=TWO_PLACES)
    if known.filter(location=places[SANDY.slug]).exists():
        return
    usual = known.get(location=places[SALT_LAKE_CITY.slug])
    role = PractitionerRole.objects.create(
        practitioner=usual.practitioner,
        role=usual.role,
        location=places[SANDY.slug],
    )
    set_hours(role=role, weekday=MONDAY, spans=[EVENING], by=admin, now=opening.filed)


def _next(weekday: int, day: date) -> date:
    """The first such weekday from a day on."""
    return day + (weekday - day.weekday()) % 7 * DAY
