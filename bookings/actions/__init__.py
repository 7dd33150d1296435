"""Every change of a booking: one verb each, in one transaction, with its audit row."""

from bookings.actions.attend import NotPossible, arrive, cancel, fulfil, mark_noshow
from bookings.actions.book import NotBookable, SubmissionReused, book
from bookings.actions.hours import HoursUnclear, end_leave, set_hours, take_leave

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
    "mark_noshow",
    "set_hours",
    "take_leave",
]
