"""Which papers run out soon, and are not renewed.

A paper is what `clinic.qualifications` says, and has `alike` besides: what it shares
with the paper that would renew it (holder, kind, place).
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from clinic.days import earliest_day
from clinic.models import PremisesLicence, Qualification
from clinic.qualifications import COUNTED, counted, in_force

STEPS = (7, 14, 30, 60, 90)  # days before the last one on which a paper counts
ENDED = -1  # the step of what has ended
REMEMBERED = 90  # days for which what has ended is still listed
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ending:
    """A paper that nothing renews, and in how many days its last day is."""

    paper: Any
    days: int

    @property
    def step(self) -> int:
        """The smallest of `STEPS` that it has come to, or `ENDED`."""
        if self.days < 0:
            return ENDED
        return next(step for step in STEPS if self.days <= step)

    @property
    def words(self) -> str:
        return words_for(self.days)


def words_for(days: int) -> str:
    """How long a paper still counts, by the days until its last one, which counts."""
    if days < 0:
        return f"ended {-days} day{'s' if days < -1 else ''} ago"
    return f"{days} day{'s' if days != 1 else ''}" if days else "last day today"


def running_out(now: datetime) -> Sequence[Ending]:
    """The papers of active people and of places; as the last place's calendar has it."""
    today = earliest_day(now)
    people = Qualification.objects.filter(practitioner__is_active=True)
    papers = [
        *people.select_related("kind", "role", "practitioner"),
        *PremisesLicence.objects.select_related("kind", "location"),
    ]
    return endings(papers, today)


def endings(papers: Iterable[Any], today: date) -> Sequence[Ending]:
    """What ends within the largest step, or ended not long ago; the first end first.

    A paper that nobody verified counts for nothing: it neither ends nor renews.
    """
    alike: dict[Hashable, list[Any]] = defaultdict(list)
    for paper in papers:
        if paper.verified_by_id is not None:
            alike[paper.alike].append(paper)
    found = []
    for paper in (each for group in alike.values() for each in group):
        if paper.valid_until is None:
            continue
        days = (paper.valid_until - today).days
        if not -REMEMBERED <= days <= STEPS[-1]:
            continue
        if not is_renewed(paper, alike[paper.alike], today):
            found.append(Ending(paper, days))
    return sorted(found, key=lambda each: each.days)


def is_renewed(paper: Any, alike: Iterable[Any], today: date) -> bool:
    """Do others go on where `paper` ends, with no fewer hours than there were until then?

    After a gap they do once they have begun.
    """
    by = max(paper.valid_until + DAY, today)
    until_then = [each for each in alike if in_force(each, paper.valid_until)]
    others = [
        each
        for each in alike
        if (each.valid_until is None or each.valid_until > paper.valid_until)
        and (each.valid_from is None or each.valid_from <= by)
    ]
    return bool(others) and all(
        counted(others, column) >= counted(until_then, column)
        for column in COUNTED
        if hasattr(paper, column)
    )
