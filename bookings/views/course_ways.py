"""Where the pages of a course lead, and how their addresses keep what was chosen."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from bookings.models import Course
from bookings.question import Asked
from bookings.rulebook import Rulebook
from bookings.slots import Slot
from bookings.views import patient as pages
from bookings.views.ways import Booking
from clinic.models import Location, Patient
from treatments.models import CoursePlan, TreatmentVariant, VisitKind

Wish = tuple[datetime, str]


def written(at: datetime, slug: str, place: Location) -> str:
    """A start and a practitioner as `forms.WishField` reads them."""
    return f"{pages.iso(at, place)} {slug}"


def plans_of(book: Rulebook, variant: TreatmentVariant) -> list[CoursePlan]:
    """The courses in which a variant can be booked; a first visit is no course."""
    if variant.visit == VisitKind.FIRST:
        return []
    found: list[CoursePlan] = book.course_plans.get(variant.treatment_id, [])
    return found


@dataclass(frozen=True)
class Coursing:
    """A new course, for oneself or on behalf of a patient."""

    plan: CoursePlan
    sessions: int
    on_behalf: Patient | None = None

    def times(self, asked: Asked, **query: Any) -> str:
        return self._address("course_times", asked, **query)

    def confirm(self, asked: Asked) -> Callable[[Slot], str]:
        def of(slot: Slot) -> str:
            return self.dates(
                asked, [written(slot.start, slot.practitioner.slug, asked.place)]
            )

        return of

    def dates(self, asked: Asked, on: Iterable[str]) -> str:
        return self._address("course_dates", asked, on=list(on))

    def why(self, asked: Asked) -> str:
        return Booking(self.on_behalf).why(asked)

    def _address(self, page: str, asked: Asked, **query: Any) -> str:
        path = _path(page, asked.variant.code, self.plan.code)
        given = {
            "place": asked.place.slug,
            "practitioner": asked.practitioner and asked.practitioner.slug,
            "sessions": self.sessions,
            "for": self.on_behalf and self.on_behalf.uid,
            **query,
        }
        kept = {key: value for key, value in given.items() if value}
        return f"{path}?{urlencode(kept, doseq=True)}"


@lru_cache(maxsize=1_000)
def _path(page: str, variant: str, plan: str) -> str:
    return reverse(f"bookings:{page}", args=[variant, plan])


@dataclass(frozen=True)
class Rearranging:
    """Sessions of a course that is booked already."""

    course: Course
    first: int | None = None

    def dates(self, asked: Asked, on: Iterable[str]) -> str:
        given = {"from": self.first, "on": list(on)}
        kept = {key: value for key, value in given.items() if value}
        path = reverse("bookings:course_plan", args=[self.course.uid])
        return f"{path}?{urlencode(kept, doseq=True)}"
