"""A treatment's page: as published, as it was, and as it is about to be."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic import access
from tests import factories
from tests.treatments.catalogue import PUBLISHED_AT, concern, effect, fields, publish
from treatments.models import CatalogueField, Edition, Treatment, TreatmentVariant

pytestmark = pytest.mark.django_db
PAGE = "/treatments/rolling/"
DRAFT = "/treatments/rolling/draft/"


@pytest.fixture
def rolling():
    return publish(
        "rolling",
        source="PAPER",
        what_it_is="Needles.\n\n- one\n- two",
        purpose="For skin.",
        technique="Rolled.",
    )


@pytest.fixture
def editor(client):
    user = factories.UserFactory(is_staff=True, groups=[access.CLINIC_ADMIN])
    client.force_login(user)
    return user


def text_of(client, path=PAGE):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def draft_of(treatment, text="Not yet said."):
    draft = factories.EditionFactory(treatment=treatment, summary="A new summary.")
    factories.EditionTextFactory(edition=draft, field=fields()["what_it_is"], text=text)
    return draft


def test_texts_are_sections_with_a_way_to_each(client, rolling):
    text = text_of(client)

    assert '<section class="passage" id="what_it_is"' in text
    assert '<a href="#what_it_is">What it is</a>' in text
    assert "<p>Needles.</p><ul><li>one</li><li>two</li></ul>" in text
    assert "<dt>What it is for</dt>" in text
    assert "Rolled." not in text  # stands in the comparison only


def test_a_new_field_is_a_heading_without_a_change_of_templates(client, rolling):
    smell = factories.CatalogueFieldFactory(
        code="smell", label="How it smells", position=99, shown="text"
    )
    factories.EditionTextFactory(edition=rolling.edition, field=smell, text="Of rain.")

    text = text_of(client)

    assert ">How it smells</h2>" in text
    assert "<p>Of rain.</p>" in text
    CatalogueField.objects.filter(pk=smell.pk).update(review_state="withdrawn")
    assert "How it smells" not in text_of(client)


def test_what_can_be_booked_is_as_it_is_now(client, rolling):
    TreatmentVariant.objects.filter(code="rolling_any").update(price_usd="99.50")
    factories.TreatmentVariantFactory(
        code="not_now", treatment=rolling, is_offered=False
    )
    factories.TreatmentVariantFactory(
        code="withdrawn", treatment=rolling, review_state="withdrawn"
    )

    text = text_of(client)

    assert "$99.50" in text
    assert 'href="/book/rolling_any/"' in text
    assert "/book/not_now/" not in text
    assert "/book/withdrawn/" not in text


def test_a_place_that_was_chosen_stays_chosen(client, rolling):
    place = factories.LocationFactory(slug="tempe")

    text = text_of(client, f"{PAGE}?place={place.slug}")

    assert 'href="/book/rolling_any/?place=tempe"' in text
    assert f'hx-get="{PAGE}who/?place=tempe"' in text
    for other in ("", "?place=nowhere", "?place=%22%3E"):
        assert 'href="/book/rolling_any/"' in text_of(client, f"{PAGE}{other}")


def test_what_begins_with_a_talk_offers_that_first(client, rolling):
    assert '<a class="btn btn-primary" href="#book">' in text_of(client)
    TreatmentVariant.objects.update(note="Medical; Consultation first")

    text = text_of(client)

    talk = '<a class="btn btn-primary" href="/treatments/?family=consultation">'
    assert text.index(talk) < text.index('<a class="btn btn-secondary" href="#book">')


def test_the_way_to_the_aftercare_is_among_the_contents(client, rolling):
    assert '<a href="#afterwards">Afterwards</a>' in text_of(client)
    assert 'id="afterwards"' in text_of(client)
    Edition.objects.update(family="consultation")
    assert "#afterwards" not in text_of(client)


def test_nothing_to_book_is_said(client, rolling):
    TreatmentVariant.objects.update(is_offered=False)

    assert "Nothing can be booked at the moment" in text_of(client)


def test_effects_evidence_sources_and_review_are_told(client, rolling):
    effect("E1", "rolling", "Redness", "9 in 10")
    effect("E2", "other", "Laughter", "1 in 10")
    concern("scars", "rolling:limited,other:promising")
    concern("pores", "other:promising")
    factories.SourceFactory(code="PAPER", what="A paper of 2020")

    text = text_of(client)

    assert "9 in 10" in text
    assert "Laughter" not in text
    assert "Limited evidence" in text
    assert "Some studies show it" in text
    assert "Pores" not in text
    assert "A paper of 2020" in text
    assert "Sources checked on <time" in text
    assert "January 2, 2026" in text
    assert "; not yet reviewed by this clinic" in text
    assert "Last reviewed" not in text


def test_who_reviewed_it_here_is_told_apart_from_a_sample(client, rolling):
    Edition.objects.update(reviewer=factories.UserFactory())

    text = text_of(client)

    assert "Last reviewed on" in text
    assert ", by this clinic." in text
    assert "Sample content." not in text


@pytest.mark.parametrize("kind", ["effect", "concern"])
def test_sample_is_said_until_all_that_is_shown_is_reviewed(client, rolling, kind):
    Edition.objects.update(reviewer=factories.UserFactory())
    if kind == "effect":
        row = effect("E1", "rolling", "Redness", "9 in 10")
    else:
        row = concern("scars", "rolling:limited")

    assert "Sample content." in text_of(client)
    assert "Not all that is listed by effect or by concern" in text_of(client)
    type(row).objects.update(review_state="approved")
    assert "Sample content." not in text_of(client)
    assert "Not all that is listed" not in text_of(client)


def test_sentence_of_a_concern_stands_with_the_surest_only(client, rolling):
    """It speaks of that one; of the others only what the word for it means."""
    concern("scars", "other:promising,rolling:promising")
    concern("pores", "rolling:limited,other:uncertain")
    concern("lines", "other:promising,rolling:uncertain")

    text = text_of(client)

    assert "What may be said of pores." in text
    assert "What may be said of scars." not in text
    assert "What may be said of lines." not in text
    assert "Many studies agree" in text
    assert "Nothing but general knowledge speaks for it." in text


@pytest.mark.parametrize("change", [{"edition": None}, {"review_state": "withdrawn"}])
def test_what_is_not_published_is_not_found(client, rolling, change):
    Treatment.objects.update(**change)

    assert client.get(PAGE).status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/treatments/nothing/", 404),
        (f"/treatments/{'a' * 10_000}/", 404),
        ("/treatments/no%00thing/", 400),
        (f"{PAGE}versions/2/", 404),
        (f"{PAGE}versions/99999999999999999999/", 404),
        ("/treatments/nothing/versions/1/", 404),
        ("/treatments/nothing/draft/", 404),
    ],
)
def test_what_is_not_there_is_not_found(client, rolling, path, status):
    assert client.get(path).status_code == status


def test_a_draft_is_for_editors_only(client, rolling):
    draft_of(rolling)

    assert client.get(DRAFT).status_code == 404
    client.force_login(factories.UserFactory(is_staff=True, groups=[access.FRONT_DESK]))
    assert client.get(DRAFT).status_code == 404
    assert "Not yet said." not in text_of(client)


def test_an_editor_reads_the_draft_and_that_it_is_one(client, rolling, editor):
    draft_of(rolling, text="<b>Not yet said.</b>")

    text = text_of(client, DRAFT)

    assert "&lt;b&gt;Not yet said.&lt;/b&gt;" in text
    assert "Only editors and reviewers see this page." in text
    assert "A new summary." not in text_of(client)


def test_an_editor_sees_the_draft_of_what_was_never_published(client, editor):
    draft_of(factories.TreatmentFactory(code="rolling", family="skin"))

    assert "Nothing is published yet." in text_of(client)


def test_a_version_stays_as_it_was(client, rolling):
    old = rolling.edition
    factories.EditionVariantFactory(edition=old, code="rolling_any", label="Old label")
    Treatment.objects.update(
        edition=factories.EditionFactory(
            treatment=rolling,
            number=2,
            state="published",
            published_at=PUBLISHED_AT,
            summary="Newer.",
        )
    )

    text = text_of(client, f"{PAGE}versions/1/")

    assert "An earlier version." in text
    assert 'href="/treatments/rolling/"' in text
    assert "Needles." in text
    assert "Old label" in text
    assert "/book/" not in text
    assert "Newer." in text_of(client)
    Treatment.objects.update(review_state="withdrawn")
    assert "no longer offered" in text_of(client, f"{PAGE}versions/1/")


def test_latest_version_of_a_withdrawn_treatment_leads_nowhere(client, rolling):
    Treatment.objects.update(review_state="withdrawn")

    text = text_of(client, f"{PAGE}versions/1/")

    assert client.get(PAGE).status_code == 404
    assert "Needles." in text
    assert "no longer offered" in text
    assert 'href="/treatments/rolling/"' not in text
    assert "is what is published now" not in text


def test_a_draft_is_no_version(client, rolling, editor):
    draft_of(rolling)

    assert client.get(f"{PAGE}versions/0/").status_code == 404


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}versions/1/"])
def test_pages_take_the_same_statements_however_much_they_show(client, rolling, path):
    def statements():
        with CaptureQueriesContext(connection) as found:
            text_of(client, path)
        return len(found)

    with_one = statements()
    for number in range(3):
        code = f"more_{number}"
        publish(code)
        concern(code, "rolling:limited")
        effect(code, "rolling", "Redness", "often")
        factories.TreatmentVariantFactory(code=f"r_{number}", treatment=rolling)
        factories.EditionVariantFactory(edition=rolling.edition, code=f"r_{number}")
        factories.EditionTextFactory(
            edition=rolling.edition,
            field=factories.CatalogueFieldFactory(code=code, position=50),
        )

    assert statements() == with_one <= 7


@pytest.mark.parametrize(
    ("label", "short"),
    [
        ("Dry needling, first visit", "First visit"),
        ("Face, neck and hands", "Face, neck and hands"),
        ("Dry needling", "Dry needling"),
    ],
)
def test_a_label_beside_its_treatment_does_not_say_it_again(label, short):
    treatment = Treatment(name="Dry needling (trigger points)")

    assert TreatmentVariant(label=label, treatment=treatment).short_label == short
