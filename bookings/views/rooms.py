"""The day by room and by device; one of them put out of service, and back."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_safe,
)

from bookings import actions, rulebook
from bookings.access import appointments_of
from bookings.calendar import Column, Event, bounds, clock, from_to, lay_out
from bookings.hours_forms import ServiceForm
from bookings.models import Appointment, Claim
from bookings.rulebook import Rulebook
from bookings.rules.resources import words
from bookings.timeline import FOREVER, Stretch, minute_from, to_minute
from bookings.views import daybook
from bookings.views.seen_first import shown, unless_broken
from clinic.access import front_desk_required
from clinic.by_post import by_post
from clinic.models import Device, Location, OutOfService, Room

PAGE = ["GET", "HEAD", "POST"]
COLUMN_WIDTH = 160
MOST_SHOWN = 50


class Use(NamedTuple):
    """A room or a device on a day: who has it when, and when it cannot be used."""

    what: Room | Device
    key: str
    lines: list[tuple[str, Appointment]]
    out: list[str]
    column: Column

    @property
    def kinds(self) -> str:
        return words(self.what.kind_codes).replace(" and ", ", ")


@require_safe
@front_desk_required
@daybook.with_day
def rooms(request: HttpRequest, *, asked: date | None) -> HttpResponse:
    """Every room of a place side by side, then every device."""
    now, book = timezone.now(), rulebook.current()
    place = _place_or_404(book, request.GET.get("place"))
    day = asked or daybook.today_at(place, now)
    claims = _claims(request, place, day)
    uses = [
        _use(book, place, day, key, each, claims) for key, each in _all(book, place)
    ]
    # What is no longer in use is shown on the days on which somebody has it.
    uses = [use for use in uses if use.what.is_active or use.lines]
    parts = []
    for key, heading in (("room", "Rooms"), ("device", "Devices")):
        mine = [use for use in uses if use.key == key]
        columns = [use.column for use in mine]
        calendar = columns and lay_out(
            columns, zone=place.tz, now=to_minute(now), column_width=COLUMN_WIDTH
        )
        parts.append({"heading": heading, "uses": mine, "calendar": calendar})
    context = _around(book, place, day, now) | {"parts": parts}
    return render(request, "bookings/rooms.html", context)


def _place_or_404(book: Rulebook, slug: str | None) -> Location:
    place = book.places.get(slug) if slug else next(iter(book.places.values()), None)
    if place is None:
        raise Http404("There is no such place.")
    return place


def _all(book: Rulebook, place: Location) -> Iterable[tuple[str, Room | Device]]:
    for room in book.rooms.get(place.pk, ()):
        yield "room", room
    for device in book.devices.get(place.pk, ()):
        yield "device", device


def _claims(request: HttpRequest, place: Location, day: date) -> list[Claim]:
    """What rooms and devices of the place are taken for on a day, in order."""
    rows = daybook.between(
        appointments_of(request.user).standing().filter(place=place),
        bounds(day, place.tz),
    )
    found = []
    for row in rows:
        for claim in row.equipment:
            claim.appointment = row
            found.append(claim)
    return sorted(found, key=lambda claim: (claim.starts_at, claim.pk))


def _use(
    book: Rulebook,
    place: Location,
    day: date,
    key: str,
    what: Room | Device,
    claims: Sequence[Claim],
) -> Use:
    mine = [claim for claim in claims if getattr(claim, f"{key}_id") == what.pk]
    whole = bounds(day, place.tz)
    away = [_stretch(row) for row in book.out_of_service.get((key, what.pk), ())]
    out = [each for each in away if each[0] < whole[1] and whole[0] < each[1]]
    column = Column(
        day=day,
        head=what.name,
        sub=words(what.kind_codes).replace(" and ", ", "),
        hours=daybook.hours_of(book, book.roles_at(place.pk), day),
        leave=tuple(out),
        leave_word="Out of service",
        events=tuple(_event(claim) for claim in mine),
    )
    return Use(
        what,
        key,
        [(from_to(*_taken(claim), place.tz), claim.appointment) for claim in mine],
        [_out_words(each, whole, place) for each in out],
        column,
    )


def _stretch(row: OutOfService) -> Stretch:
    ends = FOREVER if row.ends_at is None else minute_from(row.ends_at)
    return to_minute(row.starts_at), ends


def _out_words(out: Stretch, whole: Stretch, place: Location) -> str:
    """When of a day it cannot be used, in words."""
    first, until = max(out[0], whole[0]), min(out[1], whole[1])
    if (first, until) == whole:
        return "all day"
    if until == whole[1]:
        return f"from {clock(first, place.tz)}"
    if first == whole[0]:
        return f"until {clock(until, place.tz)}"
    return from_to(first, until, place.tz)


def _taken(claim: Claim) -> Stretch:
    return to_minute(claim.starts_at), minute_from(claim.ends_at)


def _event(claim: Claim) -> Event:
    """The time for which it is taken, with what goes before and after."""
    row = claim.appointment
    return Event(
        *_taken(claim),
        title=row.patient.name,
        detail=f"{row.practitioner.name} · {row.label}",
        status=row.status,
        family=row.variant.treatment.family,
        href=row.get_absolute_url(),
    )


def _around(
    book: Rulebook, place: Location, day: date, now: datetime
) -> dict[str, Any]:
    """Ways to other days, places and views of the same day."""

    def go(to: date | None, where: Location = place) -> str:
        given = to and to.isoformat()
        return daybook.address("rooms", place=where.slug, day=given)

    def view(name: str) -> str:
        return daybook.address(name, place.slug, day=day.isoformat())

    return {
        "place": place,
        "day": day,
        "zone": daybook.zone_words(place, day),
        "is_today": day == daybook.today_at(place, now),
        "previous_url": go(day - daybook.DAY),
        "today_url": go(None),
        "next_url": go(day + daybook.DAY),
        "day_url": view("desk_day"),
        "list_url": view("desk_list"),
        "places": [(each, go(day, each)) for each in book.places.values()],
    }


@require_http_methods(PAGE)
@front_desk_required
def room(request: HttpRequest, room_id: int) -> HttpResponse:
    """One room: when it cannot be used, and whom that meets."""
    rows = Room.objects.select_related("location")
    return _service(request, "room", get_object_or_404(rows, pk=room_id))


@require_http_methods(PAGE)
@front_desk_required
def device(request: HttpRequest, device_id: int) -> HttpResponse:
    """One device: when it cannot be used, and whom that meets."""
    rows = Device.objects.select_related("location")
    return _service(request, "device", get_object_or_404(rows, pk=device_id))


def _service(request: HttpRequest, key: str, what: Room | Device) -> HttpResponse:
    now, place = timezone.now(), what.location
    today = daybook.today_at(place, now)
    form = ServiceForm(request.POST or None, place=place, initial={"first_day": today})
    breaks = None
    if form.is_valid():
        try:
            breaks = unless_broken(
                request,
                lambda: actions.put_out_of_service(
                    what=what,
                    starts_at=form.cleaned_data["starts_at"],
                    ends_at=form.cleaned_data["ends_at"],
                    reason=form.cleaned_data["reason"],
                    by=request.user,
                    now=now,
                ),
            )
        except actions.ServiceUnclear as unclear:
            form.add_error(None, str(unclear))
        if not form.errors and not breaks:
            messages.success(
                request,
                f"{what.name} is out of service in that time. Appointments were given "
                f"another {key} where one is free.",
            )
            return redirect(f"bookings:{key}", what.pk)
    context = {
        "what": what,
        "key": key,
        "kinds": words(what.kind_codes).replace(" and ", ", "),
        "place": place,
        "form": form,
        **shown(breaks),
        "zone": daybook.zone_words(place, today),
        "out": _out(request, what, now),
        "day_url": daybook.address("rooms", place=place.slug),
    }
    status = 422 if form.is_bound else 200
    return render(request, "bookings/room.html", context, status=status)


def _out(
    request: HttpRequest, what: Room | Device, now: datetime
) -> list[dict[str, Any]]:
    """The times that are not over, each with the appointments that have it then."""
    found = []
    for row in what.out_of_service.order_by("starts_at"):
        if row.ends_at is not None and row.ends_at <= now:
            continue
        having = actions.having(what, max(row.starts_at, now), row.ends_at)
        rows = appointments_of(request.user).filter(pk__in=having.values("pk"))
        rows = rows.order_by("starts_at")[:MOST_SHOWN]
        found.append(
            {
                "row": row,
                "words": _words(row, what.location),
                "has_begun": row.starts_at <= now,
                "standing": [daybook.standing(each) for each in rows],
            }
        )
    return found


def _words(row: OutOfService, place: Location) -> str:
    if row.ends_at is not None:
        return daybook.stretch_words(row.starts_at, row.ends_at, place)
    begins = row.starts_at.astimezone(place.tz)
    return f"{daybook.short(begins.date())}, until further notice"


@by_post("bookings:rooms")
@front_desk_required
def back(request: HttpRequest, out_id: int) -> HttpResponse:
    """A room or a device can be used again."""
    rows = OutOfService.objects.select_related("room", "device")
    row = get_object_or_404(rows, pk=out_id)
    try:
        actions.put_back_in_service(out=row, by=request.user, now=timezone.now())
    except actions.ServiceUnclear as unclear:
        messages.error(request, str(unclear))
    else:
        messages.success(request, f"{row.what.name} can be booked again.")
    key = "room" if row.room_id else "device"
    return redirect(f"bookings:{key}", row.what.pk)
