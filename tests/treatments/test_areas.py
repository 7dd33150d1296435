"""Planned areas are read and written the same way, or refused with a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treatments.areas import (
    MOST,
    SIDES,
    AreaUnreadable,
    PlannedArea,
    format_areas,
    parse_areas,
)

CODES = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=20)
AREAS = st.builds(PlannedArea, CODES, st.sampled_from(["", *SIDES]))


@pytest.mark.parametrize(
    ("text", "areas"),
    [
        ("", ()),
        (" , ", ()),
        ("nose", (PlannedArea("nose"),)),
        ("cheeks:left,nose", (PlannedArea("cheeks", "left"), PlannedArea("nose"))),
        (" cheeks:both , nose ,", (PlannedArea("cheeks", "both"), PlannedArea("nose"))),
        ("nose,cheeks:left,nose", (PlannedArea("nose"), PlannedArea("cheeks", "left"))),
        (
            "cheeks:left,cheeks:right",
            (PlannedArea("cheeks", "left"), PlannedArea("cheeks", "right")),
        ),
    ],
)
def test_parse_areas_reads_each_area_once_in_order(text, areas):
    assert parse_areas(text) == areas


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("no se", "“no se” is no area"),
        ("Nose", "“Nose” is no area"),
        (":left", "“” is no area"),
        ("cheeks:", "“” is no side"),
        ("cheeks:middle", "“middle” is no side. Say cheeks:left"),
        ("cheeks:left:right", "“left:right” is no side"),
        ("nose\0", "is no area"),
        ("nose\ud800", "is no area"),
        ("x" * 61, "is no area"),
    ],
)
def test_parse_areas_refuses_what_it_cannot_read(text, part):
    with pytest.raises(AreaUnreadable) as refused:
        parse_areas(text)

    assert part in str(refused.value)


def test_parse_areas_takes_thirty_areas_and_not_one_more():
    names = [f"area_{number}" for number in range(MOST + 1)]

    assert len(parse_areas(",".join(names[:MOST]))) == MOST
    with pytest.raises(AreaUnreadable, match="more than 30"):
        parse_areas(",".join(names))


@given(st.lists(AREAS, max_size=MOST, unique=True))
def test_what_is_written_is_read_again(areas):
    assert parse_areas(format_areas(areas)) == tuple(areas)
