"""Somebody is away on a day with appointments: what the desk finds on its work-list."""

from datetime import datetime, time, timedelta

from bookings import actions
from bookings.models import Appointment, NotAvailableTime, Status
from clinic.models import User
from records.demo.people import DAY, Opening

REASON = "A course in Denver"
AHEAD = timedelta(days=4)


def be_away(opening: Opening, by: User) -> NotAvailableTime | None:
    """Leave for the day of the first appointment that is some days ahead."""
    taken = NotAvailableTime.objects.filter(reason=REASON).first()
    if taken is not None:
        return taken  # by a load that was broken off
    ahead = Appointment.objects.filter(
        status=Status.BOOKED, starts_at__gte=opening.now + AHEAD
    )
    first = ahead.select_related("practitioner", "place").order_by("starts_at").first()
    if first is None:
        return None
    zone = first.place.tz
    day = first.starts_at.astimezone(zone).date()
    return actions.take_leave(
        practitioner=first.practitioner,
        starts_at=datetime.combine(day, time(0), zone),
        ends_at=datetime.combine(day + DAY, time(0), zone),
        reason=REASON,
        by=by,
        now=opening.now,
    )
