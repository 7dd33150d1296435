"""Who comes when."""

from bookings.models.appointments import Appointment, Cause, Status
from bookings.models.at_risk import AtRisk
from bookings.models.cancelling import CancellationPolicy, Fee
from bookings.models.claims import Claim
from bookings.models.courses import Course
from bookings.models.hours import AvailableTime, NotAvailableTime, SingleDay
from bookings.models.notices import Notice
from bookings.models.overrides import Override
from bookings.models.stamps import RulebookStamp

__all__ = [
    "Appointment",
    "AtRisk",
    "AvailableTime",
    "CancellationPolicy",
    "Cause",
    "Claim",
    "Course",
    "Fee",
    "NotAvailableTime",
    "Notice",
    "Override",
    "RulebookStamp",
    "SingleDay",
    "Status",
]
