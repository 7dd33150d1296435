"""Who may start when, worked out slowly and plainly from a plan.

Datetimes and dates only: no timeline, no closures, none of the product's code. Every
start is asked by itself, and every question by itself; `against` is the set of codes
of all that speaks against it, but for supervision and orders (reference_under.py).
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from tests.properties.plans import (
    AREA_CAPS,
    NEVER,
    STANDING,
)
from tests.properties.reference_courses import between_sessions, sessions
from tests.properties.values import Paper, Person, Plan, Role, Rule

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
FLOOR = 54


def against(plan: Plan, person: Person, role: Role, start: datetime) -> set[str]:
    """The codes of everything that speaks against this start."""
    end = start + timedelta(minutes=plan.variant.minutes)
    day = (end - MINUTE).astimezone(plan.place.zone).date()
    return {
        *_offer(plan, person, role, day),
        *scope(plan, person, role, day),
        *_privilege(plan, person, day),
        *_clock(plan, start),
        *_closed(plan, start, end),
        *_hours(plan, role, start, end),
        *leave(person, start, end),
        *_claims(plan, person, start, end),
        *_travel(plan, person, start, end),
        *_visits(plan, start),
        *between_sessions(plan, start),
    }


def within(first: date | None, last: date | None, day: date) -> bool:
    return (first is None or first <= day) and (last is None or day <= last)


def _offer(plan: Plan, person: Person, role: Role, day: date) -> Iterator[str]:
    if not plan.variant.offered:
        yield "NOT_OFFERED"
    if not plan.place.is_open:
        yield "PLACE_CLOSED"
    if not person.active:
        yield "PRACTITIONER_INACTIVE"
    if not within(role.first, role.last, day):
        yield "ROLE_NOT_HELD"
    if plan.depth and plan.variant.depth and plan.depth > plan.variant.depth:
        yield "DEPTH_OVER_VARIANT"


def scope(plan: Plan, person: Person, role: Role, day: date) -> Iterator[str]:
    yield from _areas(plan)
    rule, refusal = row(plan, role, day)
    if refusal:
        yield refusal
        return
    if plan.variant.treatment == "microneedling" and plan.depth is None:
        yield "DEPTH_UNKNOWN"
    licences = [
        paper
        for paper in person.papers
        if paper.kind == "licence"
        and paper.role == role.code
        and paper.jurisdiction == plan.place.jurisdiction  # no country licenses
    ]
    courses = [
        paper
        for paper in person.papers
        if paper.kind == "course" and paper.treatment == plan.variant.treatment
    ]
    yield from _on_file(licences, day)
    if rule.token == "course":
        yield from _on_file(courses, day)
    yield from _counted(plan, rule, courses, licences, day)


def _areas(plan: Plan) -> Iterator[str]:
    for area in plan.areas:
        cap = AREA_CAPS.get(area)
        if area in NEVER:
            yield "AREA_NEVER_TREATED"
        elif cap is not None and plan.depth is not None and plan.depth > cap:
            yield "DEPTH_OVER_AREA"


def row(plan: Plan, role: Role, day: date) -> tuple[Rule | None, str]:
    for where in (plan.place.jurisdiction, "US", "*"):
        rows = [
            rule
            for rule in plan.rules
            if rule.role == role.code
            and rule.treatment == plan.variant.treatment
            and rule.jurisdiction == where
            and within(rule.first, rule.last, day)
        ]
        if not rows:
            continue
        depth = plan.depth or Decimal(0)
        deep_enough = [row for row in rows if row.cap is None or row.cap >= depth]
        if not deep_enough:
            return None, "OUTSIDE_SCOPE"
        row = min(deep_enough, key=lambda row: row.cap or Decimal(99))
        if row.status != "allowed":
            return None, f"SCOPE_{row.status.upper()}"
        return row, ""
    return None, "NO_SCOPE_RULE"


def _good(paper: Paper, day: date) -> bool:
    return paper.verified and within(paper.first, paper.last, day)


def _on_file(papers: list[Paper], day: date) -> Iterator[str]:
    if any(_good(paper, day) for paper in papers):
        return
    if not papers:
        yield "CREDENTIAL_MISSING"
    elif any(within(paper.first, paper.last, day) for paper in papers):
        yield "CREDENTIAL_NOT_VERIFIED"
    else:
        yield "CREDENTIAL_NOT_VALID_ON_DATE"


def _counted(
    plan: Plan, rule: Rule, courses: list[Paper], licences: list[Paper], day: date
) -> Iterator[str]:
    hours = sum(paper.hours for paper in courses if _good(paper, day))
    if rule.hours is not None and hours < rule.hours:
        yield "SPECIFIC_HOURS_SHORT"
    needling = plan.variant.treatment == "dry_needling"
    if needling and rule.hours is None and hours < FLOOR:
        yield "CLINIC_FLOOR_HOURS_SHORT"
    if rule.years:
        # Walk back a day at a time while some licence is good.
        since = day
        while since > date(2015, 1, 1) and any(
            _good(paper, since) for paper in licences
        ):
            since -= DAY
        if (since + DAY).replace(year=(since + DAY).year + rule.years) > day:
            yield "YEARS_LICENSED_SHORT"


def _privilege(plan: Plan, person: Person, day: date) -> Iterator[str]:
    granted = [
        row
        for row in person.privileges
        if row.variant == plan.variant.code and row.place in (None, plan.place.slug)
    ]
    today = [row for row in granted if within(row.first, row.last, day)]
    if not granted:
        yield "NO_PRIVILEGE"
    elif not today:
        yield "PRIVILEGE_NOT_VALID_ON_DATE"
    elif plan.depth is not None and all(
        row.depth is not None and row.depth < plan.depth for row in today
    ):
        yield "DEPTH_OVER_PRIVILEGE"


def _clock(plan: Plan, start: datetime) -> Iterator[str]:
    if start < plan.now:
        yield "IN_THE_PAST"
    # Notice is counted from the next whole minute.
    elif start < _whole(plan.now) + timedelta(minutes=plan.place.notice):
        yield "NOTICE_TOO_SHORT"
    today = _whole(plan.now).astimezone(plan.place.zone).date()
    day = start.astimezone(plan.place.zone).date()
    after_another = plan.course and (
        plan.course.to_follow
        or any(number < plan.course.number for number, _, _ in sessions(plan))
    )
    if (day - today).days > plan.place.horizon and not after_another:
        yield "BEYOND_HORIZON"


def _whole(moment: datetime) -> datetime:
    rest = timedelta(seconds=moment.second)
    return moment + (MINUTE - rest if rest else rest)


def spans(plan: Plan, role: Role) -> Iterator[tuple[datetime, datetime]]:
    for number in range(-2, plan.days + 3):
        day = plan.first_day + number * DAY
        for begins, ends in _walls(role, day):
            last = day + DAY if ends == time(0) else day
            yield (
                datetime.combine(day, begins, plan.place.zone).astimezone(UTC),
                datetime.combine(last, ends, plan.place.zone).astimezone(UTC),
            )


def _walls(role: Role, day: date) -> Iterator[tuple[time, time]]:
    own = [(single.start, single.end) for single in role.singles if single.day == day]
    if (None, None) not in own:
        for span in role.spans:
            if span.weekday == day.weekday() and within(span.first, span.last, day):
                yield span.start, span.end
    yield from (span for span in own if span != (None, None))


def _closed(plan: Plan, start: datetime, end: datetime) -> Iterator[str]:
    decided = dict(plan.place.days)
    for moment in (start, end - MINUTE):
        day = moment.astimezone(plan.place.zone).date()
        # The third Monday of February is the one holiday in any window.
        third_monday = day.weekday() == 0 and 15 <= day.day <= 21
        holiday = plan.place.keeps and day.month == 2 and third_monday
        if not decided.get(day, not holiday):
            yield "PLACE_CLOSED_THAT_DAY"


def _hours(plan: Plan, role: Role, start: datetime, end: datetime) -> Iterator[str]:
    there = list(spans(plan, role))
    moment, moved = start, True
    while moment < end and moved:
        ends = [until for first, until in there if first <= moment < until]
        moved, moment = bool(ends), max([moment, *ends])
    if moment < end:
        yield "OUTSIDE_HOURS"
    for first, until in there:
        marks = timedelta(minutes=plan.place.grid)
        if first <= start < until and (start - first) % marks:
            yield "OFF_GRID"


def leave(person: Person, start: datetime, end: datetime) -> Iterator[str]:
    if any(begins < end and start < ends for begins, ends in person.leave):
        yield "PRACTITIONER_ON_LEAVE"


def _claims(
    plan: Plan, person: Person, start: datetime, end: datetime
) -> Iterator[str]:
    first = start - timedelta(minutes=plan.variant.prep)
    until = end + timedelta(minutes=plan.variant.cleanup)
    for number, visit in enumerate(plan.visits):
        if visit.status not in STANDING or number == plan.ignored:
            continue
        begins, ends = visit.occupied
        if visit.person == person.slug and first < ends and begins < until:
            yield "OVERLAP_PRACTITIONER"
        if visit.patient == plan.patient and start < visit.end and visit.start < end:
            yield "OVERLAP_PATIENT"


def _travel(
    plan: Plan, person: Person, start: datetime, end: datetime
) -> Iterator[str]:
    """What comes right before at another place, and what right after."""
    first = start - timedelta(minutes=plan.variant.prep)
    until = end + timedelta(minutes=plan.variant.cleanup)
    theirs = [
        (*visit.occupied, visit.role.place.slug)
        for number, visit in enumerate(plan.visits)
        if visit.person == person.slug
        and visit.status in STANDING
        and number != plan.ignored
    ]
    ways = {(here, there): minutes for here, there, minutes in plan.ways}
    ways = {(there, here): minutes for here, there, minutes in plan.ways} | ways
    earlier = [visit for visit in theirs if visit[1] <= first]
    later = [visit for visit in theirs if visit[0] >= until]
    if earlier:
        _, ended, place = max(earlier)
        if ended + timedelta(minutes=ways.get((place, plan.place.slug), 0)) > first:
            yield "TRAVEL_TOO_SHORT"
    if later:
        begins, _, place = min(later)
        if until + timedelta(minutes=ways.get((plan.place.slug, place), 0)) > begins:
            yield "TRAVEL_TOO_SHORT"


def _visits(plan: Plan, start: datetime) -> Iterator[str]:
    if plan.patient is None:
        return
    mine = [
        visit
        for number, visit in enumerate(plan.visits)
        if visit.patient == plan.patient
        and visit.variant.treatment == plan.variant.treatment
        and visit.status in STANDING
        and number != plan.ignored
    ]
    if plan.variant.visit == "first" and mine:
        yield "NOT_A_FIRST_VISIT"
    if plan.variant.visit == "follow_up" and not any(
        visit.end <= start for visit in mine
    ):
        yield "FIRST_VISIT_NEEDED"
