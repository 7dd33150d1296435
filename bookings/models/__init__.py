"""Who comes when."""

from bookings.models.appointments import Appointment, Status
from bookings.models.claims import Claim
from bookings.models.hours import AvailableTime, NotAvailableTime
from bookings.models.notices import Notice
from bookings.models.stamps import RulebookStamp

__all__ = [
    "Appointment",
    "AvailableTime",
    "Claim",
    "NotAvailableTime",
    "Notice",
    "RulebookStamp",
    "Status",
]
