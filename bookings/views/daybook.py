"""What stands in a day of a practitioner or a place, for the staff's schedule pages."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from bookings.calendar import Column, Event, bounds, clock, from_to
from bookings.models import Appointment, Status
from bookings.models.appointments import OCCUPYING, STANDING, AppointmentQuerySet
from bookings.rulebook import Rulebook
from bookings.rules.hours import spans
from bookings.staff_forms import DayUnclear, day_asked
from bookings.timeline import Stretch, Timeline, from_minute, minute_from, to_minute
from clinic import zones
from clinic.middleware import refusal
from clinic.models import Location, Practitioner, PractitionerRole
from clinic.qualifications import in_force

DAY = timedelta(days=1)
LONGEST = timedelta(days=1)  # of an appointment, and more than that


@dataclass(frozen=True)
class Line:
    """An appointment in a list, in the time of its own place; `elsewhere` says of which."""

    appointment: Appointment
    time: str
    elsewhere: str = ""
    day: date | None = None
    moves: list[Any] = field(default_factory=list)
    late_fee: Decimal | None = None  # owed if the patient cancels now
    noshow_fee: Decimal | None = None  # owed if the patient does not come

    @property
    def takes(self) -> str:
        return taking(self.appointment)


def taking(appointment: Appointment) -> str:
    """The names of the rooms and devices that it takes, which were read with it."""
    return ", ".join(claim.what.name for claim in appointment.equipment)


def with_day(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A decorator: hands on `asked`, the day in the address, or says what is wrong."""

    @wraps(view)
    def reading(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            asked = day_asked(request.GET.get("day"))
        except DayUnclear as unclear:
            return refusal(request, str(unclear), status=400)
        return view(request, *args, asked=asked, **kwargs)

    return reading


def today_at(place: Location, now: datetime) -> date:
    return now.astimezone(place.tz).date()


def zone_words(place: Location, day: date) -> str:
    """The zone, with what clocks there are set to on that day."""
    noon = from_minute(bounds(day, place.tz)[0]) + DAY / 2
    return zones.zone_words(noon, place.tz)


def between(rows: AppointmentQuerySet, stretch: Stretch) -> list[Appointment]:
    """Those that meet a stretch of time, in order."""
    first, until = map(from_minute, stretch)
    found = (
        rows.with_people()
        .with_marks()
        .with_equipment()
        .filter(starts_at__lt=until, starts_at__gt=first - LONGEST, ends_at__gt=first)
    )
    return list(found.order_by("starts_at", "practitioner__name", "pk"))


def meets(appointment: Appointment, stretch: Stretch) -> bool:
    first, until = minutes_of(appointment)
    return first < stretch[1] and stretch[0] < until


def minutes_of(appointment: Appointment) -> Stretch:
    return to_minute(appointment.starts_at), minute_from(appointment.ends_at)


def line(appointment: Appointment, place: Location) -> Line:
    own, elsewhere = appointment.place, ""
    if own.pk != place.pk:
        elsewhere = own.name
        if own.zone != place.zone:
            elsewhere += f", {zones.zone_words(appointment.starts_at, own.tz)}"
    return Line(appointment, from_to(*minutes_of(appointment), own.tz), elsewhere)


def summary(lines: Sequence[Line], place: Location) -> str:
    """How many come, from when to when."""
    coming = [
        minutes_of(each.appointment)
        for each in lines
        if each.appointment.status in STANDING
    ]
    if not coming:
        return "No appointments."
    when = from_to(min(coming)[0], max(until for _, until in coming), place.tz)
    return f"{len(coming)} appointment{'s' * (len(coming) > 1)}, {when}."


def event(appointment: Appointment, place: Location) -> Event:
    words = [appointment.label]
    if appointment.status != Status.BOOKED:
        words.insert(0, appointment.get_status_display())
    if appointment.status == Status.PENDING and appointment.held_until:
        words[0] += f" until {clock(to_minute(appointment.held_until), place.tz)}"
    if appointment.is_overridden:
        words.append("override")
    if appointment.is_at_risk:
        words.append("at risk")
    if appointment.place_id != place.pk:
        words.insert(0, f"At {appointment.place.name}")
    if takes := taking(appointment):
        words.append(takes)
    return Event(
        *minutes_of(appointment),
        title=appointment.patient.name,
        detail=" · ".join(words),
        status=appointment.status,
        family=appointment.variant.treatment.family,
        href=appointment.get_absolute_url(),
        is_marked=appointment.is_overridden or appointment.is_at_risk,
    )


def hours_of(
    book: Rulebook, roles: Iterable[PractitionerRole], day: date
) -> tuple[Stretch, ...]:
    """The hours of these roles that meet `day`; what touches is one stretch."""
    found: list[Stretch] = []
    for role in roles:
        if in_force(role, day):
            window = bounds(day, role.location.tz)
            found += spans(book, role, *window)
    whole = Timeline([bounds(day, role.location.tz) for role in roles])
    return tuple(Timeline(found) & whole)


def column(
    book: Rulebook,
    *,
    practitioner: Practitioner,
    place: Location,
    day: date,
    rows: Iterable[Appointment],
    **words: Any,
) -> Column:
    """A day of a practitioner at a place, with `rows` drawn as events."""
    roles = book.roles_of(practitioner.pk, place.pk)
    away = book.leave.get(practitioner.pk, [])
    return Column(
        day=day,
        hours=hours_of(book, roles, day),
        leave=tuple((to_minute(x.starts_at), minute_from(x.ends_at)) for x in away),
        events=tuple(event(row, place) for row in drawn(rows)),
        **words,
    )


def drawn(rows: Iterable[Appointment]) -> list[Appointment]:
    """Those that a calendar shows: whoever did not come makes room for others."""
    rows = list(rows)
    standing = [row for row in rows if row.status in OCCUPYING]
    missed = [
        row
        for row in rows
        if row.status == Status.NOSHOW
        and not any(meets(other, minutes_of(row)) for other in standing)
    ]
    return standing + missed


def address(name: str, *args: Any, **query: Any) -> str:
    """The address of a page, with what is given of a query."""
    given = urlencode({key: value for key, value in query.items() if value})
    return reverse(f"bookings:{name}", args=args) + (f"?{given}" if given else "")


def clocks(first: time, until: time) -> str:
    """Hours of a wall clock, as people write them: 9:00 AM to 5:00 PM."""
    ends = "midnight" if until == time(0) else _wall(until)
    return f"{_wall(first)} to {ends}"


def _wall(shown: time) -> str:
    return f"{shown.hour % 12 or 12}:{shown:%M} {'AM' if shown.hour < 12 else 'PM'}"


def stretch_words(starts_at: datetime, ends_at: datetime, place: Location) -> str:
    """Days, and the times where they are not whole days, as clocks at a place show."""
    zone = place.tz
    begins, ends = starts_at.astimezone(zone), ends_at.astimezone(zone)
    last = (ends_at - timedelta(minutes=1)).astimezone(zone).date()
    if begins.time() == ends.time() == time(0):
        words = short(begins.date())
        return words if last == begins.date() else f"{words} to {short(last)}"
    if last == begins.date():
        return f"{short(last)}, {clocks(begins.time(), ends.time())}"
    until = "midnight" if ends.time() == time(0) else _wall(ends.time())
    return f"{short(begins.date())}, {_wall(begins.time())} to {short(last)}, {until}"


def short(day: date) -> str:
    return f"{day:%a, %b} {day.day}, {day.year}"


def standing(each: Appointment) -> tuple[Appointment, str]:
    """An appointment that a change of hours would leave outside, and when it is."""
    return each, stretch_words(each.starts_at, each.ends_at, each.place)
