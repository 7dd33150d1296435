"""The catalogue's pages: open to all, marked as sample, without a query per row."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories, worlds
from treatments.models import Treatment, TreatmentVariant

pytestmark = pytest.mark.django_db
SAMPLE = "own clinician before use. Not medical or legal advice."


@pytest.fixture(autouse=True)
def shipped(db):
    worlds.load_shipped()


@pytest.mark.parametrize("path", ["/", "/treatments/", "/treatments/microneedling/"])
def test_catalogue_pages_are_open_and_marked_as_sample(client, path):
    answer = client.get(path)

    assert answer.status_code == 200
    assert SAMPLE in answer.content.decode()


def test_a_treatment_shows_each_variant_with_its_price(client):
    text = client.get("/treatments/dry_needling/").content.decode()

    for variant in TreatmentVariant.objects.filter(treatment__code="dry_needling"):
        assert variant.label in text
        assert f"${variant.price_usd:.0f}" in text


def test_what_is_withdrawn_is_not_found(client):
    Treatment.objects.filter(code="peel_medium").update(review_state="withdrawn")

    assert client.get("/treatments/peel_medium/").status_code == 404
    assert "Medium-depth" not in client.get("/treatments/").content.decode()


def test_an_unknown_treatment_is_404(client):
    assert client.get("/treatments/nothing/").status_code == 404


@pytest.mark.parametrize("path", ["/", "/treatments/"])
def test_lists_take_the_same_statements_however_many_there_are(client, path):
    with CaptureQueriesContext(connection) as before:
        client.get(path)
    for number in range(3):
        factories.TreatmentVariantFactory(
            code=f"more_{number}",
            treatment=factories.TreatmentFactory(code=f"more_{number}"),
        )
    with CaptureQueriesContext(connection) as after:
        client.get(path)

    assert len(before) == len(after) <= 3


def test_markup_in_a_text_shows_as_text(client):
    Treatment.objects.filter(code="dry_needling").update(summary="<script>x</script>")

    text = client.get("/treatments/").content.decode()

    assert "<script>x" not in text
    assert "&lt;script&gt;x" in text
