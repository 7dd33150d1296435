"""The conditions of the scope rows that no counting decides: a person ticks them.

Which row holds for a role, a treatment and a place is asked of treatments.scope.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from clinic import audit
from clinic.models import Location, Practitioner, PractitionerRole, User
from clinic.qualifications import in_force
from treatments import scope
from treatments.models import (
    Privilege,
    PrivilegeCondition,
    ScopeOfPractice,
    TreatmentVariant,
)


class Conditions:
    """The rows with conditions, read once for many privileges."""

    def __init__(self) -> None:
        self.rules = list(ScopeOfPractice.objects.order_by("rule_id"))

    def applying(
        self,
        roles: Iterable[PractitionerRole],
        variant: TreatmentVariant,
        day: date,
        *,
        location_id: int | None = None,
        max_depth_mm: Decimal | None = None,
    ) -> list[str]:
        """What the deciding rows ask of these roles beyond what can be counted.

        `roles` come with role and location. Without a place, at all of theirs.
        """
        found = []
        for held in roles:
            if location_id in {None, held.location_id} and _counts(held, day):
                asked = _asked(held, variant, max_depth_mm)
                rule = scope.look_up(asked, self.rules, day).rule
                if rule is not None and rule.other_conditions:
                    found.append(rule.other_conditions)
        return list(dict.fromkeys(found))

    def of(self, privilege: Privilege, day: date) -> list[str]:
        """What applies to a privilege, whose practitioner's roles may be prefetched."""
        return self.applying(
            privilege.practitioner.roles.all(),
            privilege.variant,
            day,
            location_id=privilege.location_id,
            max_depth_mm=privilege.max_depth_mm,
        )

    def open(self, privilege: Privilege, day: date) -> list[str]:
        """Of what applies, what nobody has ticked."""
        ticked = {row.text for row in privilege.conditions_ticked.all()}
        return [text for text in self.of(privilege, day) if text not in ticked]


def _counts(held: PractitionerRole, day: date) -> bool:
    """Whether the role is held, or is to be held later."""
    return in_force(held, day) or bool(held.valid_from and held.valid_from > day)


def _asked(
    held: PractitionerRole, variant: TreatmentVariant, max_depth_mm: Decimal | None
) -> scope.Asked:
    treatment, place = variant.treatment, held.location
    depths = [mm for mm in (variant.max_depth_mm, max_depth_mm) if mm is not None]
    return scope.Asked(
        role=held.role.code,
        treatment=treatment.code,
        jurisdiction=place.jurisdiction,
        limited_by_depth=treatment.limited_by_depth,
        needs_hours=treatment.needs_hours,
        floor_hours=place.needling_floor_hours,
        np_independent=place.np_independent,
        depth_mm=min(depths, default=None),
        areas=(),
    )


def conditions_of(
    practitioner: Practitioner,
    variant: TreatmentVariant,
    day: date,
    *,
    location: Location | None = None,
    max_depth_mm: Decimal | None = None,
) -> list[str]:
    """What is to be ticked when this is granted."""
    return Conditions().applying(
        practitioner.roles.select_related("role", "location"),
        variant,
        day,
        location_id=location.pk if location else None,
        max_depth_mm=max_depth_mm,
    )


def tick(
    privilege: Privilege, texts: Iterable[str], *, by: User | None, now: datetime
) -> None:
    """Write down who said that these hold. What the same person ticked stays as it is."""
    wanted = list(dict.fromkeys(texts))
    if not wanted:
        return
    if by is None:
        raise ValueError("A condition is ticked by somebody.")
    known = set(
        privilege.conditions_ticked.filter(ticked_by=by).values_list("text", flat=True)
    )
    fresh = [text for text in wanted if text not in known]
    PrivilegeCondition.objects.bulk_create(
        PrivilegeCondition(privilege=privilege, text=text, ticked_by=by, ticked_at=now)
        for text in fresh
    )
    if fresh:
        audit.record(
            by=by, verb="ticked conditions", subject=privilege, now=now, texts=fresh
        )
