"""Somebody is away on a day with appointments: what the desk finds on its work-list."""

from collections import Counter
from datetime import datetime, time, timedelta

from bookings import actions
from bookings.models import Appointment, NotAvailableTime, Status
from clinic.models import User
from records.demo.people import DAY, Opening

REASON = "A course in Denver"
AHEAD = timedelta(days=4)


def be_away(opening: Opening, by: User) -> NotAvailableTime | None:
    """Leave for the day on which somebody would have seen the most patients."""
    taken = NotAvailableTime.objects.filter(reason=REASON).first()
    if taken is not None:
        return taken  # by a load that was broken off
    ahead = Appointment.objects.filter(
        status=Status.BOOKED, starts_at__gte=opening.now + AHEAD
    )
    days = Counter(
        (row.practitioner, row.place.tz, row.starts_at.astimezone(row.place.tz).date())
        for row in ahead.with_people().order_by("starts_at", "pk")
    )
    if not days:
        return None
    (practitioner, zone, day), _ = days.most_common(1)[0]
    return actions.take_leave(
        practitioner=practitioner,
        starts_at=datetime.combine(day, time(0), zone),
        ends_at=datetime.combine(day + DAY, time(0), zone),
        reason=REASON,
        by=by,
        now=opening.now,
    )
