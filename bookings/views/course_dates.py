"""A date for every session: proposed, each to be changed, all booked or none."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any, Protocol
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from bookings import actions, planning
from bookings.course_forms import DatesForm
from bookings.findings import Finding
from bookings.models import CancellationPolicy, Course
from bookings.planning import Planning, Proposed
from bookings.question import Asked, UnknownName
from bookings.slots import Slot
from bookings.views import patient as pages
from bookings.views.course_ways import Wish, written
from clinic.middleware import refusal

A_DAY = 4  # other times of a day that are shown, those nearest to the time proposed


class Way(Protocol):
    def dates(self, asked: Asked, on: Iterable[str]) -> str:
        """The same page with these starts chosen, in the order of the sessions."""


Sessions = Mapping[int, tuple[Asked, datetime]]
Write = Callable[[Sessions], Course]


class Dates:
    """The page of dates of some sessions of a course."""

    def __init__(
        self,
        request: HttpRequest,
        wanted: Planning,
        way: Way,
        form: DatesForm,
        like: Wish | None = None,
    ) -> None:
        self.request, self.wanted, self.way, self.like = request, wanted, way, like
        self.form, self.now = form, timezone.now()
        chosen: list[Wish] = form.cleaned_data["on"]
        self.wishes = dict(zip(wanted.numbers, chosen, strict=False))

    def look(self, context: dict[str, Any]) -> HttpResponse:
        return self._page(context, {}, 200)

    def write(self, work: Write, context: dict[str, Any]) -> HttpResponse:
        """Book what the form names; where that cannot be, say why of each date."""
        if len(self.wishes) != len(self.wanted.numbers):
            return self._page(context, {}, 422)
        try:
            course = work(self._sessions())
        except actions.NotAllBookable as refused:
            return self._page(context, refused.findings, 409)
        except (
            actions.NotPossible,
            actions.SubmissionReused,
            UnknownName,
        ) as changed:
            return refusal(self.request, str(changed), status=409)
        return redirect(course)

    def _sessions(self) -> Sessions:
        asked = self.wanted.asked
        people = asked.book.practitioners
        sessions = {}
        for number, (at, slug) in self.wishes.items():
            if slug not in people:
                raise UnknownName("practitioner", slug)
            sessions[number] = (replace(asked, practitioner=people[slug]), at)
        return sessions

    def _page(
        self, context: dict[str, Any], refused: Mapping[int, list[Finding]], status: int
    ) -> HttpResponse:
        asked = self.wanted.asked
        found = planning.proposal(
            self.wanted, wishes=self.wishes, like=self.like, now=self.now
        )
        keys = [_key(each.slot) for each in found]
        context = {
            **pages.sight(self.request),
            "asked": asked,
            "variant": asked.variant,
            "place": asked.place,
            "policy": self._policy(),
            "sessions": [self._row(each, keys, found) for each in found],
            "refused": [
                {"number": number, "findings": pages.shown(findings, asked.place)}
                for number, findings in sorted(refused.items())
            ],
            "submission": uuid4(),
            **context,
        }
        template = "bookings/course_dates.html"
        return render(self.request, template, context, status=status)

    def _policy(self) -> CancellationPolicy | None:
        """What is in force for whatever is booked today."""
        place = self.wanted.asked.place
        today = self.now.astimezone(place.tz).date()
        return self.wanted.asked.book.policy_at(place.pk, today)

    def _row(
        self, each: Proposed, keys: list[str], found: list[Proposed]
    ) -> dict[str, Any]:
        """A session with its time, and a way to each other time that it could have."""
        at = found.index(each)

        def url(slot: Slot) -> str:
            on = [*keys[:at], _key(slot), *keys[at + 1 :]]
            return self.way.dates(self.wanted.asked, on)

        wish = self.wishes.get(each.number)
        changed = wish is not None and wish[0] != each.slot.start
        return {
            "number": each.number,
            "slot": each.slot,
            "key": keys[at],
            "is_changed": changed,
            "days": [
                {
                    "day": day,
                    "times": [{"slot": slot, "url": url(slot)} for slot in few],
                }
                for day, few in _by_day(each)
            ],
        }


def _key(slot: Slot) -> str:
    return written(slot.start, slot.practitioner.slug, slot.place)


def _by_day(each: Proposed) -> Iterable[tuple[Any, list[Slot]]]:
    """The other times by day, of each day those nearest to the clock time proposed."""
    zone = each.slot.place.tz
    here = each.slot.start.astimezone(zone)

    def far(slot: Slot) -> tuple[int, bool]:
        shown = slot.start.astimezone(zone)
        wall = abs((shown.hour - here.hour) * 60 + shown.minute - here.minute)
        return wall, slot.practitioner != each.slot.practitioner

    def day_of(slot: Slot) -> Any:
        return slot.start.astimezone(zone).date()

    others = [slot for slot in each.others if slot != each.slot]
    for day, of_day in groupby(others, key=day_of):
        few = sorted(of_day, key=far)[:A_DAY]
        yield day, sorted(few, key=lambda slot: (slot.minute, slot.practitioner.name))
