"""From one status to another, by the one table of allowed moves."""

from bookings.models import Appointment, Status


class NotPossible(Exception):
    """The appointment cannot become that now. Its text is a sentence for a person."""


def check_may_become(appointment: Appointment, status: Status) -> None:
    """Raises NotPossible where the table (`MOVES`) has no such move."""
    if not appointment.may_become(status):
        now = appointment.get_status_display().lower()
        raise NotPossible(
            f"This appointment is “{now}” and cannot become “{status.label.lower()}”."
        )


def locked(appointment: Appointment) -> Appointment:
    """The row as it is now, and locked: somebody else may have changed it meanwhile."""
    return (
        Appointment.objects.select_for_update(of=("self",), no_key=True)
        .with_people()
        .get(pk=appointment.pk)
    )
