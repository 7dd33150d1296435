"""The practitioners as the public meets them: what each performs, and where.

What somebody performs is what the evaluator lets them on today's date; of their
papers nothing is told.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings import may, rulebook
from bookings.may import Answer
from bookings.rulebook import Rulebook
from bookings.views import daybook
from bookings.views import patient as pages
from bookings.views.performs import DAYS, WEEKS
from clinic.models import Location, Practitioner
from clinic.qualifications import in_force
from treatments.models import Treatment


@require_safe
@login_not_required
def who(request: HttpRequest) -> HttpResponse:
    """Everybody who works at one of the places today."""
    book, now = rulebook.current(), timezone.now()
    by_place = {
        place: _answers(book, place, now, None) for place in book.places.values()
    }
    people = []
    for person in book.practitioners.values():
        works = _works(book, person, now)
        if person.is_active and works:
            mine = [
                (place, _treatments(answers, person))
                for place, answers in by_place.items()
                if any(place == at for at, _ in works)
            ]
            people.append(
                {"person": person, "roles": _roles(works), "does": _joined(mine)}
            )
    return render(request, "bookings/people.html", {"people": people})


@require_safe
@login_not_required
def person(request: HttpRequest, practitioner: str) -> HttpResponse:
    """One of them, with the next free time at each place."""
    book, now = rulebook.current(), timezone.now()
    found = book.practitioners.get(practitioner)
    if found is None or not found.is_active:
        raise Http404("There is nobody of that name here.")
    works = _works(book, found, now)
    places = [
        {
            "place": place,
            "roles": roles,
            "answers": [each for each in _answers(book, place, now, found) if each.may],
        }
        for place, roles in works
    ]
    _with_times(book, found, places, now)
    context = {
        "person": found,
        "roles": _roles(works),
        "places": places,
        "weeks": WEEKS,
    }
    return render(request, "bookings/person.html", context)


def _answers(
    book: Rulebook, place: Location, now: datetime, person: Practitioner | None
) -> list[Answer]:
    """What may be done there today, of what is published."""
    published = [row for row in book.variants.values() if row.treatment.edition_id]
    return may.who_may(
        book,
        place,
        daybook.today_at(place, now),
        now=now,
        variants=published,
        practitioner=person,
    )


def _works(
    book: Rulebook, person: Practitioner, now: datetime
) -> list[tuple[Location, list[str]]]:
    """The places where somebody works today, each with their professions there."""
    works = []
    for place in book.places.values():
        today = daybook.today_at(place, now)
        labels = [
            role.role.label
            for role in book.roles_at(place.pk)
            if role.practitioner_id == person.pk and in_force(role, today)
        ]
        if labels:
            works.append((place, labels))
    return works


def _roles(works: Iterable[tuple[Location, list[str]]]) -> str:
    return ", ".join(dict.fromkeys(label for _, labels in works for label in labels))


def _treatments(answers: Iterable[Answer], person: Practitioner) -> tuple[str, ...]:
    mine = [each for each in answers if each.may and each.practitioner.pk == person.pk]
    return tuple(dict.fromkeys(each.variant.treatment.name for each in mine))


def _joined(
    of_places: Iterable[tuple[Location, tuple[str, ...]]],
) -> list[tuple[tuple[str, ...], list[Location]]]:
    """Places where somebody performs the same are told together."""
    joined: dict[tuple[str, ...], list[Location]] = {}
    for place, names in of_places:
        joined.setdefault(names, []).append(place)
    return list(joined.items())


def _with_times(
    book: Rulebook, person: Practitioner, places: list[dict[str, Any]], now: datetime
) -> None:
    """Each place with its treatments, their variants, and the next free time."""
    wanted = [
        (answer.variant, each["place"]) for each in places for answer in each["answers"]
    ]
    # Where it is already tomorrow at one of the places, today's past is closed anyway.
    first_day = min(
        (daybook.today_at(each["place"], now) for each in places),
        default=now.date(),
    )
    found = may.first_times(
        book, wanted, practitioner=person, first_day=first_day, days=DAYS, now=now
    )
    for each in places:
        place, query = each["place"], {"practitioner": person.slug}
        for variant, slot in found:
            if slot.place.pk == place.pk:
                day = slot.start.astimezone(place.tz).date()
                query |= {"place": place.slug, "first": day, "day": day}
                each |= {"slot": slot, "of": variant}
                each["url"] = pages.address("times", variant, **query)
                break
        by_treatment: dict[Treatment, list[dict[str, Any]]] = {}
        for answer in each["answers"]:
            url = pages.address(
                "times", answer.variant, place=place.slug, practitioner=person.slug
            )
            rows = by_treatment.setdefault(answer.variant.treatment, [])
            rows.append({"variant": answer.variant, "url": url})
        each["treatments"] = list(by_treatment.items())
