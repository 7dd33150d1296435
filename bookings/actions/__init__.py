"""Every change of a booking: one verb each, in one transaction, with its audit row."""

from bookings.actions.attend import NotPossible, arrive, cancel, fulfil, mark_noshow
from bookings.actions.book import SubmissionReused, book
from bookings.actions.hours import (
    HoursUnclear,
    end_leave,
    outside_hours,
    set_hours,
    take_leave,
)
from bookings.actions.move import is_movable, move, to_move
from bookings.actions.opening import NotBookable

__all__ = [
    "HoursUnclear",
    "NotBookable",
    "NotPossible",
    "SubmissionReused",
    "arrive",
    "book",
    "cancel",
    "end_leave",
    "fulfil",
    "is_movable",
    "mark_noshow",
    "move",
    "outside_hours",
    "set_hours",
    "take_leave",
    "to_move",
]
