"""Which days between sessions are wrong, worked out plainly from a plan."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from tests.properties.plans import STANDING
from tests.properties.values import Plan


def sessions(plan: Plan) -> Iterator[tuple[int, datetime, ZoneInfo]]:
    """The other sessions of the course: number, start, zone."""
    assumed = {number for number, _, _ in plan.course.assumed}
    yield from plan.course.assumed
    for number, visit in enumerate(plan.visits):
        counts = visit.session and visit.status in STANDING and number != plan.ignored
        if counts and visit.session not in assumed:
            yield visit.session, visit.start, visit.role.place.zone


def between_sessions(plan: Plan, start: datetime) -> Iterator[str]:
    """Days are counted by the calendar of the later of the two."""
    if plan.course is None:
        return
    others = {number: (at, zone) for number, at, zone in sessions(plan)}
    before = [number for number in others if number < plan.course.number]
    after = [number for number in others if number > plan.course.number]
    if before:
        at, _ = others[max(before)]
        yield from _apart(plan, max(before), at, start, plan.place.zone)
    if after:
        at, zone = others[min(after)]
        yield from _apart(plan, min(after), start, at, zone)


def _apart(
    plan: Plan, number: int, one: datetime, other: datetime, zone: ZoneInfo
) -> Iterator[str]:
    days = (other.astimezone(zone).date() - one.astimezone(zone).date()).days
    if days < plan.course.least:
        yield "COURSE_TOO_SOON"
    if days > plan.course.most * abs(number - plan.course.number):
        yield "COURSE_TOO_LATE"
