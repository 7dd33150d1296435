"""The letters that most pages hold travel alone, taken from the package's font."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from fontTools import subset
from fontTools.ttLib import TTFont

from clinic import fonts


@pytest.fixture
def empty_var(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    fonts.western.cache_clear()
    yield tmp_path
    fonts.western.cache_clear()


def letters(path):
    with TTFont(path) as font:
        return set(font.getBestCmap())


def test_the_subset_holds_every_letter_that_the_whole_font_has_of_its_ranges(empty_var):
    wanted = set(subset.parse_unicodes(fonts.WESTERN))

    assert letters(fonts.western()) == wanted & letters(fonts.whole())


def test_it_is_found_and_made_once(empty_var):
    first = Path(finders.find("fonts/instrument-serif-western.woff2"))
    made = first.stat().st_mtime_ns
    fonts.western.cache_clear()

    assert fonts.western() == first
    assert first.stat().st_mtime_ns == made
    assert list(empty_var.rglob("*.*")) == [first]  # nothing half-made beside it


def test_it_goes_where_static_files_are_gathered(empty_var, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "gathered"

    call_command("collectstatic", interactive=False, verbosity=0)

    gathered = settings.STATIC_ROOT / "fonts" / "instrument-serif-western.woff2"
    assert letters(gathered) == letters(fonts.western())


def test_it_keeps_the_copyright_and_the_licence():
    with TTFont(fonts.western()) as font:
        names = font["name"]

        assert "Instrument" in names.getDebugName(0)
        assert "Open Font License" in names.getDebugName(13)


def test_the_styles_name_the_same_ranges():
    styles = Path(finders.find("css/tokens.css")).read_text()
    face = next(
        f for f in re.findall(r"@font-face {(.*?)}", styles, re.S) if "woff2" in f
    )
    named = re.search(r"unicode-range: (.*?);", face)

    assert named
    assert named[1].replace(" ", "") == fonts.WESTERN
