"""Until when patients cancel and move by themselves. Staff may at any time."""

from datetime import datetime

from bookings.actions.become import NotPossible
from bookings.models import Appointment, Status
from clinic import access
from clinic.models import User


def is_own_doing(appointment: Appointment, by: User | None) -> bool:
    """Whether `by` is the patient of it, and not at the desk."""
    if by is None or by.pk != appointment.patient.user_id:
        return False
    return not access.is_front_desk(by)


def cut_off(appointment: Appointment) -> datetime:
    """The first moment at which a patient has to call; without a policy, the start."""
    if appointment.policy is None:
        return appointment.starts_at
    return appointment.policy.cut_off(appointment.starts_at)


def is_in_time(appointment: Appointment, by: User | None, now: datetime) -> bool:
    """Whether `by` may still cancel or move it, as far as time decides."""
    if not is_own_doing(appointment, by):
        return True
    return appointment.status == Status.BOOKED and now < cut_off(appointment)


def check_in_time(appointment: Appointment, by: User | None, now: datetime) -> None:
    """Raises NotPossible where the patient has to call instead."""
    if is_in_time(appointment, by, now):
        return
    phone = appointment.place.phone
    call = f"Please call us at {phone}." if phone else "Please call us."
    raise NotPossible(f"It is too late to do this online. {call}")


def is_cancellable(appointment: Appointment, *, by: User | None, now: datetime) -> bool:
    """Whether its status and the cut-off let `by` cancel it."""
    return appointment.may_become(Status.CANCELLED) and is_in_time(appointment, by, now)
