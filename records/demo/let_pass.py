"""One evening visit outside hours, which the desk let pass with a reason."""

from datetime import datetime, timedelta
from uuid import UUID

from bookings import actions, slots
from bookings.findings import POLICY
from bookings.models import Appointment
from bookings.question import ask
from clinic.models import Patient, User
from records.demo.people import Opening
from records.demo.places import SALT_LAKE_CITY

KEY = UUID("0f0b6d1c-2f6e-4c86-9a0e-5b1d3f6f7c11")
VARIANT, PRACTITIONER = "consult_msk", "ruth-okafor"
EVENING = 19  # on the clocks of the place
DAYS = range(2, 9)
REASON = "Works shifts and lives two hours away; Ruth agreed to stay."


def stay_late(opening: Opening, patient: Patient, desk: User) -> Appointment | None:
    """Book the first evening on which nothing but the clinic's own policy says no."""
    made = Appointment.objects.filter(submission=KEY).first()
    if made is not None:
        return made  # by a load that was broken off
    asked = ask(
        variant=VARIANT,
        place=SALT_LAKE_CITY.slug,
        practitioner=PRACTITIONER,
        patient=patient,
    )
    an_hour_ago = opening.now - timedelta(hours=1)
    for days in DAYS:
        day = opening.today + timedelta(days=days)
        at = datetime(day.year, day.month, day.day, EVENING, tzinfo=asked.place.tz)
        findings = slots.why_not(asked, at=at, now=an_hour_ago)
        if findings and {finding.severity for finding in findings} == {POLICY}:
            return actions.book(
                asked=asked,
                at=at,
                by=desk,
                now=an_hour_ago,
                submission=KEY,
                overriding=actions.Overriding(
                    frozenset(finding.key for finding in findings), REASON
                ),
            )
    return None
