"""When papers count, and what they add up to.

Standard library only. A paper is anything with `valid_from`, `valid_until` (days,
both included, empty is open) and `verified_by_id`; a qualification has counted hours
and a `kind` besides. Days are days of the place where the paper is used.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

DAY = timedelta(days=1)
COUNTED = (
    "foundation_hours",
    "specific_hours",
    "in_person_hours",
    "supervised_sessions",
)


def listed(code: str, codes: str) -> bool:
    """Is `code` one of `codes`, which are joined with commas, or `*`?"""
    return codes.strip() == "*" or code in {word.strip() for word in codes.split(",")}


def named(code: str, codes: str) -> bool:
    """Is `code` one of `codes` by name, and not only by `*`?"""
    return codes.strip() != "*" and listed(code, codes)


def covers(jurisdiction: str, place: str) -> bool:
    """Is `jurisdiction` the `place`, or the country of which it is a part?"""
    return jurisdiction in {place, place.split("-")[0]}


def day_after(day: date) -> date:
    """The next day; the last day of the calendar, which stands for no end, stays."""
    return day + DAY if day < date.max else day


def in_force(paper: Any, day: date) -> bool:
    """Is the day within the paper's period, both ends included?"""
    begun = paper.valid_from is None or paper.valid_from <= day
    return begun and (paper.valid_until is None or day <= paper.valid_until)


def counts(paper: Any, day: date) -> bool:
    """Is the paper verified, and in force on the day?"""
    return paper.verified_by_id is not None and in_force(paper, day)


def unbroken_since(papers: Iterable[Any], day: date) -> date | None:
    """The first day of the run of papers that has not been broken until `day`.

    None when no paper is in force. A paper whose first day is not on file proves
    nothing and bridges no gap: what is not known does not count.
    """
    periods = sorted(
        (paper.valid_from, paper.valid_until or date.max)
        for paper in papers
        if paper.verified_by_id is not None and paper.valid_from is not None
    )
    since, until = None, date.min
    for first, last in periods:
        if first > day:
            break
        if since is None or first > day_after(until):
            since = first
        until = max(until, min(last, day))
    return since if until >= day else None


def years_later(day: date, years: int) -> date:
    """The same day `years` on; the day after 28 February where there is no 29th.

    The last day of the calendar stands for all that come after it.
    """
    if day.year + years > date.max.year:
        return date.max
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def counted(papers: Sequence[Any], column: str) -> Decimal:
    """How much of `column` the papers show.

    Courses add up. Any other paper restates what its holder learnt elsewhere, so
    the largest of those counts when it shows more, and none is counted twice.
    """
    courses, other = Decimal(0), Decimal(0)
    for paper in papers:
        amount = Decimal(getattr(paper, column) or 0)
        if paper.kind.kind == "course":
            courses += amount
        else:
            other = max(other, amount)
    return max(courses, other)
