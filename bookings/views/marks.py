"""The marks that the desk sets on appointments, and which of them a line has now."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from django.utils import timezone

from bookings import actions
from bookings.models import Appointment, Status
from bookings.staff_forms import MarkForm, ReasonedMarkForm, StaffCancelForm
from bookings.views import daybook
from bookings.views.daybook import Line
from bookings.views.terms import terms_of
from clinic.models import User


class Move(NamedTuple):
    """A button of the desk: its address, its word, and what came of it."""

    verb: str
    word: str
    status: Status
    said: str
    act: Callable[..., Appointment]


MOVES = {
    move.verb: move
    for move in (
        Move("arrive", "Arrived", Status.ARRIVED, "is here", actions.arrive),
        Move("fulfil", "Done", Status.FULFILLED, "is done", actions.fulfil),
        Move(
            "noshow", "Did not come", Status.NOSHOW, "did not come", actions.mark_noshow
        ),
        Move("cancel", "Cancel", Status.CANCELLED, "no longer comes", actions.cancel),
    )
}
# A slip of the pen, put right on the appointment's own page.
ERROR = Move(
    "error",
    "Entered in error",
    Status.ENTERED_IN_ERROR,
    "has one appointment less: it was entered in error",
    actions.mark_in_error,
)
FORMS: dict[str, type[MarkForm]] = {
    "cancel": StaffCancelForm,
    "error": ReasonedMarkForm,
}


def act_on(appointment: Appointment, move: Move, form: MarkForm, user: User) -> None:
    """Set a mark as the form says. Raises NotPossible."""
    if not form.is_valid():
        words = [text for errors in form.errors.values() for text in errors]
        raise actions.NotPossible(" ".join(words))
    asked = ("reason", "caused_by") if move.verb == "cancel" else ("reason",)
    given = {name: form.cleaned_data[name] for name in asked if move.verb in FORMS}
    move.act(appointment=appointment, by=user, now=timezone.now(), **given)


def day_of(appointment: Appointment) -> date:
    return appointment.starts_at.astimezone(appointment.place.tz).date()


def with_moves(line: Line, now: datetime) -> Line:
    """A line with its marks, and what cancelling and not coming cost the patient."""
    found = line.appointment
    terms = terms_of(found.policy, found.starts_at, now)
    late_fee = terms.policy.late_fee_usd if terms and terms.is_late else None
    return replace(
        line,
        moves=moves_of(found, now),
        late_fee=late_fee,
        noshow_fee=found.policy and found.policy.noshow_fee_usd,
    )


def moves_of(appointment: Appointment, now: datetime) -> list[Move]:
    """The marks that the desk can set now; the actions have the last word.

    A hold is confirmed or let go on its own page.
    """
    if appointment.status == Status.PENDING:
        return []
    today = daybook.today_at(appointment.place, now)
    has_begun = appointment.starts_at <= now
    in_time = {
        Status.ARRIVED: day_of(appointment) == today,
        Status.FULFILLED: has_begun,
        Status.NOSHOW: has_begun,
        Status.CANCELLED: True,
    }
    return [
        move
        for move in MOVES.values()
        if appointment.may_become(move.status) and in_time[move.status]
    ]
