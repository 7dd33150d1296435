"""Supervision agreements: made, changed and ended.

Whoever books takes the rows of practitioner and supervisors first; so does every
action here, ids ascending.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from clinic import audit
from clinic.actions import Refused, lock
from clinic.changes import watched
from clinic.models import Location, Practitioner, User
from treatments.actions.limits import check_limits
from treatments.models import SupervisionAgreement, Treatment, TreatmentVariant


class AgreementImpossible(Refused):
    """An agreement under which nobody could ever work as it is described."""


@watched("made agreement")
def make_agreement(
    *,
    practitioner: Practitioner,
    supervisors: Iterable[Practitioner],
    by: User | None,
    now: datetime,
    variant: TreatmentVariant | None = None,
    treatment: Treatment | None = None,
    location: Location | None = None,
    max_depth_mm: Decimal | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> SupervisionAgreement:
    """Let a practitioner work under any one of the supervisors.

    For a variant, or for all of a treatment. Raises AgreementImpossible.
    """
    named = _lock(practitioner, supervisors)
    agreement = SupervisionAgreement(
        practitioner=practitioner,
        variant=variant,
        treatment=treatment,
        location=location,
        max_depth_mm=max_depth_mm,
        valid_from=valid_from,
        valid_until=valid_until,
        made_by=by,
        made_at=now,
    )
    check_agreement(agreement, named)
    agreement.save()
    agreement.supervisors.set(named)
    audit.record(
        by=by, verb="made agreement", subject=agreement, now=now, **said(agreement)
    )
    return agreement


@watched("changed agreement")
def change_agreement(
    *,
    agreement: SupervisionAgreement,
    supervisors: Iterable[Practitioner],
    by: User | None,
    now: datetime,
    location: Location | None,
    max_depth_mm: Decimal | None,
    valid_from: date | None,
    valid_until: date | None,
) -> SupervisionAgreement:
    """Give an agreement other supervisors or limits; `by` answers for it from now on.

    Raises AgreementImpossible.
    """
    wanted = list(supervisors)
    agreement = _locked(agreement, wanted)
    before = said(agreement)
    agreement.location, agreement.max_depth_mm = location, max_depth_mm
    agreement.valid_from, agreement.valid_until = valid_from, valid_until
    agreement.made_by, agreement.made_at = by, now
    check_agreement(agreement, wanted)
    agreement.save()
    agreement.supervisors.set(wanted)
    audit.record(
        by=by,
        verb="changed agreement",
        subject=agreement,
        now=now,
        before=before,
        after=said(agreement),
    )
    return agreement


@watched("ended agreement")
def end_agreement(
    *,
    agreement: SupervisionAgreement,
    valid_until: date,
    by: User | None,
    now: datetime,
) -> SupervisionAgreement:
    """Let an agreement end; `valid_until` is the last day on which it counts."""
    agreement = _locked(agreement, ())
    before, agreement.valid_until = agreement.valid_until, valid_until
    check_agreement(agreement, list(agreement.supervisors.all()))
    agreement.save(update_fields=["valid_until"])
    audit.record(
        by=by,
        verb="ended agreement",
        subject=agreement,
        now=now,
        before=before,
        after=valid_until,
    )
    return agreement


def check_agreement(
    agreement: SupervisionAgreement, supervisors: Iterable[Practitioner]
) -> None:
    """Refuse what contradicts itself, with a sentence that says what to do."""
    named = list(supervisors)
    if not named:
        raise AgreementImpossible("Name at least one supervisor.")
    if agreement.practitioner in named:
        raise AgreementImpossible("Nobody supervises themselves. Name somebody else.")
    variant, treatment = agreement.variant, agreement.treatment
    if (variant is None) == (treatment is None):
        raise AgreementImpossible("Name a variant or a treatment, one of the two.")
    check_limits(
        AgreementImpossible,
        treatment or variant.treatment,  # type: ignore[union-attr]  # one is named
        agreement.max_depth_mm,
        agreement.valid_from,
        agreement.valid_until,
    )


def _lock(
    practitioner: Practitioner, *groups: Iterable[Practitioner]
) -> list[Practitioner]:
    named = {each.pk: each for group in groups for each in group}
    for pk in sorted({practitioner.pk, *named}):
        lock(pk)
    return [named[pk] for pk in sorted(named)]


def _locked(
    agreement: SupervisionAgreement, others: Iterable[Practitioner]
) -> SupervisionAgreement:
    """The agreement as it is now, with the rows of all whom it concerns locked."""
    _lock(agreement.practitioner, agreement.supervisors.all(), others)
    return SupervisionAgreement.objects.select_related(
        "practitioner", "variant__treatment", "treatment", "location"
    ).get(pk=agreement.pk)


def said(agreement: SupervisionAgreement) -> dict[str, Any]:
    """What an agreement says, as codes, days and numbers."""
    variant, treatment, place = (
        agreement.variant,
        agreement.treatment,
        agreement.location,
    )
    slugs = agreement.supervisors.values_list("slug", flat=True)
    return {
        "practitioner": agreement.practitioner.slug,
        "supervisors": sorted(slugs),
        "variant": variant.code if variant else None,
        "treatment": treatment.code if treatment else None,
        "place": place.slug if place else None,
        "max_depth_mm": agreement.max_depth_mm,
        "valid_from": agreement.valid_from,
        "valid_until": agreement.valid_until,
    }
