"""The loader publishes the shipped words, and never over a person's."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from clinic.models import AuditEvent
from tests.factories import UserFactory
from tests.treatments.shipped_files import edit
from tests.worlds import DATA
from treatments import loader
from treatments.models import CatalogueField, Edition, Treatment, TreatmentVariant

NOW = datetime(2026, 1, 5, 16, tzinfo=UTC)
LATER = datetime(2026, 3, 5, 16, tzinfo=UTC)
HEADER = "treatment,field,text,source,confidence\n"

pytestmark = pytest.mark.django_db


def write_texts(folder, *lines):
    (folder / "texts.csv").write_text(HEADER + "".join(f"{line}\n" for line in lines))


def dry_needling():
    return Treatment.objects.select_related("edition").get(code="dry_needling")


def text_of(edition, field):
    return edition.texts.get(field__code=field).text


def everything():
    return [
        list(model.objects.order_by("pk").values())
        for model in (
            Edition,
            Edition.texts.rel.related_model,
            Edition.variants.rel.related_model,
            Treatment,
            AuditEvent,
        )
    ]


def test_every_shipped_treatment_is_published_as_version_1():
    report = loader.load(DATA, now=NOW)

    for treatment in Treatment.objects.select_related("edition"):
        edition = treatment.edition
        assert (edition.number, edition.state) == (1, Edition.State.PUBLISHED)
        assert (edition.author, edition.reviewer) == (None, None)
        assert (edition.name, edition.summary) == (treatment.name, treatment.summary)
        assert set(edition.variants.values_list("code", flat=True)) == set(
            treatment.variants.values_list("code", flat=True)
        )
    assert report.created["editions"] == Treatment.objects.count() == 8
    assert not AuditEvent.objects.exists()


def test_edition_says_the_texts_with_their_sources_and_the_day_they_were_checked(
    folder,
):
    edit(folder, "summaries.csv", "dry_needling", checked_on="2026-11-22")
    write_texts(
        folder,
        'dry_needling,benefit,"First.\r\n\r\nSecond.",CPTAAE,low',
        "dry_needling,risks,Bruises.,BRADY14+CPTAAE,high",
    )

    loader.load(folder, now=NOW)

    edition = dry_needling().edition
    assert text_of(edition, "benefit") == "First.\n\nSecond."
    assert {"CPTAAE", "BRADY14"} <= set(edition.source_codes)
    assert len(edition.source_codes) == len(set(edition.source_codes))
    assert edition.reviewed_on == date(2026, 11, 22)


def test_edition_keeps_the_terms_of_each_variant():
    loader.load(DATA, now=NOW)

    variant = Edition.objects.get(treatment__code="microneedling").variants.get(
        code="mn_face_05"
    )
    assert (variant.price_usd, variant.prep_min) == (Decimal(225), 10)
    assert variant.max_depth_mm == Decimal("0.5")


def test_again_it_changes_nothing(folder):
    write_texts(folder, "dry_needling,benefit,Some.,POLICY,low")
    loader.load(folder, now=NOW)
    before = everything()

    report = loader.load(folder, now=LATER)

    assert everything() == before
    assert report.created["editions"] == 0
    assert report.differences == []


@pytest.mark.parametrize(
    ("file", "row", "cells"),
    [
        ("texts.csv", "dry_needling", {"text": "More."}),
        ("variants.csv", "dn_first", {"price_usd": "130"}),
        ("treatments.csv", "dry_needling", {"name": "Needling"}),
        ("summaries.csv", "dry_needling", {"summary": "Needles."}),
    ],
)
def test_new_shipped_words_become_the_next_version(folder, file, row, cells):
    write_texts(folder, "dry_needling,benefit,Some.,POLICY,low")
    loader.load(folder, now=NOW)
    edit(folder, file, row, **cells)

    report = loader.load(folder, now=LATER)

    assert (dry_needling().edition.number, report.created["editions"]) == (2, 1)
    assert dry_needling().editions.count() == 2
    assert text_of(dry_needling().editions.get(number=1), "benefit") == "Some."
    assert str(dry_needling().edition.pk) in AuditEvent.objects.filter(
        subject_kind="treatments.edition"
    ).values_list("subject_id", flat=True)
    assert report.differences == []


@pytest.mark.parametrize("who", ["author", "reviewer"])
def test_what_a_person_published_is_kept_and_the_difference_told(folder, who):
    write_texts(folder, "dry_needling,benefit,Some.,POLICY,low")
    loader.load(folder, now=NOW)
    Edition.objects.filter(treatment__code="dry_needling").update(
        **{who: UserFactory()}
    )
    edit(folder, "texts.csv", "dry_needling", text="More.")

    report = loader.load(folder, now=LATER)

    assert text_of(dry_needling().edition, "benefit") == "Some."
    assert report.differences == [
        loader.Difference("texts.csv", "dry_needling benefit", "text", "Some.", "More.")
    ]


def test_words_of_a_treatment_that_a_person_changed_are_kept(folder):
    write_texts(folder, "dry_needling,benefit,Some.,POLICY,low")
    loader.load(folder, now=NOW)
    Treatment.objects.filter(code="dry_needling").update(name="Ours")
    edit(folder, "texts.csv", "dry_needling", text="More.")

    report = loader.load(folder, now=LATER)

    assert dry_needling().edition.number == 1
    assert {each.key for each in report.differences} == {
        "dry_needling",
        "dry_needling benefit",
    }


@pytest.mark.parametrize("state", ["approved", "withdrawn"])
def test_words_of_a_treatment_that_a_person_reviewed_are_kept(folder, state):
    write_texts(folder, "dry_needling,benefit,Some.,POLICY,low")
    loader.load(folder, now=NOW)
    Treatment.objects.filter(code="dry_needling").update(review_state=state)
    edit(folder, "texts.csv", "dry_needling", text="More.")

    report = loader.load(folder, now=LATER)

    assert dry_needling().edition.number == 1
    assert [each.key for each in report.differences] == ["dry_needling benefit"]


def test_more_sources_than_a_version_can_name_are_refused_by_line(folder):
    lines = (folder / "sources.csv").read_text().splitlines()[1:81]
    known = [line.partition(",")[0] for line in lines]
    write_texts(folder, f"dry_needling,benefit,Some.,{'+'.join(known)},low")

    with pytest.raises(loader.LoadRefused, match=r"texts\.csv, line 2: .*400"):
        loader.load(folder, now=NOW)


def test_a_treatment_of_our_own_is_left_alone():
    ours = Treatment.objects.create(code="cupping", name="Cupping", family="skin")
    TreatmentVariant.objects.create(
        code="cup", treatment=ours, label="Cup", duration_min=30, price_usd=1
    )

    loader.load(DATA, now=NOW)

    ours.refresh_from_db()
    assert ours.edition is None
    assert CatalogueField.objects.exists()
