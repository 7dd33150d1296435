"""Every change of a booking: one verb each, in one transaction, with its audit row."""

from bookings.actions.attend import arrive, cancel, fulfil, mark_in_error, mark_noshow
from bookings.actions.become import NotPossible
from bookings.actions.book import book
from bookings.actions.confirm import confirm, to_confirm
from bookings.actions.courses import (
    NotAllBookable,
    arrange,
    book_course,
    cancel_rest,
    to_cancel,
)
from bookings.actions.cut_off import is_cancellable
from bookings.actions.fees import mark_paid, waive
from bookings.actions.hold import hold, let_go, to_hold
from bookings.actions.hours import (
    HoursUnclear,
    end_leave,
    set_hours,
    take_leave,
)
from bookings.actions.move import is_movable, move, to_move
from bookings.actions.opening import NotBookable
from bookings.actions.overriding import Overriding, ReasonNeeded
from bookings.actions.place_days import (
    clear_place_day,
    set_place_day,
)
from bookings.actions.resources import (
    ServiceUnclear,
    having,
    put_back_in_service,
    put_out_of_service,
)
from bookings.actions.risks import mark_rung, reassign
from bookings.actions.single_days import clear_day, set_day
from bookings.actions.submitted import SubmissionReused

__all__ = [
    "HoursUnclear",
    "NotAllBookable",
    "NotBookable",
    "NotPossible",
    "Overriding",
    "ReasonNeeded",
    "ServiceUnclear",
    "SubmissionReused",
    "arrange",
    "arrive",
    "book",
    "book_course",
    "cancel",
    "cancel_rest",
    "clear_day",
    "clear_place_day",
    "confirm",
    "end_leave",
    "fulfil",
    "having",
    "hold",
    "is_cancellable",
    "is_movable",
    "let_go",
    "mark_in_error",
    "mark_noshow",
    "mark_paid",
    "mark_rung",
    "move",
    "put_back_in_service",
    "put_out_of_service",
    "reassign",
    "set_day",
    "set_hours",
    "set_place_day",
    "take_leave",
    "to_cancel",
    "to_confirm",
    "to_hold",
    "to_move",
    "waive",
]
