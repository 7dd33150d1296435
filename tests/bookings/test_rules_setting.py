"""A rule is wired once: taken out of the setting, it is gone from every door."""

import io
import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.management import call_command

from bookings import actions, slots
from bookings.courses import InCourse, Sitting
from bookings.models import AvailableTime
from bookings.timeline import to_minute
from clinic.models import Device, Location, Qualification, Room
from tests import factories, holding, worlds
from tests.worlds import MONDAY_10, NOW
from treatments.models import (
    Privilege,
    ScopeOfPractice,
    Treatment,
    TreatmentVariant,
)

pytestmark = pytest.mark.django_db

RULES = "bookings.rules."
LATE = MONDAY_10 - timedelta(minutes=30)


def busy(who, patient):
    """Both are booked at ten, with somebody else."""
    visit = TreatmentVariant.objects.get(code="visit")
    factories.AppointmentFactory(role=who.roles.get(), variant=visit)


def elsewhere(who, patient):
    visit = TreatmentVariant.objects.get(code="visit")
    factories.AppointmentFactory(variant=visit, patient=patient)


def supervised(who, patient):
    """The law asks for supervision, and nobody supervises."""
    ScopeOfPractice.objects.update(supervision="general")


def nobody_there(who, patient):
    """The supervisor may do it alone, and has no hours."""
    ScopeOfPractice.objects.update(supervision="direct")
    where = who.roles.get().location
    held = factories.PractitionerRoleFactory(
        location=where, role=factories.RoleFactory(code="physician")
    )
    factories.ScopeOfPracticeFactory(
        rule_id="CM-ANY-MD",
        role="physician",
        treatment="consultation_msk",
        jurisdiction="*",
        credential_kind="licence",
    )
    factories.QualificationFactory(practitioner=held.practitioner, role=held.role)
    factories.SupervisionAgreementFactory(
        practitioner=who,
        supervisors=[held.practitioner],
        treatment=Treatment.objects.get(code="consultation_msk"),
    )


def unordered(who, patient):
    ScopeOfPractice.objects.update(referral_or_order="order")


def needing(**kinds):
    """The visit needs it; the place, which has some, has no other."""
    Room.objects.update(kinds="quiet_room")
    Device.objects.update(kind="laser")
    TreatmentVariant.objects.update(**kinds)


def out_of_service(things):
    for thing in things:
        factories.OutOfServiceFactory(**{thing._meta.model_name: thing})


def no_room_in_service(who, patient):
    needing(needs_room="quiet_room")
    out_of_service(Room.objects.all())


def no_device_in_service(who, patient):
    needing(needs_device="laser")
    out_of_service(Device.objects.all())


def far_away(who, patient):
    """Half an hour before, at a place from which the way takes longer."""
    here = who.roles.get()
    there = factories.LocationFactory(slug="park-city")
    factories.TravelTimeFactory(from_location=there, to_location=here.location)
    role = factories.PractitionerRoleFactory(
        practitioner=who, role=here.role, location=there
    )
    visit = TreatmentVariant.objects.get(code="visit")
    before = MONDAY_10 - timedelta(minutes=60)
    factories.AppointmentFactory(role=role, variant=visit, starts_at=before)


CLOSERS = {
    "offer.Offered": lambda who, patient: Location.objects.update(is_open=False),
    "scope.Scope": lambda who, patient: Qualification.objects.all().delete(),
    "supervision.Supervised": supervised,
    "supervision.SupervisorOnSite": nobody_there,
    "orders.Ordered": unordered,
    "privilege.Privileged": lambda who, patient: Privilege.objects.all().delete(),
    "clock.Past": None,
    "clock.Notice": None,
    "clock.Horizon": lambda who, patient: Location.objects.update(horizon_days=1),
    "hours.Hours": lambda who, patient: AvailableTime.objects.all().delete(),
    "hours.Grid": lambda who, patient: AvailableTime.objects.update(
        start_time="08:07", end_time="18:00"
    ),
    "hours.Leave": lambda who, patient: factories.NotAvailableTimeFactory(
        practitioner=who
    ),
    "claims.PractitionerClaims": busy,
    "claims.PatientClaims": elsewhere,
    "resources.Equipped": lambda who, patient: needing(needs_room="hall"),
    "resources.Rooms": no_room_in_service,
    "resources.Devices": no_device_in_service,
    "visits.VisitKind": None,
    "place_open.PlaceOpen": lambda who, patient: factories.PlaceDayFactory(
        location=who.roles.get().location, day=worlds.MONDAY
    ),
    "travel.Travel": far_away,
    "courses.BetweenSessions": None,
}
NOWS = {"clock.Past": MONDAY_10 + timedelta(minutes=1), "clock.Notice": LATE}
CODES = {
    "offer.Offered": "PLACE_CLOSED",
    "scope.Scope": "CREDENTIAL_MISSING",
    "supervision.Supervised": "SUPERVISION_REQUIRED",
    "supervision.SupervisorOnSite": "SUPERVISOR_NOT_ON_SITE",
    "orders.Ordered": "ORDER_REQUIRED",
    "privilege.Privileged": "NO_PRIVILEGE",
    "clock.Past": "IN_THE_PAST",
    "clock.Notice": "NOTICE_TOO_SHORT",
    "clock.Horizon": "BEYOND_HORIZON",
    "hours.Hours": "OUTSIDE_HOURS",
    "hours.Grid": "OFF_GRID",
    "hours.Leave": "PRACTITIONER_ON_LEAVE",
    "claims.PractitionerClaims": "OVERLAP_PRACTITIONER",
    "claims.PatientClaims": "OVERLAP_PATIENT",
    "resources.Equipped": "NO_SUCH_ROOM",
    "resources.Rooms": "ROOM_OUT_OF_SERVICE",
    "resources.Devices": "DEVICE_OUT_OF_SERVICE",
    "visits.VisitKind": "FIRST_VISIT_NEEDED",
    "place_open.PlaceOpen": "PLACE_CLOSED_THAT_DAY",
    "travel.Travel": "TRAVEL_TOO_SHORT",
    "courses.BetweenSessions": "COURSE_TOO_SOON",
}


def test_every_rule_is_tried_here():
    assert set(CODES) == {
        path.removeprefix(RULES) for path in django_settings.BOOKING_RULES
    }


def told(asked, now):
    """The codes that `manage.py why` gives."""
    words = io.StringIO()
    names = {"place": asked.place.slug, "practitioner": asked.practitioner.slug}
    moments = {"at": MONDAY_10.isoformat(), "now": now.isoformat()}
    whose = {"patient": asked.patient.user.email, "json": True}
    call_command("why", asked.variant.code, **names, **moments, **whose, stdout=words)
    return {row["code"] for row in json.loads(words.getvalue())}


def sent(client, asked, now):
    """The status and the codes that the forms of the patient's pages meet."""
    client.force_login(asked.patient.user)
    form = holding.form(asked.place, asked.practitioner, MONDAY_10)
    with time_machine.travel(now, tick=False):
        answer = holding.book(client, asked.variant.code, form)
    codes = re.findall('data-code="([A-Z_]+)"', answer.content.decode())
    return answer.status_code, set(codes)


@pytest.mark.parametrize("rule", [rule for rule in CODES if "courses" not in rule])
def test_a_rule_taken_out_is_gone_from_the_command_and_the_form_too(
    rule, settings, client
):
    """A course is asked about by none of the two."""
    who, where = worlds.plain()
    patient = factories.PatientFactory()
    if CLOSERS[rule]:
        CLOSERS[rule](who, patient)
    variant = "follow_up" if rule == "visits.VisitKind" else "visit"
    now = NOWS.get(rule, NOW)
    closed = worlds.asked(variant, where, who, patient=patient)
    assert told(closed, now) == {CODES[rule]}
    assert sent(client, closed, now) == (409, {CODES[rule]})

    settings.BOOKING_RULES = [
        path for path in settings.BOOKING_RULES if path != f"{RULES}{rule}"
    ]

    # The database has the last word on time that is given away.
    refused = rule.startswith("claims.")
    assert told(closed, now) == set()
    assert sent(client, closed, now)[0] == (409 if refused else 302)


def second_session(where, patient):
    """Of a course whose first is the day before, and that asks for two days between."""
    visit = TreatmentVariant.objects.get(code="visit")
    row = factories.CourseFactory(patient=patient, variant=visit, place=where)
    first = Sitting(1, to_minute(MONDAY_10) - 24 * 60, where.tz)
    return InCourse(2, least_days=2, most_days=9, course=row.pk, assumed=(first,))


@pytest.mark.parametrize("rule", CODES)
def test_a_rule_taken_out_is_gone_from_list_why_and_book_alike(
    rule, settings, monkeypatch
):
    who, where = worlds.plain()
    patient = factories.PatientFactory()
    if CLOSERS[rule]:
        CLOSERS[rule](who, patient)
    variant = "follow_up" if rule == "visits.VisitKind" else "visit"
    now = NOWS.get(rule, NOW)

    course = second_session(where, patient) if "courses" in rule else None

    def question():
        asked = worlds.asked(variant, where, who, patient=patient)
        return replace(asked, course=course)

    def listed():
        return slots.open_slots(question(), first_day=worlds.MONDAY, days=1, now=now)

    def why():
        return worlds.codes(slots.why_not(question(), at=MONDAY_10, now=now))

    def book():
        return actions.book(asked=question(), at=MONDAY_10, by=None, now=now)

    assert MONDAY_10 not in {slot.start for slot in listed()}
    assert why() == {CODES[rule]}
    with pytest.raises(actions.NotBookable, match=CODES[rule]):
        book()

    settings.BOOKING_RULES = [
        path for path in settings.BOOKING_RULES if path != f"{RULES}{rule}"
    ]

    assert MONDAY_10 in {slot.start for slot in listed()}
    assert why() == set()
    if rule.startswith("claims."):
        # The database has the last word on time that is given away.
        with pytest.raises(actions.NotBookable, match=CODES[rule]):
            book()
    else:
        assert book().starts_at == MONDAY_10
