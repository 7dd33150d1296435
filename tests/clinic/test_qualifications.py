"""When papers count and what they add up to, against slow and obvious answers."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic import qualifications
from clinic.qualifications import DAY

D1 = date(2026, 3, 1)


@dataclass(frozen=True)
class Held:
    valid_from: date | None = None
    valid_until: date | None = None
    verified_by_id: int | None = 1


@pytest.mark.parametrize(
    ("code", "codes", "expected"),
    [
        ("a", "*", True),
        ("a", " * ", True),
        ("a", "b, a", True),
        ("a", "ab,ba", False),
        ("a", "", False),
        ("", "", True),
    ],
)
def test_listed(code, codes, expected):
    assert qualifications.listed(code, codes) is expected


def test_named_is_not_met_by_the_star():
    assert not qualifications.named("a", "*")
    assert qualifications.named("a", "b,a")


@pytest.mark.parametrize(
    ("jurisdiction", "place", "expected"),
    [
        ("US-UT", "US-UT", True),
        ("US", "US-UT", True),
        ("US-UT", "US", False),
        ("US-AZ", "US-UT", False),
        ("U", "US-UT", False),
        ("", "US-UT", False),
    ],
)
def test_a_countrys_paper_reaches_its_parts_and_not_the_other_way(
    jurisdiction, place, expected
):
    assert qualifications.covers(jurisdiction, place) is expected


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (Held(), True),
        (Held(valid_from=D1), True),
        (Held(valid_from=D1 + DAY), False),
        (Held(valid_until=D1), True),
        (Held(valid_until=D1 - DAY), False),
        (Held(D1, D1), True),
        (Held(verified_by_id=None), False),
    ],
)
def test_a_paper_counts_when_verified_and_on_both_of_its_end_days(held, expected):
    assert qualifications.counts(held, D1) is expected


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [
        (date(2024, 2, 29), 1, date(2025, 3, 1)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2024, 2, 28), 1, date(2025, 2, 28)),
        (date(2024, 12, 31), 0, date(2024, 12, 31)),
    ],
)
def test_years_later(day, years, expected):
    assert qualifications.years_later(day, years) == expected


RUNS = {
    "no papers": ([], None),
    "one": ([Held(date(2020, 1, 1))], date(2020, 1, 1)),
    "ended": ([Held(date(2020, 1, 1), D1 - DAY)], None),
    "to come": ([Held(D1 + DAY)], None),
    "renewed the next day": (
        [Held(date(2020, 1, 1), date(2022, 1, 1)), Held(date(2022, 1, 2))],
        date(2020, 1, 1),
    ),
    "renewed a day late": (
        [Held(date(2020, 1, 1), date(2022, 1, 1)), Held(date(2022, 1, 3))],
        date(2022, 1, 3),
    ),
    "renewed early": (
        [Held(date(2021, 6, 1)), Held(date(2020, 1, 1), date(2022, 1, 1))],
        date(2020, 1, 1),
    ),
    "one within another": (
        [
            Held(date(2020, 1, 1), date(2026, 6, 1)),
            Held(date(2021, 1, 1), date(2021, 2, 1)),
        ],
        date(2020, 1, 1),
    ),
    "the first not verified": (
        [
            Held(date(2020, 1, 1), date(2022, 1, 1), verified_by_id=None),
            Held(date(2022, 1, 2)),
        ],
        date(2022, 1, 2),
    ),
    "a first day not on file": ([Held(None, None)], None),
    "a later first day on file": (
        [Held(None, date(2022, 1, 1)), Held(date(2021, 1, 1))],
        date(2021, 1, 1),
    ),
    "a gap with only a paper without a first day over it": (
        [Held(date(2020, 1, 1), date(2022, 1, 1)), Held(None, None)],
        None,
    ),
    "no end but the calendar's": ([Held(date(2020, 1, 1), date.max)], date(2020, 1, 1)),
    "renewed for after a gap to come": (
        [Held(date(2020, 1, 1), D1), Held(D1 + 3 * DAY)],
        date(2020, 1, 1),
    ),
}


@pytest.mark.parametrize(("papers", "expected"), RUNS.values(), ids=RUNS)
def test_unbroken_since(papers, expected):
    assert qualifications.unbroken_since(papers, D1) == expected


FIRST = date(2026, 1, 1)
days = st.integers(0, 40).map(lambda count: FIRST + timedelta(days=count))


@st.composite
def periods(draw):
    first, last = sorted([draw(days), draw(days)])
    return Held(first, last, draw(st.sampled_from([1, 1, 1, None])))


@given(st.lists(periods(), max_size=6), days)
def test_unbroken_since_walks_back_day_by_day(papers, day):
    def held(on):
        return any(qualifications.counts(paper, on) for paper in papers)

    since = day
    while held(since - DAY):
        since -= DAY

    expected = since if held(day) else None
    assert qualifications.unbroken_since(papers, day) == expected


def amount(kind, hours):
    return SimpleNamespace(kind=SimpleNamespace(kind=kind), hours=hours)


@pytest.mark.parametrize(
    ("papers", "expected"),
    [
        ([], 0),
        ([amount("course", None)], 0),
        ([amount("course", 20), amount("course", 30)], 50),
        ([amount("certification", 40), amount("endorsement", 50)], 50),
        ([amount("course", 30), amount("certification", 50)], 50),
        ([amount("course", 60), amount("certification", 50)], 60),
    ],
)
def test_courses_add_up_and_other_papers_do_not(papers, expected):
    assert qualifications.counted(papers, "hours") == Decimal(expected)


def test_behind_the_last_day_of_the_calendar_there_is_none():
    assert qualifications.day_after(D1) == D1 + DAY
    assert qualifications.day_after(date.max) == date.max
    assert qualifications.years_later(D1, 9_000) == date.max
