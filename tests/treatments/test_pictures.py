"""The drawings: one for each treatment, told in words, coloured by the style sheet."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template, render_to_string

from clinic.settings import BASE_DIR
from tests import worlds
from treatments.models import Family, Treatment
from treatments.views.page import picture

FOLDER = BASE_DIR / "templates" / "pictures"
WHOLE = sorted(
    each.name for each in FOLDER.glob("*.svg.html") if not each.name.startswith("_")
)
SVG = "{http://www.w3.org/2000/svg}"
COLOURED = {"fill", "stroke", "color", "stop-color", "style"}


def drawn(name):
    """The picture as the page gets it, read as the strict thing it is."""
    text = render_to_string(f"pictures/{name}")
    text = text.replace("<svg ", f'<svg xmlns="{SVG[1:-1]}" ', 1)
    return ElementTree.fromstring(text)  # noqa: S314 -- our own


def styles():
    return sheet("pictures") + sheet("tokens")


def sheet(name):
    return Path(finders.find(f"css/{name}.css")).read_text()


@pytest.mark.django_db
def test_every_treatment_has_its_pictures():
    worlds.load_shipped()
    treatments = Treatment.objects.all()

    assert len(treatments) == 8
    for each in treatments:
        assert picture(f"how_{each.code}"), each.code
        if each.family != Family.CONSULTATION:
            assert picture(f"where_{each.code}"), each.code


def test_dry_and_micro_stand_side_by_side():
    assert picture("dry_or_micro")


@pytest.mark.parametrize("name", WHOLE)
def test_picture_is_told_in_words(name):
    figure = drawn(name)
    svg = figure.find(f"{SVG}svg")
    named = [svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")]

    assert svg.get("role") == "img"
    assert svg.get("viewBox")
    assert svg.get("aria-labelledby").split() == [each.get("id") for each in named]
    assert all(each.text.strip() for each in named)
    assert figure.find("figcaption").text.strip()


@pytest.mark.parametrize("name", WHOLE)
def test_colours_come_from_classes(name):
    known = set(re.findall(r"\.(pic-[a-z-]+)", styles()))

    for each in drawn(name).iter():
        assert not COLOURED & set(each.attrib), each.attrib
        assert each.tag.removeprefix(SVG) not in {"style", "script", "image"}
        assert {*each.get("class", "").split()} - {"picture"} <= known


def test_style_sheet_takes_its_colours_from_tokens():
    text = sheet("pictures")
    tokens = set(re.findall(r"(--[a-z0-9-]+):", styles()))

    assert not re.search(r"#[0-9a-f]{3,8}\b|rgba?\(|hsl", text)
    assert set(re.findall(r"var\((--[a-z0-9-]+)\)", text)) <= tokens


def test_words_in_pictures_are_large_enough_for_a_phone():
    sizes = re.findall(r"\.pic-[a-z-]+ { font: \d+ (\d+)px", styles())

    assert len(sizes) == 4
    assert min(map(int, sizes)) >= 20
    for name in WHOLE:
        width = drawn(name).find(f"{SVG}svg").get("viewBox").split()[2]
        assert int(width) <= 640, name


@pytest.mark.django_db
def test_no_id_stands_twice_on_a_page_with_pictures(client):
    worlds.load_shipped()
    codes = Treatment.objects.values_list("code", flat=True)
    for path in [*(f"/treatments/{code}/" for code in codes), "/dry-or-micro/"]:
        text = client.get(path).content.decode()
        ids = re.findall(r'\sid="([^"]+)"', text)

        assert 'class="picture"' in text
        assert "css/pictures" in text
        assert sorted(ids) == sorted(set(ids)), path


def test_a_picture_is_light():
    for name in WHOLE:
        assert len(get_template(f"pictures/{name}").render()) <= 6_000, name
