"""Two to four treatments side by side, made of the catalogue's fields."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.treatments.catalogue import concern, publish

pytestmark = pytest.mark.django_db
PAIR = "/compare/?t=needling&t=rolling"


@pytest.fixture
def pair():
    return [
        publish(
            "needling",
            family="musculoskeletal",
            purpose="For muscles.",
            what_it_is="Long needles.",
            technique="By hand.",
        ),
        publish("rolling", purpose="For skin.", technique="By hand."),
    ]


def table(client, path=PAIR):
    response = client.get(path)
    assert response.status_code == 200
    rows = re.findall(r"<tr[ >].*?</tr>", response.content.decode(), re.DOTALL)
    plain = [re.sub(r"<[^>]+>", " ", row) for row in rows]
    return [re.sub(r"\s+", " ", row).strip() for row in plain]


def test_rows_come_from_the_fields_and_the_variants(client, pair):
    factories.TreatmentVariantFactory(
        code="long", treatment=pair[0], duration_min=60, price_usd="150.50"
    )

    rows = table(client)

    assert rows[0] == "Needling Rolling"
    assert rows[1] == "What it is for Needling For muscles. Rolling For skin."
    assert rows[2] == "Technique All of them By hand."
    assert rows[3] == ("Length of a visit Needling 45 to 60 minutes Rolling 45 minutes")
    assert rows[4] == "Price Needling $120 to $150.50 Rolling $120"
    assert "Long needles." not in " ".join(rows)  # is not compared


def test_a_new_field_is_a_row_without_a_change_of_templates(client, pair):
    smell = factories.CatalogueFieldFactory(
        code="smell", label="How it smells", is_compared=True, position=9
    )
    factories.EditionTextFactory(
        edition=pair[0].edition, field=smell, text="Of rain & iron."
    )

    assert "How it smells Needling Of rain &amp; iron. Rolling Nothing said" in table(
        client
    )


@pytest.mark.parametrize("query", ["", "?t=", "?t=rolling", "?t=rolling&t=rolling"])
def test_fewer_than_two_are_asked_to_choose(client, pair, query):
    response = client.get(f"/compare/{query}")
    text = response.content.decode()

    assert response.status_code == 200
    assert "Choose two to four" in text
    assert "<table" not in text
    assert ('value="rolling" checked' in text) is ("rolling" in query)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("t=needling&t=nothing", "not in our catalogue"),
        ("t=" + "a" * 10_000, "not in our catalogue"),
        ("&".join(f"t={n}" for n in "abcde"), "At most 4"),
    ],
)
def test_what_cannot_be_compared_is_said(client, pair, query, said):
    response = client.get(f"/compare/?{query}")
    text = response.content.decode()

    assert response.status_code == 400
    assert said in text
    assert 'value="rolling"' in text


def test_what_is_not_published_cannot_be_compared(client, pair):
    pair[1].review_state = "withdrawn"
    pair[1].save()

    assert client.get(PAIR).status_code == 400


def test_two_and_four_take_the_same_statements(client, pair):
    with CaptureQueriesContext(connection) as before:
        table(client)
    publish("third", purpose="A.")
    publish("fourth", purpose="B.")
    with CaptureQueriesContext(connection) as after:
        rows = table(client, f"{PAIR}&t=third&t=fourth")

    assert rows[0] == "Fourth Needling Rolling Third"
    assert len(before) == len(after) <= 4


def test_one_alone_is_told_to_choose_one_more(client, pair):
    assert "Choose one more." in client.get("/compare/?t=rolling").content.decode()
    for path in ("/compare/", PAIR, "/compare/?t=rolling&t=nothing"):
        assert "Choose one more." not in client.get(path).content.decode()


def test_how_sure_it_is_stands_beside_the_benefit(client, pair):
    benefit = factories.CatalogueFieldFactory(
        code="benefit", label="Main benefit", is_compared=True, position=9
    )
    for each in pair:
        factories.EditionTextFactory(edition=each.edition, field=benefit, text="Help.")
    concern("scars", "rolling:promising")
    concern("pores", "rolling:promising,needling:uncertain")

    (row,) = (each for each in table(client) if each.startswith("Main benefit"))

    first, _, second = row.partition(" Rolling ")
    assert "Uncertain Pores. Nothing but general knowledge" in first
    assert "Promising Pores; Scars. Many studies agree" in second


def test_common_ground_stands_only_where_all_have_it(client, pair):
    common = factories.CatalogueFieldFactory(
        code="common_ground", label="In common", is_compared=True, position=9
    )
    for each in pair:
        factories.EditionTextFactory(edition=each.edition, field=common, text="Holes.")
    publish("third", purpose="A.")

    assert "In common All of them Holes." in table(client)
    for query in ("t=rolling&t=third", "t=needling&t=rolling&t=third"):
        assert "In common" not in " ".join(table(client, f"/compare/?{query}"))
