"""Words are found wherever they stand, and where is told."""

import pytest

from treatments.search import find, words_of

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
