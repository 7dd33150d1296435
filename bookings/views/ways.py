"""Where the page of times leads: to book something new, or to move what is booked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode

from django.urls import reverse

from bookings.models import Appointment
from bookings.question import Asked
from bookings.slots import Slot
from bookings.views import patient as pages
from clinic.models import Patient


class Ways(Protocol):
    def times(self, asked: Asked, **query: Any) -> str:
        """The page of times, asked the same question with another `query`."""

    def confirm(self, asked: Asked) -> Callable[[Slot], str]:
        """The page that asks whether a slot is right."""

    def why(self, asked: Asked) -> str:
        """The page that says why a time is not offered."""


@dataclass(frozen=True)
class Booking:
    """Something new, for oneself or on behalf of a patient."""

    on_behalf: Patient | None = None

    def times(self, asked: Asked, **query: Any) -> str:
        return self._address("times", asked, **query)

    def confirm(self, asked: Asked) -> Callable[[Slot], str]:
        return pages.confirm_addresses(asked, self.on_behalf)

    def why(self, asked: Asked) -> str:
        return self._address("why", asked)

    def _address(self, page: str, asked: Asked, **query: Any) -> str:
        who = asked.practitioner
        return pages.address(
            page,
            asked.variant,
            place=asked.place.slug,
            practitioner=who and who.slug,
            patient=self.on_behalf,
            **query,
        )


@dataclass(frozen=True)
class Moving:
    """What is booked, to another time."""

    appointment: Appointment
    on_behalf: Patient | None = None

    def times(self, asked: Asked, **query: Any) -> str:
        return self._address("bookings:move", asked, **query)

    def confirm(self, asked: Asked) -> Callable[[Slot], str]:
        def of(slot: Slot) -> str:
            at = pages.iso(slot.start, asked.place)
            who = {"practitioner": slot.practitioner.slug}
            return self._address("bookings:move_confirm", asked, **who, at=at)

        return of

    def why(self, asked: Asked) -> str:
        return Booking(self.on_behalf).why(asked)

    def _address(self, page: str, asked: Asked, **query: Any) -> str:
        who = asked.practitioner.slug if asked.practitioner else ""
        given = {"place": asked.place.slug, "practitioner": who, **query}
        return f"{reverse(page, args=[self.appointment.uid])}?{urlencode(given)}"
