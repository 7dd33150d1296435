"""Orders and referrals: put on file, changed and ended.

Whoever books takes the rows of practitioner and patient first; so does every action
here, in that order.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from clinic import audit, qualifications
from clinic.actions import Refused, lock
from clinic.changes import watched
from clinic.models import Location, Patient, Practitioner, Qualification, User
from treatments.actions.limits import check_limits
from treatments.models import Order, OrderKind, Treatment

PRESCRIBER = "prescriber"


class OrderImpossible(Refused):
    """An order that could never count as it is described."""


@watched("recorded order")
def record_order(
    *,
    treatment: Treatment,
    valid_from: date,
    by: User | None,
    now: datetime,
    kind: str = OrderKind.ORDER,
    patient: Patient | None = None,
    practitioner: Practitioner | None = None,
    prescriber: Practitioner | None = None,
    prescriber_outside: str = "",
    location: Location | None = None,
    max_depth_mm: Decimal | None = None,
    valid_until: date | None = None,
) -> Order:
    """Put on file what a prescriber signed: for a patient, or standing.

    `valid_from` is the day on which it was signed, or a later one. A prescriber of
    the clinic is checked; one from outside is vouched for by `by`. Raises
    OrderImpossible.
    """
    _lock(practitioner, patient)
    order = Order(
        kind=kind,
        patient=patient,
        practitioner=practitioner,
        prescriber=prescriber,
        prescriber_outside=prescriber_outside.strip(),
        treatment=treatment,
        location=location,
        max_depth_mm=max_depth_mm,
        valid_from=valid_from,
        valid_until=valid_until,
        recorded_by=by,
        recorded_at=now,
    )
    check_order(order)
    order.save()
    audit.record(
        by=by,
        verb="recorded order",
        subject=order,
        now=now,
        patient=patient,
        **said(order),
    )
    return order


@watched("changed order")
def change_order(
    *,
    order: Order,
    by: User | None,
    now: datetime,
    location: Location | None,
    max_depth_mm: Decimal | None,
    valid_from: date,
    valid_until: date | None,
) -> Order:
    """Correct the limits of an order. Raises OrderImpossible."""
    order = _locked(order)
    before = said(order)
    order.location, order.max_depth_mm = location, max_depth_mm
    order.valid_from, order.valid_until = valid_from, valid_until
    order.recorded_by, order.recorded_at = by, now
    check_order(order)
    order.save()
    audit.record(
        by=by,
        verb="changed order",
        subject=order,
        now=now,
        patient=order.patient,
        before=before,
        after=said(order),
    )
    return order


@watched("ended order")
def end_order(
    *, order: Order, valid_until: date, by: User | None, now: datetime
) -> Order:
    """Let an order end; `valid_until` is the last day on which it counts."""
    order = _locked(order)
    before, order.valid_until = order.valid_until, valid_until
    _check_limits(order)
    order.save(update_fields=["valid_until"])
    audit.record(
        by=by,
        verb="ended order",
        subject=order,
        now=now,
        patient=order.patient,
        before=before,
        after=valid_until,
    )
    return order


def check_order(order: Order) -> None:
    """Refuse what could never count, with a sentence that says what to do."""
    if order.patient is None and order.practitioner is None:
        raise OrderImpossible("Say for which patient, or for which practitioner.")
    if order.kind == OrderKind.REFERRAL and order.patient is None:
        raise OrderImpossible("A referral is for one patient. Say for whom.")
    if (order.prescriber is None) == (not order.prescriber_outside):
        raise OrderImpossible(
            "Say who prescribed it: a practitioner here, or somebody from outside."
        )
    if order.prescriber is not None and order.prescriber == order.practitioner:
        raise OrderImpossible("Nobody orders their own work. Name another prescriber.")
    if order.prescriber is not None and not _prescribes(order):
        raise OrderImpossible(
            f"{order.prescriber.name} holds no verified licence as a prescriber on "
            f"{order.valid_from}. Name somebody who does."
        )
    _check_limits(order)


def _check_limits(order: Order) -> None:
    check_limits(
        OrderImpossible,
        order.treatment,
        order.max_depth_mm,
        order.valid_from,
        order.valid_until,
    )


def _prescribes(order: Order) -> bool:
    """Whether the prescriber was licensed to, there, on the order's first day."""
    papers = Qualification.objects.filter(
        practitioner=order.prescriber, kind__kind="licence"
    ).select_related("role")
    return any(
        paper.role is not None
        and qualifications.named(PRESCRIBER, paper.role.groups)
        and qualifications.counts(paper, order.valid_from)
        and (
            order.location is None
            or qualifications.covers(paper.jurisdiction, order.location.jurisdiction)
        )
        for paper in papers
    )


def _lock(practitioner: Practitioner | None, patient: Patient | None) -> None:
    if practitioner is not None:
        lock(practitioner.pk)
    if patient is not None:
        Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)


def _locked(order: Order) -> Order:
    """The order as it is now, with the rows of all whom it concerns locked."""
    _lock(order.practitioner, order.patient)
    return Order.objects.select_related(
        "patient", "practitioner", "prescriber", "treatment", "location"
    ).get(pk=order.pk)


def said(order: Order) -> dict[str, Any]:
    """What an order says, as codes, days and numbers."""
    practitioner, prescriber, place = (
        order.practitioner,
        order.prescriber,
        order.location,
    )
    return {
        "kind": order.kind,
        "practitioner": practitioner.slug if practitioner else None,
        "prescriber": prescriber.slug if prescriber else None,
        "treatment": order.treatment.code,
        "place": place.slug if place else None,
        "max_depth_mm": order.max_depth_mm,
        "valid_from": order.valid_from,
        "valid_until": order.valid_until,
    }
