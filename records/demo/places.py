"""Three places in three states and three zones, one of them without summer time."""

from typing import NamedTuple

from clinic.models import Location


class Place(NamedTuple):
    slug: str
    name: str
    address: str
    phone: str
    zone: str
    jurisdiction: str


SALT_LAKE_CITY = Place(
    "salt-lake-city",
    "Salt Lake City",
    "214 East 300 South, Salt Lake City, UT 84111",
    "+1 385 555 0100",
    "America/Denver",
    "US-UT",
)
PHOENIX = Place(
    "phoenix",
    "Phoenix",
    "1820 North 7th Street, Phoenix, AZ 85006",
    "+1 602 555 0140",
    "America/Phoenix",
    "US-AZ",
)
TAMPA = Place(
    "tampa",
    "Tampa",
    "907 South Howard Avenue, Tampa, FL 33606",
    "+1 813 555 0170",
    "America/New_York",
    "US-FL",
)
PLACES = (SALT_LAKE_CITY, PHOENIX, TAMPA)


def open_places() -> dict[str, Location]:
    """The places by slug; those that are missing are made."""
    return {
        place.slug: Location.objects.get_or_create(
            slug=place.slug,
            defaults={
                name: value for name, value in place._asdict().items() if name != "slug"
            },
        )[0]
        for place in PLACES
    }
