"""Days and times that can be had, from the evaluator that books them."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings import actions, may, reasons, rulebook, slots
from bookings.calendar import clock
from bookings.forms import WEEK, TimesForm
from bookings.question import Asked, ask
from bookings.rulebook import Rulebook
from bookings.slots import Slot
from bookings.timeline import local_day, midnight, to_minute
from bookings.views import patient as pages
from bookings.views.course_ways import Coursing, plans_of
from bookings.views.hold import held_by
from bookings.views.ways import Booking, Ways
from clinic.middleware import refusal
from clinic.models import Location, Patient, Practitioner
from clinic.zones import zone_words
from treatments.models import TreatmentVariant

DAY = timedelta(days=1)


class Look(NamedTuple):
    """How times are looked for: all that are open, or only some of them."""

    open_slots: Callable[..., list[Slot]]
    first_open: Callable[..., Slot | None]


EVERY_TIME = Look(slots.open_slots, slots.first_open)

# What some of these pages have: a name that is missing costs a template many lookups.
WITHOUT = {"moving": None, "course_plan": None, "hold": None, "held": ()}


@require_safe
@login_not_required
def times(request: HttpRequest, variant: str) -> HttpResponse:
    """Days and times of a variant at a place; anonymous, or by one's own rules."""
    book = rulebook.current()
    chosen = pages.variant_or_404(book, variant)
    patient, on_behalf = pages.whom(request)
    form = TimesForm(request.GET)
    form.is_valid()
    place = place_of(book, form)
    if place is None:
        return refusal(request, "There are no places yet.", status=404)
    asked = asked_of(book, form, chosen, place, patient)
    ways = Booking(patient if on_behalf else None)
    context = {
        "patient": patient,
        "on_behalf": on_behalf,
        "courses": _courses(asked, patient if on_behalf else None),
    }
    if patient and not on_behalf:
        held = held_by(patient, timezone.now())
        asked = actions.to_hold(asked, held)
        context["hold"] = pages.holding(chosen, place)
        context["held"] = [each for each in held if each.variant == chosen]
    return page_of_times(request, asked, form, ways, context)


def page_of_times(
    request: HttpRequest,
    asked: Asked,
    form: TimesForm,
    ways: Ways,
    context: dict[str, Any],
    look: Look = EVERY_TIME,
) -> HttpResponse:
    """The page that shows when `asked` can be had; `form` says which days."""
    now = timezone.now()
    place = asked.place
    today = local_day(to_minute(now), place.tz)
    first, days = form.strip(today, place.horizon_days)
    open_slots = look.open_slots(asked, first_day=first, days=days, now=now)
    context = WITHOUT | context
    context |= _strip(asked, open_slots, first, days, form, ways)
    context |= _around(asked, first, days, today, ways)
    context["form"] = form
    if not open_slots:
        after = look.first_open(asked, now=now, since=first)
        context["next"] = _next(asked, after or look.first_open(asked, now=now), ways)
        context["next_is_later"] = after is not None and first > today
        context["nothing"] = context["next"] is None
        context |= _reason(request, asked, first, days, now, ways)
    elif not context["people"]:
        chosen = context["chosen"]
        later = (slot for slot in open_slots if _day_of(slot) > chosen)
        after = next(later, None) or look.first_open(asked, now=now, since=chosen)
        context["next"] = _next(asked, after or open_slots[0], ways)
        context["next_is_later"] = after is not None and chosen > today
        context |= _reason(request, asked, chosen, 1, now, ways)
    status = 400 if form.errors else 200
    return render(request, "bookings/times.html", context, status=status)


def _courses(asked: Asked, on_behalf: Patient | None) -> list[dict[str, Any]]:
    """The courses in which the variant can be booked, each with its page."""
    return [
        {
            "plan": plan,
            "url": Coursing(plan, plan.sessions_usual, on_behalf).times(asked),
        }
        for plan in plans_of(asked.book, asked.variant)
    ]


def place_of(book: Rulebook, form: TimesForm) -> Location | None:
    slug = form.cleaned_data.get("place")
    if slug and slug not in book.places:
        form.add_error("place", "There is no such place. Choose one of these.")
        slug = None
    return book.places.get(slug) or next(iter(book.places.values()), None)


def asked_of(
    book: Rulebook,
    form: TimesForm,
    variant: TreatmentVariant,
    place: Location,
    patient: Patient | None,
) -> Asked:
    practitioner = form.cleaned_data.get("practitioner") or None
    if practitioner and practitioner not in book.practitioners:
        form.add_error("practitioner", "There is nobody of that name. Choose again.")
        practitioner = None
    return ask(
        book=book,
        variant=variant.code,
        place=place.slug,
        practitioner=practitioner,
        patient=patient,
    )


def _strip(
    asked: Asked,
    found: list[Slot],
    first: date,
    days: int,
    form: TimesForm,
    ways: Ways,
) -> dict[str, Any]:
    """The days with how many times each has, and the times of the chosen one."""
    zone = asked.place.tz
    all_days = [first + number * DAY for number in range(days)]
    midnights = [midnight(day, zone) for day in (*all_days, first + days * DAY)]
    at = [slot.minute for slot in found]
    cuts = [bisect_left(at, minute) for minute in midnights]
    of_day = {
        day: found[begin:end]
        for day, (begin, end) in zip(all_days, pairwise(cuts), strict=True)
    }
    chosen = form.cleaned_data.get("day")
    if chosen not in of_day:
        chosen = next((day for day in all_days if of_day[day]), first)
    link = _here(asked, ways, first=first, days=days)
    strip = [
        {
            "number": day.day,
            "weekday": f"{day:%a}",
            "words": f"{day:%A, %B} {day.day}",
            "count": len(of_day[day]),
            "url": f"{link}&day={day}",
            "chosen": day == chosen,
        }
        for day in all_days
    ]
    return {
        "strip": strip,
        "chosen": chosen,
        "people": _people(asked, of_day[chosen], ways),
        "zone": _zone_words(of_day[chosen], asked.place),
    }


def _people(asked: Asked, of_day: list[Slot], ways: Ways) -> list[dict[str, Any]]:
    """The day's times by practitioner."""
    zone = asked.place.tz
    people: dict[int, dict[str, Any]] = {}
    address = ways.confirm(asked)
    for slot in of_day:
        who = people.setdefault(
            slot.practitioner.pk,
            {"practitioner": slot.practitioner, "role": slot.role.role, "times": []},
        )
        label = clock(slot.minute, zone)
        who["times"].append(
            {
                "start": slot.start,
                "iso": slot.start.isoformat(),
                "label": label,
                "url": address(slot),
            }
        )
    for who in people.values():
        _tell_apart(who["times"], zone)
    return sorted(people.values(), key=lambda who: who["practitioner"].name)


def _tell_apart(of_one: list[dict[str, Any]], zone: Any) -> None:
    """Where clocks show a time twice, say which."""
    labels = Counter(each["label"] for each in of_one)
    for each in of_one:
        if labels[each["label"]] > 1:
            each["label"] += f" {each['start'].astimezone(zone):%Z}"


def _zone_words(of_day: list[Slot], place: Location) -> str:
    names = dict.fromkeys(zone_words(slot.start, place.tz) for slot in of_day)
    return " and ".join(names)


def _here(asked: Asked, ways: Ways, **query: Any) -> str:
    if query.get("days") == WEEK:
        query.pop("days")
    return ways.times(asked, **query)


def _around(
    asked: Asked, first: date, days: int, today: date, ways: Ways
) -> dict[str, Any]:
    """Ways to other places, people and weeks."""
    last, shown = today + asked.place.horizon_days * DAY, first + (days - 1) * DAY
    earlier, later = max(first - days * DAY, today), first + days * DAY
    return {
        "asked": asked,
        "variant": asked.variant,
        "place": asked.place,
        "places": asked.book.places.values(),
        "practitioners": _may(asked, first, shown),
        "earlier": first > today and _here(asked, ways, first=earlier, days=days),
        "later": later <= last and _here(asked, ways, first=later, days=days),
        "days": f"{first:%B} {first.day} to {shown:%B} {shown.day}",
        "why_url": ways.why(asked),
    }


def _may(asked: Asked, first: date, last: date) -> list[Practitioner]:
    """Who can be chosen; whoever is chosen already stays."""
    people = may.performing(asked, first, last)
    chosen = asked.practitioner
    return people if chosen is None or chosen in people else [*people, chosen]


def _day_of(slot: Slot) -> date:
    return slot.start.astimezone(slot.place.tz).date()


def _next(asked: Asked, slot: Slot | None, ways: Ways) -> dict[str, Any] | None:
    if slot is None:
        return None
    day = _day_of(slot)
    return {"slot": slot, "url": _here(asked, ways, first=day, day=day)}


def _reason(
    request: HttpRequest,
    asked: Asked,
    first: date,
    days: int,
    now: datetime,
    ways: Ways,
) -> dict[str, Any]:
    """Why these days have no times, and ways to somebody or somewhere else."""
    found = reasons.nothing(asked, first_day=first, days=days, now=now)
    others = []
    for slot in found.others:
        question = replace(asked, place=slot.place, practitioner=None)
        others.append(_next(question, slot, ways))
    talks = [
        (each, ways.times(replace(asked, variant=each, practitioner=None)))
        for each in found.talks
    ]
    answer = {"reason": found, "others": others, "talks": talks}
    return answer | pages.sight(request)
