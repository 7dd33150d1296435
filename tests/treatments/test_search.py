"""Words are found wherever they stand, and where is told."""

import pytest

from treatments.search import find, stem, words_of

TEXTS = {
    "one": [("Name", "Dry needling"), ("Risks", "A bruise. Not with fever.")],
    "two": [("Name", "Peel"), ("Summary", "Dry skin peels."), ("Risks", "Redness")],
}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("dry", ["one", "two"]),
        ("DRY needling", ["one"]),
        ("“peel”, redness", ["two"]),
        ("dry dry", ["one", "two"]),
        ("dry missing", []),
        (" .,; ", []),
    ],
)
def test_every_word_must_stand_somewhere_and_names_weigh_most(query, found):
    assert [hit.code for hit in find(query, TEXTS)] == found


def test_places_are_named_once_in_their_order():
    (hit,) = find("fever needling dry", TEXTS)

    assert hit.places == ("Name", "Risks")


def test_words_lose_case_and_the_marks_around_them():
    assert words_of(" Acne-Scars, (deep) deep! ") == ["acne-scars", "deep"]


JOINED = {
    "needles": [("Name", "Micro-needling"), ("Used", "Old scars, and ageing; colour.")],
    "points": [("Name", "Dry needling"), ("Used", "Stop a in-between pain.")],
}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("microneedling", ["needles"]),
        ("Micro-Needling", ["needles"]),
        ("micro needling", ["needles"]),
        ("dryneedling", ["points"]),
        ("dry-needling", ["points"]),
        ("scarring", ["needles"]),
        ("oldscars", ["needles"]),
        ("aging", ["needles"]),
        ("colors", ["needles"]),
        ("needles", ["needles", "points"]),
        ("pains", ["points"]),
        ("needlingold", []),  # in two texts
        ("ing", ["needles", "points"]),
        ("-", []),
    ],
)
def test_joins_endings_and_other_words_are_no_matter(query, found):
    hits = find(query, JOINED, {"aging": "ageing", "color": "colour"})

    assert [hit.code for hit in hits] == found


@pytest.mark.parametrize(
    ("word", "short"),
    [
        ("scarring", "scar"),
        ("lines", "line"),
        ("injuries", "injur"),
        ("peeling", "peel"),
        ("gas", "gas"),
        ("aging", "aging"),
        ("ing", "ing"),
    ],
)
def test_a_word_loses_its_ending_while_enough_is_left(word, short):
    assert stem(word) == short
