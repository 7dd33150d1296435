"""A zone is named as people name it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from clinic.zones import NAMES, zone_words

WINTER, SUMMER = (datetime(2026, month, 15, 12, tzinfo=UTC) for month in (1, 7))


@pytest.mark.parametrize(
    ("moment", "zone", "words"),
    [
        (WINTER, "America/Denver", "Mountain Time (MST)"),
        (SUMMER, "America/Denver", "Mountain Time (MDT)"),
        (SUMMER, "America/Phoenix", "Arizona Time (MST)"),
        (WINTER, "America/New_York", "Eastern Time (EST)"),
        (WINTER, "America/St_Johns", "America/St Johns (NST)"),
        (WINTER, "America/Sao_Paulo", "America/Sao Paulo (UTC-03)"),
    ],
)
def test_a_zone_has_its_name_and_its_letters_of_the_day(moment, zone, words):
    assert zone_words(moment, ZoneInfo(zone)) == words


def test_every_zone_with_a_name_is_one():
    assert all(ZoneInfo(zone).key == zone for zone in NAMES)


def test_zones_of_one_name_show_one_time():
    for moment in (WINTER, SUMMER):
        shown = {}
        for zone, name in NAMES.items():
            offset = moment.astimezone(ZoneInfo(zone)).utcoffset()
            assert shown.setdefault(name, offset) == offset
