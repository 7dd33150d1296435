"""Home and list: what is published, found by words, concern and family."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.treatments.catalogue import concern, publish
from treatments.models import Concern, Treatment

pytestmark = pytest.mark.django_db
SAMPLE = "own clinician before use. Not medical or legal advice."


def text_of(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


@pytest.fixture
def shop():
    publish("needling", family="musculoskeletal", what_it_is="Into a muscle.")
    publish("rolling", what_it_is="Into the skin.", who_should_not="Not with fever.")
    concern("scars", "rolling:limited", label="Old scars", wording="May soften them.")


def names(text):
    return {name for name in ("Needling", "Rolling") if f">{name}</a>" in text}


@pytest.mark.parametrize("path", ["/", "/treatments/"])
def test_all_that_is_published_is_shown_with_length_and_price(client, shop, path):
    text = text_of(client, path)

    assert names(text) == {"Needling", "Rolling"}
    assert "45 min" in text
    assert "$120" in text
    assert SAMPLE in text
    assert 'href="/concerns/scars/"' in text


@pytest.mark.parametrize("change", [{"edition": None}, {"review_state": "withdrawn"}])
def test_what_is_not_published_is_not_listed(client, shop, change):
    Treatment.objects.filter(code="rolling").update(**change)

    assert names(text_of(client, "/")) == {"Needling"}
    assert names(text_of(client, "/treatments/")) == {"Needling"}


def test_what_this_clinic_has_reviewed_is_not_called_a_sample(client, shop):
    Treatment.objects.update(review_state="approved")
    assert SAMPLE in text_of(client, "/treatments/")  # of the concerns
    Concern.objects.update(review_state="approved")

    assert SAMPLE not in text_of(client, "/treatments/")
    assert SAMPLE not in text_of(client, "/")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=rolling", {"Rolling"}),
        ("q=MUSCLE", {"Needling"}),
        ("q=scars", {"Rolling"}),
        ("q=skin fever", {"Rolling"}),
        ("q=skin nothing", set()),
        ("q=++", {"Needling", "Rolling"}),
        ("concern=scars", {"Rolling"}),
        ("family=musculoskeletal", {"Needling"}),
        ("family=musculoskeletal&concern=scars", set()),
        ("q=rolling&q=needling", {"Needling"}),
    ],
)
def test_search_and_filters(client, shop, query, found):
    text = text_of(client, f"/treatments/?{query}")

    assert names(text) == found
    assert ("Nothing fits" in text) is (not found)


def test_a_word_is_told_where_it_stands(client, shop):
    text = text_of(client, "/treatments/?q=fever")

    assert "Found in: Who should not have it" in text


def test_filters_stay_chosen_and_say_what_may_be_said(client, shop):
    text = text_of(client, "/treatments/?q=roll&concern=scars&family=skin")

    assert 'value="roll"' in text
    assert '<option value="scars" selected>' in text
    assert '<option value="skin" selected>' in text
    assert "May soften them." in text


def test_what_may_be_said_of_one_is_not_said_of_several(client, shop):
    Concern.objects.update(treatments="rolling:limited,needling:uncertain")

    text = text_of(client, "/treatments/?concern=scars")

    assert "May soften them." not in text
    assert "differs by treatment" in text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=" + "a" * 10_000, "100 letters or fewer"),
        ("concern=none", "We do not know that concern"),
        ("family=none", "There is no such family"),
        ("q=%00", "cannot be stored"),
    ],
)
def test_what_cannot_be_looked_for_is_said(client, shop, query, said):
    response = client.get(f"/treatments/?{query}")

    assert response.status_code == 400
    assert said in response.content.decode()


def test_an_empty_catalogue_says_so(client):
    for path in ("/", "/treatments/"):
        assert "No treatments yet" in text_of(client, path)


@pytest.mark.parametrize(
    ("path", "most"), [("/", 4), ("/treatments/", 3), ("/treatments/?q=about", 4)]
)
def test_lists_take_the_same_statements_however_many_there_are(client, path, most):
    def statements():
        with CaptureQueriesContext(connection) as found:
            text_of(client, path)
        return len(found)

    publish("first", what_it_is="One.")
    with_one = statements()
    for code in ("second", "third"):
        publish(code, what_it_is="More.")
        concern(f"c_{code}", f"{code}:limited")

    assert statements() == with_one <= most


def test_markup_in_a_text_shows_as_text(client):
    publish("needling", summary="<script>x</script>")

    text = text_of(client, "/treatments/")

    assert "<script>x" not in text
    assert "&lt;script&gt;x" in text
