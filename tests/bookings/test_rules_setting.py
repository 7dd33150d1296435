"""A rule is wired once: taken out of the setting, it is gone from every door."""

from datetime import timedelta

import pytest
from django.conf import settings as django_settings

from bookings import actions, slots
from bookings.models import AvailableTime
from clinic.models import Location, Qualification
from tests import factories, worlds
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
    "visits.VisitKind": None,
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
    "visits.VisitKind": "FIRST_VISIT_NEEDED",
}


def test_every_rule_is_tried_here():
    assert set(CODES) == {
        path.removeprefix(RULES) for path in django_settings.BOOKING_RULES
    }


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

    def question():
        return worlds.asked(variant, where, who, patient=patient)

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
