"""Is the place open on that day? Public holidays, and days that somebody decided about."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from bookings.findings import Closure, Finding
from bookings.rulebook import Rulebook
from bookings.timeline import local_day, midnight
from bookings.wanted import Wanted
from clinic.models import Location
from clinic.public_holidays import holidays_in
from clinic.qualifications import DAY

FAR = 60  # days within which the next open one is looked for


def closed_for(book: Rulebook, place: Location, day: date) -> str | None:
    """Why a place is closed on a day, in a few words or none; None if it is open."""
    holiday = holidays_in(place.jurisdiction, day.year).get(day, "")
    decided = book.place_days.get(place.pk, {}).get(day)
    if decided is not None:
        return None if decided.is_open else decided.reason or holiday
    return holiday if holiday and place.keeps_holidays else None


class PlaceOpen:
    """Closes starts whose visible time meets a day on which the place is closed."""

    settled = True
    about_time = True

    def read(self, wanteds: Sequence[Wanted], now: datetime) -> None:
        return None

    def closures(self, facts: None, wanted: Wanted) -> Iterable[Closure]:
        place, zone = wanted.place, wanted.place.tz
        if not (place.keeps_holidays or wanted.book.place_days.get(place.pk)):
            return
        day = local_day(wanted.first, zone)
        last = local_day(wanted.until + wanted.minutes, zone)
        for closed, why in _closed(wanted.book, place, day, last):
            first = midnight(closed, zone) - wanted.minutes + 1
            until = midnight(closed + DAY, zone)
            if first < wanted.until and wanted.first < until:
                yield Closure(
                    max(first, wanted.first),
                    min(until, wanted.until),
                    _finding(wanted, closed, why),
                )


def _closed(
    book: Rulebook, place: Location, day: date, last: date
) -> Iterator[tuple[date, str]]:
    while day <= last:
        why = closed_for(book, place, day)
        if why is not None:
            yield day, why
        day += DAY


def _finding(wanted: Wanted, day: date, why: str) -> Finding:
    place = wanted.place
    because = f" ({why})" if why else ""
    opens = next_open(wanted.book, place, day)
    remedy = "Choose another day, or another place."
    if opens:
        remedy = f"Choose {opens:%A, %B} {opens.day} or later, or another place."
    return Finding(
        "PLACE_CLOSED_THAT_DAY",
        place.slug,
        f"{place.name} is closed on {day:%A, %B} {day.day}{because}.",
        remedy,
    )


def next_open(book: Rulebook, place: Location, day: date) -> date | None:
    """The first day after `day` on which a place is open, if there is one soon."""
    for number in range(1, FAR):
        if closed_for(book, place, day + number * DAY) is None:
            return day + number * DAY
    return None
