"""A random course as plain values: some of its sessions are visits, some assumed."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import strategies as st

from tests.properties.values import Course, Plan

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
NONE_IN = 3  # plans, of which one has a course


@st.composite
def with_course(draw, plan):
    """The plan as it was, or with a course.

    One number is drawn and all else rolled from it, so that what a course needs does
    not crowd out other draws.
    """
    dice = Random(draw(st.integers(0, 10_000)))
    return plan if dice.randrange(NONE_IN) else _roll(plan, dice)


def _roll(plan: Plan, dice: Random) -> Plan:
    least = dice.choice([1, 2, 1, 4, 28])
    most = least + dice.choice([0, 1, 3])
    number, *rest = dice.sample([1, 2, 3, 4], 4)
    visits = []
    for visit in plan.visits:
        mine = rest and visit.patient == 0 and dice.random() < 0.3
        visits.append(replace(visit, session=rest.pop()) if mine else visit)
    begins, until = plan.window
    length = (until - begins) // MINUTE
    assumed = []
    for each in rest:
        apart = dice.choice([least, most, most + 1, most + 9, least - 1, 0])
        start = begins + dice.randrange(length) * MINUTE
        zone = dice.choice(plan.places).zone
        if dice.randrange(2):
            assumed.append((each, start + (each - number) * apart * DAY, zone))
    course = Course(number, least, most, tuple(assumed), not dice.randrange(7))
    return replace(plan, visits=tuple(visits), course=course)
