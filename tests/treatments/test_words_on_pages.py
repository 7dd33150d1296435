"""What the public pages say around the texts: how hard it reads, and that it is a sample."""

import html
import re

import pytest
from django.utils.html import strip_tags

from clinic.models import Source
from tests.treatments.reading import grade
from tests.worlds import load_shipped
from treatments.models import AftercareStep, Concern, Treatment
from treatments.views.listing import synonyms

pytestmark = pytest.mark.django_db
SAMPLE = "Sample content. To be reviewed by this clinic"
PAIR = "/compare/?t=dry_needling&t=microneedling"
HARDEST = 9  # years of school: read at fourteen


@pytest.fixture(autouse=True)
def _shipped():
    load_shipped()


def main(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return re.search(r"<main.*?</main>", response.content.decode(), re.DOTALL)[0]


def paragraphs(markup):
    """The running text of a page: paragraphs and list items of some length."""
    found = re.findall(r"<(?:p|li)\b[^>]*>(.*?)</(?:p|li)>", markup, re.DOTALL)
    texts = [" ".join(strip_tags(each).split()) for each in found]
    return [text for text in texts if len(text.split()) >= 8]


@pytest.mark.parametrize("path", ["/", "/treatments/", "/dry-or-micro/", PAIR])
def test_pages_read_at_fourteen(client, path):
    texts = paragraphs(main(client, path))

    assert len(texts) > 2
    assert grade("\n".join(texts)) <= HARDEST


def test_around_the_rows_aftercare_reads_at_fourteen(client):
    rows = AftercareStep.objects.values_list("text", flat=True)
    sources = Source.objects.values_list("what", flat=True)
    texts = paragraphs(main(client, "/treatments/microneedling/aftercare/"))

    ours = [text for text in map(html.unescape, texts) if text not in {*rows, *sources}]

    assert any("In an emergency" in text for text in ours)
    assert grade("\n".join(ours)) <= HARDEST


def test_no_treatment_has_the_words_of_a_surer_one(client):
    """A sentence of one treatment, or the word of a better strength, beside a badge."""
    wordings = {each.code: each.wording for each in Concern.objects.all()}
    spoken = []
    for code in Treatment.objects.values_list("code", flat=True):
        for strength, label, words in badges(main(client, f"/treatments/{code}/")):
            assert words, (code, label)
            if strength in {"uncertain", "limited"}:
                assert "promising" not in words.casefold(), (code, label)
            spoken += [(code, words)] * (words in wordings.values())

    assert ("rf_microneedling", wordings["fine_lines"]) not in spoken
    assert {words for _, words in spoken} == set(wordings.values())
    assert len(set(spoken)) == len(set(wordings.values()))


def badges(markup):
    """Strength, concern and the words beside each badge of a treatment's page."""
    part = markup.partition('id="evidence-by-concern"')[2].partition("</section>")[0]
    found = re.findall(
        r'<h3>(.*?)</h3>.*?data-strength="(\w+)">.*?</span>(.*?)</p>', part, re.DOTALL
    )
    return [
        (strength, strip_tags(label), html.unescape(" ".join(words.split())))
        for label, strength, words in found
    ]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("microneedling", "Micro-needling (collagen induction)"),
        ("dryneedling", "Dry needling"),
        ("scarring", "Micro-needling (collagen induction)"),
        ("color", "Superficial chemical peel"),
        ("aging", "Micro-needling (collagen induction)"),
        ("physiotherapist", "Dry needling"),
    ],
)
def test_search_knows_the_words_of_those_who_look(client, query, name):
    assert f">{name}</a>" in main(client, f"/treatments/?q={query}")


def test_what_says_that_it_begins_with_a_talk_offers_one_first(client):
    """By what the texts say of it, not by its name."""
    first = 'btn-primary" href="/treatments/?family=consultation"'
    offering = {
        code
        for code in Treatment.objects.values_list("code", flat=True)
        if first in main(client, f"/treatments/{code}/")
    }

    assert offering == {"rf_microneedling", "peel_medium"}


def test_every_other_word_stands_for_one_of_the_catalogue(client):
    assert len(synonyms()) > 5
    for word in synonyms().values():
        assert "Nothing fits" not in main(client, f"/treatments/?q={word}"), word


def test_every_page_of_the_catalogue_says_that_it_is_a_sample(client):
    concerns = Concern.objects.values_list("code", flat=True)
    for code, family in Treatment.objects.values_list("code", "family"):
        assert SAMPLE in main(client, f"/treatments/{code}/"), code
        if family != "consultation":
            assert SAMPLE in main(client, f"/treatments/{code}/aftercare/"), code
    for path in ("/", "/treatments/", PAIR, "/dry-or-micro/"):
        assert SAMPLE in main(client, path), path
    for code in concerns:
        assert SAMPLE in main(client, f"/concerns/{code}/"), code
