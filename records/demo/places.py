"""Places in three states and three zones, one of them without summer time.

Sandy is near Salt Lake City, for evenings. Each has rooms of different kinds and
devices; one device is with its maker.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from clinic.models import Device, Location, OutOfService, Room


class Place(NamedTuple):
    slug: str
    name: str
    address: str
    phone: str
    zone: str
    jurisdiction: str
    keeps_holidays: bool = True


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
SANDY = Place(
    "sandy",
    "Sandy",
    "9270 South State Street, Sandy, UT 84070",
    "+1 385 555 0120",
    "America/Denver",
    "US-UT",
)
PLACES = (SALT_LAKE_CITY, PHOENIX, TAMPA, SANDY)


# The rooms of every place: what each can serve as.
ROOMS = {
    "Juniper": "treatment_room",
    "Sage": "treatment_room",
    "Willow": "treatment_room,consultation_room",
    "Cedar": "procedure_room,treatment_room",
    "Library": "consultation_room",
}
DEVICES = {
    "Pen A": "microneedling_device",
    "Pen B": "microneedling_device",
    "RF 1": "rf_microneedling_device",
    "Centrifuge": "centrifuge",
}
AWAY, DAYS_AWAY = "Pen B", 4


def equip(places: dict[str, Location], now: datetime) -> None:
    """Give each place its rooms and devices; what is there already is left alone."""
    for place in places.values():
        for name, kinds in ROOMS.items():
            Room.objects.get_or_create(
                location=place,
                slug=name.lower(),
                defaults={"name": name, "kinds": kinds},
            )
        for number, (name, kind) in enumerate(DEVICES.items()):
            slug = name.lower().replace(" ", "-")
            serial = f"DEMO-{place.pk:02}{number:02}"
            Device.objects.get_or_create(
                location=place,
                slug=slug,
                defaults={"name": name, "kind": kind, "serial": serial},
            )
    pen = Device.objects.get(location__slug=SALT_LAKE_CITY.slug, name=AWAY)
    if not pen.out_of_service.exists():
        OutOfService.objects.create(
            device=pen,
            starts_at=now,
            ends_at=now + timedelta(days=DAYS_AWAY),
            reason="Yearly service by the maker.",
        )


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
