"""One course of three sessions, so that its page shows what it is for."""

from datetime import timedelta
from uuid import UUID

from bookings import actions, planning
from bookings.models import Course
from bookings.planning import Planning
from bookings.question import ask
from clinic.models import Patient
from records.demo.people import DAY, Opening
from records.demo.places import SALT_LAKE_CITY
from treatments.models import CoursePlan

KEY = UUID("5b0c9b0e-6a3e-4e0e-9a51-0d1f7f0a7c52")
PLAN, VARIANT, PRACTITIONER = "dn_course_plan", "dn_follow_up", "ruth-okafor"
AHEAD, DAYS = 4, 10


def book_sessions(opening: Opening, patient: Patient) -> Course | None:
    """Book, as the patient, the first sessions from some days ahead that fit."""
    made = Course.objects.filter(submission=KEY).first()
    if made is not None:
        return made  # by a load that was broken off
    plan = CoursePlan.objects.get(code=PLAN)
    asked = ask(
        variant=VARIANT,
        place=SALT_LAKE_CITY.slug,
        practitioner=PRACTITIONER,
        patient=patient,
    )
    numbers = tuple(range(1, plan.sessions_usual + 1))
    wanted = Planning(asked, numbers, plan.least_days, plan.most_days)
    an_hour_ago = opening.now - timedelta(hours=1)
    first = planning.first_slots(
        wanted, first_day=opening.today + AHEAD * DAY, days=DAYS, now=an_hour_ago
    )
    if not first:
        return None
    wishes = {1: (first[0].start, PRACTITIONER)}
    dates = planning.proposal(wanted, wishes=wishes, now=an_hour_ago)
    return actions.book_course(
        plan=plan,
        sessions={each.number: (asked, each.slot.start) for each in dates},
        by=patient.user,
        now=an_hour_ago,
        submission=KEY,
    )
