"""Who performs a treatment at a place, with the next free time of each."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from bookings import may, rulebook
from bookings.models import Appointment, Status
from bookings.rulebook import Rulebook
from bookings.views import daybook
from bookings.views import patient as pages
from clinic import access
from clinic.middleware import refusal
from clinic.models import Location, ReviewState
from treatments.models import TreatmentVariant

WEEKS = 4
DAYS = 7 * WEEKS


@require_safe
@login_not_required
@vary_on_headers("HX-Request")
def performs(request: HttpRequest, code: str) -> HttpResponse:
    """A page of its own, or the part of it that the treatment's page loads."""
    book, now = rulebook.current(), timezone.now()
    variants = variants_of(book, code)
    treatment = variants[0].treatment
    asked = request.GET.get("place", "")
    if asked and asked not in book.places:
        text = "There is no such place. Go back and choose a place."
        return refusal(request, text, status=400)
    slug = asked or last_place(request)
    place = book.places.get(slug) or next(iter(book.places.values()), None)
    context: dict[str, Any] = {
        "treatment": treatment,
        "variants": [row for row in variants if is_bookable(row)],
        "is_chosen": bool(asked),
        "place": place,
        "places": book.places.values(),
        "is_part": bool(request.htmx),
        "weeks": WEEKS,
    }
    if place is not None:
        people = _people(book, variants, place, now)
        context["people"] = people
        if not people:
            context["elsewhere"] = _elsewhere(book, variants, place, now)
    name = "_performs" if request.htmx else "performs"
    return render(request, f"bookings/{name}.html", context)


def is_bookable(variant: TreatmentVariant) -> bool:
    return variant.is_offered and variant.review_state != ReviewState.WITHDRAWN


def last_place(request: HttpRequest) -> str:
    """The place of the last visit of who is signed in, if there was one."""
    if not access.is_patient(request.user):
        return ""
    own = Appointment.objects.filter(patient__user=request.user)
    visits = own.filter(status=Status.FULFILLED)
    last = visits.order_by("-starts_at").values_list("place__slug", flat=True)
    return last.first() or ""


def variants_of(book: Rulebook, code: str) -> list[TreatmentVariant]:
    """What there is of a published treatment; else there is no such page."""
    variants = [row for row in book.variants.values() if row.treatment.code == code]
    if not variants or variants[0].treatment.edition_id is None:
        raise Http404("There is no such treatment.")
    return variants


def _people(
    book: Rulebook, variants: list[TreatmentVariant], place: Location, now: datetime
) -> list[dict[str, Any]]:
    """Whoever has a free time soon, the soonest first visit first; then who may today."""
    today = daybook.today_at(place, now)
    people: dict[int, dict[str, Any]] = {}

    def add(role: Any, variant: TreatmentVariant, slot: Any = None) -> None:
        who = people.setdefault(
            role.practitioner_id,
            {"practitioner": role.practitioner, "role": role.role, "variants": {}},
        )
        if slot and "slot" not in who:
            who |= {"slot": slot, "of": variant}
        url = pages.address(
            "times", variant, place=place.slug, practitioner=role.practitioner.slug
        )
        who["variants"].setdefault(variant.pk, {"variant": variant, "url": url})

    found = may.first_times(
        book,
        [(variant, place) for variant in variants],
        first_day=today,
        days=DAYS,
        now=now,
    )
    for variant, slot in found:
        add(slot.role, variant, slot)
    for answer in may.who_may(book, place, today, now=now, variants=variants):
        if answer.may:
            add(answer.role, answer.variant)
    order = {variant.pk: number for number, variant in enumerate(variants)}
    for who in people.values():
        rows = who["variants"].values()
        who["variants"] = sorted(rows, key=lambda row: order[row["variant"].pk])
        _lead_on(who, place)
    return list(people.values())


def _lead_on(who: dict[str, Any], place: Location) -> None:
    """The address of the first free time's day, if there is one."""
    if slot := who.get("slot"):
        day = slot.start.astimezone(place.tz).date()
        query = {"place": place.slug, "practitioner": who["practitioner"].slug}
        who["url"] = pages.address("times", who["of"], **query, first=day, day=day)


def _elsewhere(
    book: Rulebook, variants: list[TreatmentVariant], here: Location, now: datetime
) -> list[tuple[Location, list[str]]]:
    """The other places where somebody may today, and who."""
    found = []
    for place in book.places.values():
        if place.pk == here.pk:
            continue
        day = daybook.today_at(place, now)
        answers = may.who_may(book, place, day, now=now, variants=variants)
        names = dict.fromkeys(each.practitioner.name for each in answers if each.may)
        if names:
            found.append((place, list(names)))
    return found
