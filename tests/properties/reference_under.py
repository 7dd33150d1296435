"""The rest of the reference: who works under whom, on whose order, and where.

As plainly as reference.py, to which it adds: a minute at a time, a supervisor at a
time, none of the product's code.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from tests.properties import reference
from tests.properties.reference import MINUTE, leave, row, scope, spans, within
from tests.properties.reference_rooms import equipment
from tests.properties.values import Agreement, Order, Person, Plan, Role, Rule


def against(plan: Plan, person: Person, role: Role, start: datetime) -> set[str]:
    """The codes of everything that speaks against this start."""
    end = start + timedelta(minutes=plan.variant.minutes)
    day = (end - MINUTE).astimezone(plan.place.zone).date()
    codes = reference.against(plan, person, role, start)
    codes.update(equipment(plan, start))
    rule, _ = row(plan, role, day)
    if rule is not None:
        codes.update(_supervision(plan, person, rule, (start, end), day))
        codes.update(_ordered(plan, person, rule, day))
    return codes


def _over(rule: Rule) -> bool:
    return rule.supervision in ("general", "direct")


def _supervision(
    plan: Plan, person: Person, rule: Rule, when: tuple[datetime, datetime], day: date
) -> Iterator[str]:
    mine = [each for each in plan.agreements if _covers(plan, person, each)]
    today = [each for each in mine if within(each.first, each.last, day)]
    deep = [each for each in today if _deep(each.depth, plan.depth)]
    named = {slug for each in deep for slug in each.supervisors}
    able = [
        other
        for other in plan.people
        if other.slug in named and _alone(plan, other, day)
    ]
    if not (_over(rule) or rule.agreed):
        return
    if not mine:
        yield from ["AGREEMENT_REQUIRED"] * rule.agreed
        yield from ["SUPERVISION_REQUIRED"] * _over(rule)
    elif not today:
        yield "AGREEMENT_NOT_VALID_ON_DATE"
    elif not deep:
        yield "DEPTH_OVER_AGREEMENT"
    elif not able:
        yield "SUPERVISOR_MAY_NOT"
    elif rule.supervision == "direct" and not any(
        _there(plan, other, *when) for other in able
    ):
        yield "SUPERVISOR_NOT_ON_SITE"


def _covers(plan: Plan, person: Person, agreement: Agreement) -> bool:
    return (
        agreement.person == person.slug
        and agreement.variant in (None, plan.variant.code)
        and agreement.treatment == plan.variant.treatment
        and agreement.place in (None, plan.place.slug)
    )


def _deep(limit: Decimal | None, depth: Decimal | None) -> bool:
    return limit is None or depth is None or limit >= depth


def _alone(plan: Plan, other: Person, day: date) -> bool:
    """Whether somebody may do it with nobody over them."""
    for role in other.roles:
        rule, _ = row(plan, role, day)
        if (
            other.active
            and rule is not None
            and role.place == plan.place
            and within(role.first, role.last, day)
            and (rule.supervision, rule.agreed, rule.order) == ("none", False, "")
            and rule.delegates
            and not set(scope(plan, other, role, day))
        ):
            return True
    return False


def _there(plan: Plan, other: Person, start: datetime, end: datetime) -> bool:
    """Whether somebody is at the place at every minute from start to end."""
    if set(leave(other, start, end)):
        return False
    zone = plan.place.zone
    hours = [
        (first, until, role)
        for role in other.roles
        if role.place == plan.place
        for first, until in spans(plan, role)
    ]
    moment = start
    while moment < end:
        if not any(
            first <= moment < until
            and within(role.first, role.last, moment.astimezone(zone).date())
            for first, until, role in hours
        ):
            return False
        moment += MINUTE
    return True


def _ordered(plan: Plan, person: Person, rule: Rule, day: date) -> Iterator[str]:
    wanted = [(rule.order, False)] if rule.order else []
    if rule.supervision == "delegated":
        wanted.append(("order", True))
    for kind, own in wanted:
        mine = [each for each in plan.orders if _meets(plan, person, each, kind, own)]
        today = [each for each in mine if within(each.first, each.last, day)]
        if not mine:
            yield f"{kind.upper()}_REQUIRED"
        elif not today:
            yield "ORDER_NOT_VALID_ON_DATE"
        elif not any(_deep(each.depth, plan.depth) for each in today):
            yield "DEPTH_OVER_ORDER"


def _meets(plan: Plan, person: Person, order: Order, kind: str, own: bool) -> bool:
    for_them = order.patient is not None and order.patient == plan.patient
    standing = order.patient is None and not own
    return (
        order.kind == kind
        and order.treatment == plan.variant.treatment
        and order.place in (None, plan.place.slug)
        and order.person in (None, person.slug)
        and order.prescriber != person.slug
        and (for_them or standing)
    )
