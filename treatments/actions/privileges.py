"""Privileges: what the clinic lets a practitioner perform, granted and ended."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from clinic import audit
from clinic.actions import Refused, lock
from clinic.changes import watched
from clinic.models import Location, Practitioner, User
from treatments.actions.conditions import tick
from treatments.actions.limits import check_limits
from treatments.models import Privilege, TreatmentVariant


class PrivilegeImpossible(Refused):
    """A privilege that could never count as it is described."""


@watched("granted privilege")
def grant_privilege(
    *,
    practitioner: Practitioner,
    variant: TreatmentVariant,
    by: User | None,
    now: datetime,
    location: Location | None = None,
    max_depth_mm: Decimal | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
    ticked: Iterable[str] = (),
) -> Privilege:
    """Let a practitioner perform a variant, at every place or at one.

    `ticked` are the conditions of the scope row that `by` says are met; those that
    are not ticked stay open, and are shown so.
    """
    lock(practitioner.pk)
    privilege = Privilege(
        practitioner=practitioner,
        variant=variant,
        location=location,
        max_depth_mm=max_depth_mm,
        valid_from=valid_from,
        valid_until=valid_until,
        granted_by=by,
        granted_at=now,
    )
    check_privilege(privilege)
    privilege.save()
    audit.record(
        by=by, verb="granted privilege", subject=privilege, now=now, **said(privilege)
    )
    tick(privilege, ticked, by=by, now=now)
    return privilege


@watched("changed privilege")
def change_privilege(
    *,
    privilege: Privilege,
    by: User | None,
    now: datetime,
    location: Location | None,
    max_depth_mm: Decimal | None,
    valid_from: date | None,
    valid_until: date | None,
    ticked: Iterable[str] = (),
) -> Privilege:
    """Give a privilege other limits; whoever does so grants it from now on."""
    privilege = _locked(privilege)
    before = said(privilege)
    privilege.location = location
    privilege.max_depth_mm = max_depth_mm
    privilege.valid_from, privilege.valid_until = valid_from, valid_until
    privilege.granted_by, privilege.granted_at = by, now
    check_privilege(privilege)
    privilege.save()
    audit.record(
        by=by,
        verb="changed privilege",
        subject=privilege,
        now=now,
        before=before,
        after=said(privilege),
    )
    tick(privilege, ticked, by=by, now=now)
    return privilege


@watched("ended privilege")
def end_privilege(
    *, privilege: Privilege, valid_until: date, by: User | None, now: datetime
) -> Privilege:
    """Let a privilege end; `valid_until` is the last day on which it counts."""
    privilege = _locked(privilege)
    before, privilege.valid_until = privilege.valid_until, valid_until
    check_privilege(privilege)
    privilege.save(update_fields=["valid_until"])
    audit.record(
        by=by,
        verb="ended privilege",
        subject=privilege,
        now=now,
        before=before,
        after=valid_until,
    )
    return privilege


def _locked(privilege: Privilege) -> Privilege:
    """The privilege as it is now, with its practitioner's row locked."""
    lock(privilege.practitioner_id)
    return Privilege.objects.select_related(
        "practitioner", "variant__treatment", "location"
    ).get(pk=privilege.pk)


def said(privilege: Privilege) -> dict[str, Any]:
    place = privilege.location
    return {
        "practitioner": privilege.practitioner.slug,
        "variant": privilege.variant.code,
        "place": place.slug if place else None,
        "max_depth_mm": privilege.max_depth_mm,
        "valid_from": privilege.valid_from,
        "valid_until": privilege.valid_until,
    }


def check_privilege(privilege: Privilege) -> None:
    """Refuse limits that contradict themselves, with a sentence."""
    check_limits(
        PrivilegeImpossible,
        privilege.variant.treatment,
        privilege.max_depth_mm,
        privilege.valid_from,
        privilege.valid_until,
    )
