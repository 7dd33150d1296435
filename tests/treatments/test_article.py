"""Every statement of the article that the clinic began from stands where it is told."""

import csv
import html
import re
from collections import Counter

import pytest
from django.utils.html import strip_tags

from tests import factories
from tests.worlds import DATA, load_shipped
from treatments.models import AftercareStep, Concern, Treatment

PAIR = "/compare/?t=dry_needling&t=microneedling"
PATHS = {
    "treatment": "/treatments/{}/",
    "concern": "/concerns/{}/",
    "aftercare": "/treatments/{}/aftercare/",
    "compare": PAIR,
    "which": "/dry-or-micro/",
    "practitioner": "/practitioners/",
    "times": "/book/{}/",
}


def rows(file):
    with (DATA / file).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


PLACES = rows("statement_places.csv")
KINDS = {
    "treatment page": ["treatment"],
    "treatment pages": ["treatment"],
    "concern page": ["concern"],
    "concern pages": ["concern"],
    "every treatment and concern page": ["treatment", "concern"],
    "comparison page": ["compare"],
    "which treatment page": ["which"],
    "practitioner list": ["practitioner"],
    "practitioner page": ["practitioner"],
    "booking": ["times"],
    "aftercare": ["aftercare"],
    "home or about page": ["nowhere"],
    "-": ["nowhere"],
    # What only those read who are treated, or treat.
    **dict.fromkeys(
        ("body map", "combinations", "consent", "screening", "session record"), ()
    ),
}
CODES = {
    "dry needling": "dry_needling",
    "micro-needling": "microneedling",
    "muscle pain": "muscle_pain",
    "limited movement": "limited_movement",
    "sports injury": "sports_injury",
    "desk posture pain": "desk_posture_pain",
    "fibromyalgia": "fibromyalgia",
    "myofascial pain": "myofascial_pain",
    "fine lines": "fine_lines",
    "texture and tone": "texture_tone",
    "acne scars": "acne_scars",
    "other scars": "other_scars",
    "large pores": "large_pores",
    "dark spots": "hyperpigmentation",
}
# No booking asks yet for the gaps between treatments that are combined.
NOT_YET = [("AS-31", "times", [])]
FIELDS = {row["code"]: row for row in rows("catalogue_fields.csv")}


def plain(markup):
    return " ".join(html.unescape(strip_tags(markup)).split()).lower()


def page(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return re.search(r"<main.*?</main>", response.content.decode(), re.DOTALL)[0]


def part(markup, place):
    """The section, the row of the comparison or the whole page."""
    field = FIELDS.get(place["field"])
    if field is None:
        return markup
    if place["kind"] == "compare":
        label = re.escape(field["label"])
        found = re.search(rf'<th scope="row">{label}</th>.*?</tr>', markup, re.DOTALL)
    elif field["shown"] == "text":
        code = place["field"]
        found = re.search(rf'data-field="{code}".*?</section>', markup, re.DOTALL)
    else:
        label = re.escape(field["label"])
        found = re.search(rf"<dt[^>]*>{label}</dt>.*?</dd>", markup, re.DOTALL)
    assert found, place
    return found[0]


@pytest.fixture
def shipped(db):
    load_shipped()
    factories.PractitionerRoleFactory()


def test_each_statement_has_a_place_and_each_place_a_statement():
    said = {row["s_id"]: row for row in rows("article_statements.csv")}

    assert {place["s_id"] for place in PLACES} == set(said)
    assert len(said) == 54
    for place in PLACES:
        assert place["kind"] in {*PATHS, "nowhere"}
        assert place["words"] or place["kind"] == "nowhere"
    denied = {place["s_id"] for place in PLACES if place["not_words"]}
    for s_id, row in said.items():
        if row["verdict"] in {"soften", "correct", "omit"}:
            assert s_id in denied, s_id


def test_each_statement_is_looked_for_where_the_article_says_it_is_shown():
    """The pages of its `shown_on`, as far as the public has them."""
    missing = []
    for row in rows("article_statements.csv"):
        told = {(p["kind"], p["code"]) for p in PLACES if p["s_id"] == row["s_id"]}
        kinds = {kind for kind, _ in told}
        for kind, codes in shown_on(row["shown_on"]):
            wanted = {(kind, code) for code in codes}
            if kind not in kinds or not wanted <= told:
                missing.append((row["s_id"], kind, codes))

    assert missing == NOT_YET


def shown_on(cell):
    """The kinds of pages that a cell names, each with the codes that it names."""
    for part in cell.split(";"):
        page, _, names = part.strip().partition(":")
        codes = [CODES[name.strip()] for name in names.split(",") if name.strip()]
        for kind in KINDS[page]:
            yield kind, codes


def test_the_words_stand_where_the_table_says(client, shipped):
    missing = []
    for place in PLACES:
        if place["kind"] != "nowhere":
            markup = page(client, PATHS[place["kind"]].format(place["code"]))
            if place["words"].lower() not in plain(part(markup, place)):
                missing.append((place["s_id"], place["words"]))

    assert missing == []


def test_what_was_taken_back_stands_on_no_public_page(client, shipped):
    codes = Treatment.objects.values_list("code", flat=True)
    paths = ["/", "/treatments/", "/compare/", "/practitioners/", PATHS["which"], PAIR]
    cared = AftercareStep.objects.values_list("treatment", flat=True).distinct()
    paths += [f"/treatments/{code}/" for code in codes]
    paths += [PATHS["aftercare"].format(code) for code in cared if code != "*"]
    paths += [
        f"/concerns/{code}/" for code in Concern.objects.values_list("code", flat=True)
    ]
    seen = {path: plain(page(client, path)) for path in paths}

    wrong = [
        (place["s_id"], place["not_words"], path)
        for place in PLACES
        for path, text in seen.items()
        if place["not_words"] and place["not_words"] in text
    ]

    assert wrong == []


def test_key_differences_come_out_of_the_comparison(client, shipped):
    """Purpose, technique, who, benefit and focus: both sides of each."""
    markup = page(client, PAIR)
    sides = {
        "purpose": ("muscle pain", "skin"),
        "technique": ("trigger points", "skin surface"),
        "who_performs": ("physical therapists", "dermatologists"),
        "benefit": ("muscle pain", "collagen"),
        "area_of_focus": ("muscles", "skin"),
    }
    for field, words in sides.items():
        row = part(markup, {"kind": "compare", "field": field})
        cells = [plain(cell) for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)]
        assert len(cells) == 2, field
        for cell, word in zip(cells, words, strict=True):
            assert word in cell, field


def test_no_place_is_told_twice():
    assert max(Counter(tuple(place.values()) for place in PLACES).values()) == 1
