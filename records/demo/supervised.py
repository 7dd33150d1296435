"""Who works under whom in the demo, and the one patient who has an order.

The nurse does micro-needling under the dermatologist, who need only be reachable; for
radiofrequency he would have to be on site, and is not on her days: the page says so.
Nobody is offered to her patients without an order; Anna has one.
"""

from datetime import timedelta

from django.db import transaction

from clinic.models import Patient, Practitioner, User
from records.demo.people import Opening
from treatments.actions import make_agreement, record_order
from treatments.models import Order, SupervisionAgreement, Treatment

NURSE, SUPERVISOR = "grace-lindholm", "james-whitfield"
UNDER = ("microneedling", "rf_microneedling")
ORDERED = "microneedling"
SIX_MONTHS = timedelta(days=182)


@transaction.atomic
def agree(opening: Opening, admin: User) -> None:
    """The agreements, where the nurse has none yet."""
    people = {
        each.slug: each
        for each in Practitioner.objects.filter(slug__in=(NURSE, SUPERVISOR))
    }
    nurse, supervisor = people[NURSE], people[SUPERVISOR]
    if SupervisionAgreement.objects.filter(practitioner=nurse).exists():
        return
    for treatment in Treatment.objects.filter(code__in=UNDER).order_by("pk"):
        make_agreement(
            practitioner=nurse,
            supervisors=[supervisor],
            treatment=treatment,
            by=admin,
            now=opening.filed,
        )


@transaction.atomic
def order_for(patient: Patient, opening: Opening, desk: User) -> None:
    """An order for one patient, where there is none yet."""
    if Order.objects.filter(patient=patient).exists():
        return
    record_order(
        patient=patient,
        prescriber=Practitioner.objects.get(slug=SUPERVISOR),
        treatment=Treatment.objects.get(code=ORDERED),
        valid_from=opening.filed.date(),
        valid_until=opening.today + SIX_MONTHS,
        by=desk,
        now=opening.filed,
    )
