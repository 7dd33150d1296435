"""A clinic in which much can break, for the tests of what changes break."""

from datetime import timedelta

from bookings import actions
from clinic.models import Practitioner
from tests import factories, worlds
from tests.worlds import MONDAY_10, NOW, licence, paper
from treatments.models import ScopeOfPractice

NURSE, MD = "registered_nurse", "dermatologist"
DEVICE = paper("device_training")
WEEK = timedelta(days=7)


def booked(who, where, patient, at, variant="mn_face_05"):
    """An appointment, through all the rules."""
    asked = worlds.asked(variant, where, who, patient=patient)
    return actions.book(asked=asked, at=at, by=None, now=NOW)


def person(slug):
    return Practitioner.objects.get(slug=slug)


def clinic():
    """A nurse under a doctor on site, with an order; another doctor, on her own.

    The nurse has appointments on two Mondays at ten, the other doctor on the first.
    """
    worlds.load_shipped()
    where = worlds.place()
    ScopeOfPractice.objects.filter(rule_id="MN-US-RN").update(supervision="direct")
    over = worlds.somebody(MD, where, licence(MD, "US-UT"), DEVICE, slug="doctor")
    other = worlds.somebody(MD, where, licence(MD, "US-UT"), DEVICE, slug="other")
    nurse = worlds.somebody(NURSE, where, licence(NURSE, "US-UT"), DEVICE, slug="nurse")
    factories.SupervisionAgreementFactory(practitioner=nurse, supervisors=[over])
    patient = factories.OrderFactory().patient
    booked(nurse, where, patient, MONDAY_10)
    booked(nurse, where, patient, MONDAY_10 + WEEK)
    booked(other, where, factories.PatientFactory(), MONDAY_10)
    return where
