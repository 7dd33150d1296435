"""The catalogue goes out as CSV files and comes in again, all of it or nothing."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from clinic.models import AuditEvent, ReviewState
from tests import worlds
from tests.factories import FrontDeskUserFactory
from tests.treatments.drafts import reviewer, writer
from tests.treatments.shipped_files import edit
from treatments import actions
from treatments.actions import exchange
from treatments.loader import LoadRefused
from treatments.models import (
    AftercareStep,
    CatalogueField,
    Concern,
    Edition,
    EditionText,
    EditionVariant,
    RedFlag,
    Treatment,
    TreatmentVariant,
)

NOW = datetime(2026, 3, 5, 16, tzinfo=UTC)
TRICKY = '=HYPERLINK("x")\n\n- one, "two"\n+3\n\'= quoted\n\nÄrger; <b>é</b>'

pytestmark = pytest.mark.django_db


@pytest.fixture
def shipped():
    """Give the shipped catalogue, with every required text and cells that compute."""
    worlds.load_shipped()
    fields = list(CatalogueField.objects.all())
    for edition in Edition.objects.all():
        for field in fields:
            EditionText.objects.get_or_create(
                edition=edition, field=field, defaults={"text": f"The {field.code}."}
            )
    texts = EditionText.objects.filter(edition__treatment__code="dry_needling")
    texts.filter(field__code="benefit").update(text=TRICKY)
    texts.filter(field__code="risks").update(text="'=1")
    texts.filter(field__code="evidence").update(text="@SUM(A1)\n-2")
    EditionVariant.objects.filter(code="dn_first").update(note="+49 call us")
    Concern.objects.filter(code="muscle_pain").update(
        label="-Pain", description="Tight\r\nand tender.\r\n"
    )


@pytest.fixture
def out(tmp_path, shipped):
    """Give a folder with the exported catalogue."""
    call_command("catalogue", "export", str(tmp_path))
    return tmp_path


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def everything():
    models = [Edition, EditionText, EditionVariant, Treatment, TreatmentVariant]
    models += [AftercareStep, CatalogueField, Concern, RedFlag, AuditEvent]
    return [list(model.objects.order_by("pk").values()) for model in models]


def publish_all(by):
    for draft in Edition.objects.filter(state=Edition.State.DRAFT):
        actions.submit(edition=draft, by=draft.author, now=NOW)
        actions.publish(edition=draft, by=by, now=NOW)


def change_everything():
    """Publish other words, terms and variants, and edit every other kind of row."""
    author = writer()
    for treatment in Treatment.objects.filter(code__in=["dry_needling", "peel_medium"]):
        draft = actions.start_draft(treatment=treatment, by=author, now=NOW)
        draft.texts.update(text="Other words.")
        draft.texts.filter(field__is_required=False).delete()
        draft.variants.first().delete()
        draft.variants.update(price_usd=Decimal("1.50"), duration_min=95)
        EditionVariant.objects.create(
            edition=draft,
            code=f"{treatment.code}_x",
            label="X",
            duration_min=5,
            price_usd=1,
        )
        Edition.objects.filter(pk=draft.pk).update(name="Other", summary="Other.")
        actions.note_change(edition=draft, fields=[], by=author, now=NOW)
    publish_all(reviewer())
    Concern.objects.filter(code="muscle_pain").update(label="Other")
    Concern.objects.create(
        code="new", label="N", family="skin", description="d", treatments="", wording=""
    )
    AftercareStep.objects.update(text="Other.", review_state=ReviewState.APPROVED)
    RedFlag.objects.filter(code="RF-01").update(review_state=ReviewState.WITHDRAWN)
    CatalogueField.objects.filter(code="age").update(
        review_state=ReviewState.WITHDRAWN, label="Years", position=40
    )


def test_out_changed_in_and_published_is_the_same_again(out, tmp_path_factory):
    before = contents(out)
    change_everything()
    author = writer()

    taken = exchange.take_in(out, by=author, now=NOW)
    publish_all(reviewer())

    again = tmp_path_factory.mktemp("again")
    call_command("catalogue", "export", str(again))
    assert set(taken.drafts) == {"dry_needling", "peel_medium"}
    assert contents(again) == before


def test_the_same_again_changes_nothing(out, capsys):
    author = writer()
    before = everything()

    call_command("catalogue", "import", str(out), author=author.email)

    assert everything() == before
    assert "No treatment differs." in capsys.readouterr().out


def test_what_differs_becomes_a_draft_and_nothing_is_published(out):
    edit(out, "treatments.csv", "dry_needling", risks="Bruises.", downtime="")
    edit(out, "variants.csv", "dry_needling", price_usd="99")
    author = writer()

    taken = exchange.take_in(out, by=author, now=NOW)

    draft = Edition.objects.get(state=Edition.State.DRAFT)
    assert taken.drafts == ["dry_needling"]
    assert (draft.treatment.code, draft.author) == ("dry_needling", author)
    assert {(each.group, each.key) for each in actions.changes(draft)} == {
        ("text", "risks"),
        ("text", "downtime"),
        ("price", "dn_first.price_usd"),
        ("price", "dn_follow_up.price_usd"),
        ("price", "dn_extended.price_usd"),
    }
    assert TreatmentVariant.objects.get(code="dn_first").price_usd == 120
    assert exchange.take_in(out, by=author, now=NOW).drafts == []


def test_no_cell_begins_with_what_a_spreadsheet_would_compute(out):
    for content in contents(out).values():
        text = content.decode("utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r")]


@pytest.mark.parametrize(
    "cell", ["=1", "'=1", "''=1", "-a", "+", "@x", "'quoted'", "plain", "", "''"]
)
def test_guarded_cells_come_back(cell):
    assert exchange.unguarded(exchange.guarded(cell)) == cell


def drop(folder, file, column):
    with (folder / file).open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    names = [name for name in rows[0] if name != column]
    with (folder / file).open("w", newline="") as handle:
        writer = csv.DictWriter(handle, names, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


BAD = [
    ("treatments.csv", "dry_needling", {"code": "cupping"}, "no treatment “cupping”"),
    ("treatments.csv", "dry_needling", {"family": "hair"}, "family is “hair”"),
    ("treatments.csv", "dry_needling", {"name": ""}, "name is “”"),
    ("treatments.csv", "dry_needling", {"colour": "red"}, "“colour” is no field"),
    ("variants.csv", "dry_needling", {"duration_min": "3"}, "duration_min is “3”"),
    ("variants.csv", "dry_needling", {"price_usd": "free"}, "price_usd is “free”"),
    ("variants.csv", "dry_needling", {"max_depth_mm": "1"}, "has no depth"),
    ("variants.csv", "dry_needling", {"is_offered": "si"}, "write yes or no"),
    ("variants.csv", "dry_needling", {"code": "mn_neck"}, "stands in line"),
    ("concerns.csv", "fine_lines", {"treatments": "cupping:limited"}, "“cupping”"),
    ("concerns.csv", "fine_lines", {"family": "hair"}, "hair"),
    ("aftercare.csv", "AC-02", {"phase": "later"}, "later"),
    ("aftercare.csv", "AC-02", {"source": "HEARSAY"}, "no source “HEARSAY”"),
    ("red_flags.csv", "RF-02", {"treatment": "cupping"}, "“cupping”"),
    ("red_flags.csv", "RF-02", {"treatment": "dry_needling,peel_medium"}, "m”, not in"),
    ("expected_and_adverse_effects.csv", "AE-DN-01", {"treatment": "*"}, "“*”"),
    ("red_flags.csv", "RF-02", {"r_id": ""}, "must not be empty"),
    ("catalogue_fields.csv", "purpose", {"shown": "loudly"}, "loudly"),
]


@pytest.mark.parametrize(("file", "row", "cells", "part"), BAD)
def test_a_bad_row_changes_nothing_and_is_told_by_line(out, file, row, cells, part):
    edit(out, "concerns.csv", "muscle_pain", wording="Other.")
    edit(out, file, row, **cells)
    author = writer()
    before = everything()

    with pytest.raises(LoadRefused) as refused:
        exchange.take_in(out, by=author, now=NOW)

    assert part in str(refused.value)
    assert f"{file}, line " in str(refused.value)
    assert everything() == before


def test_line_is_the_one_on_which_the_row_begins(out):
    edit(out, "treatments.csv", "microneedling", family="hair")
    lines = (out / "treatments.csv").read_text().splitlines()
    began = next(n for n, line in enumerate(lines, 1) if "microneedling," in line[:15])

    with pytest.raises(LoadRefused, match=rf"treatments\.csv, line {began}: "):
        exchange.take_in(out, by=writer(), now=NOW)


def test_an_open_draft_is_not_written_over(out):
    author = writer()
    treatment = Treatment.objects.get(code="dry_needling")
    actions.start_draft(treatment=treatment, by=author, now=NOW)
    edit(out, "treatments.csv", "dry_needling", risks="Bruises.")

    with pytest.raises(LoadRefused, match="has an open draft"):
        exchange.take_in(out, by=author, now=NOW)


def test_one_file_alone_is_taken_in(out):
    for path in out.iterdir():
        if path.name != "treatments.csv":
            path.unlink()
    drop(out, "treatments.csv", "risks")
    edit(out, "treatments.csv", "dry_needling", name="Needling")

    exchange.take_in(out, by=writer(), now=NOW)

    draft = Edition.objects.get(state=Edition.State.DRAFT)
    assert [each.key for each in actions.changes(draft)] == ["name"]


def test_a_file_that_is_none_of_the_catalogue_is_refused(out):
    (out / "prices.csv").write_text("code\n")

    with pytest.raises(LoadRefused, match=r"prices\.csv: give files"):
        exchange.take_in(out, by=writer(), now=NOW)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["nowhere", "--author", "a@example.com"], "is no folder"),
        ([".", "--author", "nobody@example.com"], "Nobody signs in"),
        ([".", "--author", "desk@example.com"], "Nothing was changed"),
    ],
)
def test_command_ends_with_a_sentence(arguments, part):
    FrontDeskUserFactory(email="desk@example.com")

    with pytest.raises(CommandError, match=part):
        call_command("catalogue", "import", *arguments)
