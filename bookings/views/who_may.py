"""Who may do what at a place on a day: a table for those who run the clinic."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings import may, rulebook
from bookings.findings import Finding
from bookings.may import WITHDRAWN, Answer
from bookings.rulebook import Rulebook
from bookings.staff_forms import DayUnclear, day_asked
from bookings.views import daybook
from bookings.views import patient as pages
from clinic.access import front_desk_required
from clinic.middleware import refusal
from clinic.models import Location
from treatments.models import Treatment

# A word or two for a cell; the findings themselves stand below the table.
SHORT = {
    "PLACE_CLOSED": "Place closed",
    "PRACTITIONER_INACTIVE": "Not active",
    "ROLE_NOT_HELD": "Not here then",
    "NO_PRIVILEGE": "No privilege",
    "PRIVILEGE_NOT_VALID_ON_DATE": "Privilege not in force",
    "NO_SCOPE_RULE": "No rule",
    "SCOPE_PENDING_RULES": "Rules pending",
    "SCOPE_SILENT": "Law unclear",
    "SCOPE_UNKNOWN": "Law unclear",
    "CREDENTIAL_MISSING": "Paper missing",
    "CREDENTIAL_NOT_VERIFIED": "Paper not verified",
    "CREDENTIAL_NOT_VALID_ON_DATE": "Paper not in force",
    "PREMISES_LICENCE_MISSING": "Premises licence",
    "YEARS_LICENSED_SHORT": "Years short",
    "SUPERVISED_SESSIONS_SHORT": "Sessions short",
    "SUPERVISION_REQUIRED": "Needs supervision",
    "AGREEMENT_REQUIRED": "Needs agreement",
    "ORDER_REQUIRED": "Needs an order",
    "REFERRAL_REQUIRED": "Needs a referral",
    "AGREEMENT_NOT_VALID_ON_DATE": "Agreement not in force",
    "DEPTH_OVER_AGREEMENT": "Deeper than agreed",
    "SUPERVISOR_MAY_NOT": "No supervisor may",
    "ORDER_NOT_VALID_ON_DATE": "Order not in force",
    "DEPTH_OVER_ORDER": "Deeper than ordered",
}
# The graver reason names the cell where there are several.
LATER = ("NO_PRIVILEGE", "PRIVILEGE_NOT_VALID_ON_DATE")


@require_safe
@front_desk_required
def who_may(request: HttpRequest) -> HttpResponse:
    """The table, and every reason below it, by person."""
    book, now = rulebook.current(), timezone.now()
    slug = request.GET.get("place", "")
    if slug and slug not in book.places:
        text = "There is no such place. Go back and choose a place."
        return refusal(request, text, status=400)
    try:
        day = day_asked(request.GET.get("date"))
    except DayUnclear as unclear:
        return refusal(request, str(unclear), status=400)
    place = book.places.get(slug) or next(iter(book.places.values()), None)
    context: dict[str, Any] = {"places": book.places.values(), "place": place}
    if place is not None:
        day = day or daybook.today_at(place, now)
        context |= _table(book, place, day, now) | pages.sight(request)
    return render(request, "bookings/who_may.html", context)


def _table(book: Rulebook, place: Location, day: date, now: datetime) -> dict[str, Any]:
    answers = may.who_may(book, place, day, now=now)
    shut = {each.variant.pk for each in answers if _is_withdrawn(each)}
    cells = [_cell(each) for each in answers if each.variant.pk not in shut]
    people: dict[Any, list[dict[str, Any]]] = {}
    rows: dict[Any, list[dict[str, Any]]] = {}
    for cell in cells:
        people.setdefault(cell["answer"].practitioner, []).append(cell)
        rows.setdefault(cell["answer"].variant, []).append(cell)
    groups: dict[Treatment, list[Any]] = {}
    for variant in book.variants.values():
        if variant in rows:
            groups.setdefault(variant.treatment, []).append((variant, rows[variant]))
    return {
        "day": day,
        "people": [
            {
                "practitioner": who,
                "roles": _roles(book, place, who),
                "cells": of_one,
                "may": sum(cell["answer"].may for cell in of_one),
            }
            for who, of_one in people.items()
        ],
        "groups": list(groups.items()),
        "width": len(people) + 1,
        "asked": len(cells),
        "may": sum(cell["answer"].may for cell in cells),
        "shut": [row for row in book.variants.values() if row.pk in shut],
    }


def _is_withdrawn(answer: Answer) -> bool:
    return any(finding.code == WITHDRAWN for finding in answer.findings)


def _cell(answer: Answer) -> dict[str, Any]:
    return {
        "answer": answer,
        "key": f"{answer.practitioner.slug}-{answer.variant.code}",
        "depth": answer.variant.max_depth_mm if answer.may else answer.only_to_mm,
        "short": "" if answer.may else short(answer.findings),
        "findings": pages.shown(answer.findings, answer.place),
    }


def short(findings: tuple[Finding, ...]) -> str:
    """A word or two for the first reason, and how many more there are."""
    order = sorted(findings, key=lambda finding: finding.code in LATER)
    word = _word(order[0].code)
    more = len({finding.code for finding in findings}) - 1
    return f"{word} +{more}" if more else word


def _word(code: str) -> str:
    if code in SHORT:
        return SHORT[code]
    if code.endswith("_HOURS_SHORT"):
        return "Hours short"
    if code.startswith("DEPTH_") or code == "OUTSIDE_SCOPE":
        return "Too deep"
    return "Not allowed"


def _roles(book: Rulebook, place: Location, who: Any) -> str:
    return ", ".join(
        role.role.label
        for role in book.roles_at(place.pk)
        if role.practitioner_id == who.pk
    )
