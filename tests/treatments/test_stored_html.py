"""Markup that somebody stored in the catalogue is shown as text, on every page."""

from html.parser import HTMLParser

import pytest
from django.db import models
from django.urls import get_resolver, reverse

from tests.factories import CatalogueFieldFactory, EditionTextFactory
from tests.treatments.drafts import NOW, published, writer
from treatments import actions
from treatments.models import (
    AftercareStep,
    CatalogueField,
    Concern,
    Edition,
    EditionText,
    EditionVariant,
    Effect,
    RedFlag,
    Treatment,
    TreatmentVariant,
)

pytestmark = pytest.mark.django_db


def evil(name):
    """Words of `name` that would make an element, close one, or run."""
    return f"</p></textarea>'\"><x-evil>{name}</x-evil><script>evil()</script>"


KEPT = (CatalogueField, Concern, AftercareStep, RedFlag, Effect)

# Codes, and words that are chosen from a list or made by us: no place for a sentence.
CODES = {
    *("code", "family", "visit", "confidence", "review_state", "source", "shown"),
    *("state", "treatments", "treatment", "phase", "kind", "severity", "variants"),
    *("needs_room", "needs_device", "default_areas"),
}
EVIL = {
    Treatment: {"name", "summary"},
    Edition: {"name", "summary", "change_note"},
    EditionText: {"text"},
    EditionVariant: {"label", "note"},
    TreatmentVariant: {"label", "note"},
    CatalogueField: {"label", "help"},
    Concern: {"label", "description", "wording"},
    AftercareStep: {"text"},
    RedFlag: {"sign", "action"},
    Effect: {"event", "rate_text"},
}


@pytest.mark.parametrize("model", EVIL, ids=lambda model: model.__name__)
def test_every_text_of_the_catalogue_is_among_them(model):
    texts = {
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, (models.CharField, models.TextField))
    }

    assert texts - CODES == EVIL[model]


class Elements(HTMLParser):
    """The elements of a page, and what its own scripts say."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found, self.text, self.attributes = set(), [], []

    def handle_starttag(self, tag, attrs):
        self.found.add(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data):
        if "evil()" in data and self.lasttag == "script":
            self.found.add("x-evil")
        self.text.append(data)


def read(response):
    page = Elements()
    page.feed(response.content.decode())
    return page


@pytest.fixture
def author():
    return writer(first_name="<x-evil>me</x-evil>")


@pytest.fixture
def catalogue(author):
    """Give two treatments, all of whose words hold markup, and a draft of the first."""
    for shown in CatalogueField.Shown:
        CatalogueFieldFactory(
            code=shown.value, shown=shown, is_compared=True, help=evil("help")
        )
    treatments = [published(), published("microneedling", ["mn_any"])]
    for field in CatalogueField.objects.all():
        for edition in Edition.objects.all():
            if not edition.texts.filter(field=field).exists():
                EditionTextFactory(edition=edition, field=field)
    CatalogueField.objects.update(label=evil("field"))
    EditionText.objects.update(text=f"{evil('text')}\n\n- {evil('item')}")
    EditionVariant.objects.update(label=evil("variant"), note=evil("note"))
    words = {"name": evil("name"), "summary": evil("summary")}
    Edition.objects.update(**words)
    for treatment in treatments:
        for name, text in words.items():
            setattr(treatment, name, text)
        treatment.save()
        treatment.variants.update(label=evil("variant"), note=evil("note"))
    strengths = "dry_needling:limited,microneedling:promising"
    told = {name: evil(name) for name in ("label", "description", "wording")}
    Concern.objects.create(
        code="pain", treatments=strengths, family="musculoskeletal", **told
    )
    for kind in AftercareStep.Kind.values:
        AftercareStep.objects.create(
            code=kind, treatment="*", phase="24h", kind=kind, text=evil("aftercare")
        )
    RedFlag.objects.create(
        code="R", treatment="*", sign=evil("sign"), action=evil("action")
    )
    Effect.objects.create(
        code="E", treatment="*", event=evil("event"), rate_text=evil("rate")
    )
    draft = actions.start_draft(treatment=treatments[0], by=author, now=NOW)
    Edition.objects.filter(pk=draft.pk).update(change_note=evil("change note"))
    return draft


ARGUMENTS = {"code": "dry_needling", "number": 1, "concern": "pain"}
QUERY = "?t=dry_needling&t=microneedling&q=%3Cx-evil%3E&concern=pain"


def public():
    """The names of the catalogue's own pages, and what each takes."""
    _, resolver = get_resolver().namespace_dict["treatments"]
    for pattern in resolver.url_patterns:
        yield pattern.name, tuple(pattern.pattern.converters)


@pytest.mark.parametrize(("name", "takes"), list(public()))
def test_public_page(client, author, catalogue, name, takes):
    if name == "preview":
        client.force_login(author)
    where = reverse(
        f"treatments:{name}", kwargs={each: ARGUMENTS[each] for each in takes}
    )

    response = client.get(where + QUERY)

    assert response.status_code == 200
    if response["Content-Type"].startswith("text/html"):
        page = read(response)
        assert "x-evil" not in page.found
        assert "x-evil" not in page.attributes


def office(draft):
    for model in (Treatment, TreatmentVariant, Edition, *KEPT):
        name = model._meta.model_name
        yield reverse(f"admin:treatments_{name}_changelist")
        for row in model.objects.all()[:1]:
            yield reverse(f"admin:treatments_{name}_change", args=[row.pk])
    yield reverse("admin:treatments_treatment_change", args=[draft.treatment_id])
    yield reverse("admin:treatments_treatment_import")
    for page in ("change", "review", "delete", "history"):
        yield reverse(f"admin:treatments_edition_{page}", args=[draft.pk])
    current = draft.treatment.edition_id
    for page in ("change", "review"):
        yield reverse(f"admin:treatments_edition_{page}", args=[current])


def test_back_office(client, author, catalogue):
    client.force_login(author)
    seen = ""
    for where in office(catalogue):
        response = client.get(where)
        page = read(response)

        assert response.status_code == 200
        assert "x-evil" not in page.found, where
        seen += "".join(page.text)
    assert "<x-evil>text</x-evil>" in seen
    assert "<x-evil>change note</x-evil>" in seen


def test_what_is_stored_is_read_as_it_was_written(client, catalogue):
    page = read(client.get("/treatments/dry_needling/"))
    text = "".join(page.text)

    for name in ("name", "summary", "field", "text", "item", "variant"):
        assert f"<x-evil>{name}</x-evil>" in text, name
