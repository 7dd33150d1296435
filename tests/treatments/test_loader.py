"""The loader brings the shipped rules in, and never undoes what a person did."""

import csv
import shutil
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import models

import treatments
from clinic.models import AuditEvent, ReviewState, Role, Source
from tests.factories import UserFactory
from treatments import loader
from treatments.loader.load import GONE
from treatments.loader.tables import TABLES
from treatments.models import (
    AreaDepth,
    BodyArea,
    ScopeOfPractice,
    Treatment,
    TreatmentVariant,
)

DATA = Path(treatments.__file__).parent / "data"
NOW = datetime(2026, 1, 5, 16, tzinfo=UTC)
LATER = datetime(2026, 3, 5, 16, tzinfo=UTC)
RULE = "DN-US-AZ-PT"

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    """Give a copy of the shipped files that a test may change."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def edit(folder, file, row, **cells):
    """Change cells of the row whose first cell is `row`; None drops the row."""
    path = folder / file
    with path.open(newline="") as handle:
        lines = list(csv.DictReader(handle))
    first = next(iter(lines[0]))
    for line in lines:
        if line[first] == row:
            line.update(cells)
    kept = [line for line in lines if line[first] != row or cells]
    with path.open("w", newline="") as handle:
        writer = csv.DictWriter(handle, lines[0].keys())
        writer.writeheader()
        writer.writerows(kept)


def everything():
    """Every loaded row, whole."""
    return {
        table.file: list(table.model.objects.order_by("pk").values())
        for table in TABLES
    }


def test_load_brings_every_row_of_every_file():
    report = loader.load(DATA, now=NOW)

    for table in TABLES:
        with (DATA / table.file).open(newline="") as handle:
            assert table.model.objects.count() == len(list(csv.DictReader(handle)))
    assert report.created == report.rows
    assert report.differences == []


def test_load_reads_a_rule_as_it_is_written():
    loader.load(DATA, now=NOW)

    rule = ScopeOfPractice.objects.get(rule_id=RULE)
    assert (rule.role, rule.treatment, rule.jurisdiction) == (
        "physical_therapist",
        "dry_needling",
        "US-AZ",
    )
    assert rule.credential_kind == "licence+course"
    assert (rule.min_foundation_hours, rule.min_specific_hours) == (None, Decimal(24))
    assert (rule.effective_from, rule.effective_until) == (date(2015, 7, 1), None)
    assert (rule.source_codes, rule.confidence) == (["AZPT", "PPHC26"], "medium")
    assert rule.review_state == ReviewState.SAMPLE


def test_load_knows_what_is_limited_by_depth_and_what_needs_hours():
    loader.load(DATA, now=NOW)

    assert set(
        Treatment.objects.filter(limited_by_depth=True).values_list("code", flat=True)
    ) == {"microneedling", "rf_microneedling", "prp_microneedling"}
    assert list(
        Treatment.objects.filter(needs_hours=True).values_list("code", flat=True)
    ) == ["dry_needling"]


def test_load_gives_every_treatment_a_summary_and_its_place_in_the_list():
    loader.load(DATA, now=NOW)

    found = Treatment.objects.order_by("position")
    assert all(treatment.summary for treatment in found)
    assert found[0].code == "dry_needling"
    assert "UNKNOWN" not in found[0].source
    assert "FM22" in found[0].source_codes  # what the summary rests on


def test_load_reads_areas_with_sides_groups_and_caps():
    loader.load(DATA, now=NOW)

    assert BodyArea.objects.get(code="head").is_group
    assert not BodyArea.objects.get(code="face").is_group
    assert BodyArea.objects.get(code="cheeks").side_applies
    assert BodyArea.objects.get(code="navel").never_treat
    assert AreaDepth.objects.get(area="nose").max_mm == Decimal("0.75")
    variant = TreatmentVariant.objects.get(code="mn_face_05")
    assert (variant.treatment.code, variant.prep_min) == ("microneedling", 10)
    assert variant.price_usd == Decimal(225)


def test_load_again_changes_nothing():
    loader.load(DATA, now=NOW)
    before = everything()

    report = loader.load(DATA, now=LATER)

    assert everything() == before
    assert not any(report.created.values())
    assert not any(report.updated.values())
    assert report.differences == []


def test_load_asks_as_often_for_few_changes_as_for_many(
    folder, django_assert_max_num_queries
):
    loader.load(folder, now=NOW)

    with django_assert_max_num_queries(15):
        loader.load(folder, now=LATER)


def test_load_follows_the_file_where_nobody_changed_the_row(folder):
    loader.load(folder, now=NOW)
    edit(folder, "scope_rules.csv", RULE, min_specific_hours="30")

    report = loader.load(folder, now=LATER)

    rule = ScopeOfPractice.objects.get(rule_id=RULE)
    assert rule.min_specific_hours == 30
    assert rule.shipped["min_specific_hours"] == "30.0"
    assert report.updated["scope_rules.csv"] == 1
    assert report.differences == []
    assert AuditEvent.objects.get().subject_id == str(rule.pk)


def test_load_keeps_what_a_person_changed_and_reports_it(folder):
    loader.load(folder, now=NOW)
    ScopeOfPractice.objects.filter(rule_id=RULE).update(min_specific_hours=99)
    edit(folder, "scope_rules.csv", RULE, min_specific_hours="30")

    report = loader.load(folder, now=LATER)

    assert ScopeOfPractice.objects.get(rule_id=RULE).min_specific_hours == 99
    assert report.differences == [
        loader.Difference("scope_rules.csv", RULE, "min_specific_hours", "99.0", "30.0")
    ]


@pytest.mark.parametrize("state", [ReviewState.APPROVED, ReviewState.WITHDRAWN])
def test_load_keeps_what_a_person_reviewed(folder, state):
    loader.load(folder, now=NOW)
    ScopeOfPractice.objects.filter(rule_id=RULE).update(
        review_state=state, reviewed_by=UserFactory(), reviewed_on=NOW.date()
    )
    edit(folder, "scope_rules.csv", RULE, min_specific_hours="30", status="silent")

    report = loader.load(folder, now=LATER)

    rule = ScopeOfPractice.objects.get(rule_id=RULE)
    assert (rule.min_specific_hours, rule.review_state) == (24, state)
    assert [
        (difference.field, difference.here, difference.shipped)
        for difference in report.differences
    ] == [
        ("status", "allowed_with_conditions", "silent"),
        ("min_specific_hours", "24.0", "30.0"),
    ]


def test_load_leaves_a_row_that_a_person_made_under_the_same_code():
    Role.objects.create(code="physical_therapist", label="Ours")

    report = loader.load(DATA, now=NOW)

    assert Role.objects.get(code="physical_therapist").label == "Ours"
    assert "label" in {difference.field for difference in report.differences}


def test_load_deletes_nothing_and_reports_what_is_no_longer_shipped(folder):
    loader.load(folder, now=NOW)
    edit(folder, "scope_rules.csv", RULE)

    report = loader.load(folder, now=LATER)

    assert ScopeOfPractice.objects.filter(rule_id=RULE).exists()
    assert report.differences == [
        loader.Difference("scope_rules.csv", RULE, GONE, "here", "no longer")
    ]


def test_load_keeps_what_the_files_do_not_say(folder):
    loader.load(folder, now=NOW)
    TreatmentVariant.objects.filter(code="dn_first").update(is_offered=False)
    edit(folder, "variants.csv", "dn_first", price_usd="130")

    loader.load(folder, now=LATER)

    variant = TreatmentVariant.objects.get(code="dn_first")
    assert (variant.is_offered, variant.price_usd) == (False, 130)


BROKEN = [
    ("scope_rules.csv", RULE, {"role": "wizard"}, "role names “wizard”"),
    ("scope_rules.csv", RULE, {"treatment": "cupping"}, "treatment names “cupping”"),
    ("scope_rules.csv", RULE, {"credential_kind": "licence+wand"}, "names “wand”"),
    ("scope_rules.csv", RULE, {"source": "AZPT+HEARSAY"}, "no source “HEARSAY”"),
    ("scope_rules.csv", RULE, {"min_specific_hours": "many"}, "“many”"),
    ("scope_rules.csv", RULE, {"min_specific_hours": "-1"}, "below zero"),
    ("scope_rules.csv", RULE, {"max_depth_mm": "NaN"}, "“NaN”"),
    ("scope_rules.csv", RULE, {"min_supervised_sessions": "9" * 30}, "999"),
    ("scope_rules.csv", RULE, {"effective_from": "2026-02-30"}, "2026-02-30"),
    ("scope_rules.csv", RULE, {"effective_until": "2001-01-01"}, "is before"),
    ("scope_rules.csv", RULE, {"jurisdiction": "Utah"}, "“Utah” is no place"),
    ("scope_rules.csv", RULE, {"status": "perhaps"}, "perhaps"),
    ("scope_rules.csv", RULE, {"confidence": "certain"}, "certain"),
    ("scope_rules.csv", RULE, {"rule_id": ""}, "must not be empty"),
    ("scope_rules.csv", RULE, {"rule_id": "DN-US-AZ-AT"}, "stands in line"),
    ("credential_tokens.csv", "CT-17", {"satisfied_by": "dn_course|magic"}, "“magic”"),
    ("credential_tokens.csv", "CT-25", {"satisfied_by": "min_luck"}, "“min_luck”"),
    ("variants.csv", "dn_first", {"default_areas": "elbow"}, "“elbow”"),
    ("variants.csv", "dn_first", {"price_usd": ""}, "price_usd"),
    ("areas.csv", "nose", {"side_applies": "maybe"}, "write yes or no"),
    ("areas.csv", "nose", {"parent": "tail"}, "“tail”"),
    ("depth_by_area.csv", "nose", {"max_mm_demo": "deep"}, "max_mm_demo is “deep”"),
    ("summaries.csv", "dry_needling", {"code": "cupping"}, "no treatment “cupping”"),
    ("treatment_rules.csv", "dry_needling", {}, "has no limited_by_depth, needs_hours"),
]


@pytest.mark.parametrize(("file", "row", "cells", "part"), BROKEN)
def test_load_fails_as_a_whole_and_says_where(folder, file, row, cells, part):
    edit(folder, file, row, **cells)

    with pytest.raises(loader.LoadRefused) as refused:
        loader.load(folder, now=NOW)

    assert part in str(refused.value)
    assert ".csv, line " in str(refused.value)
    assert not Source.objects.exists()


def test_load_names_the_line_of_the_file(folder):
    edit(folder, "scope_rules.csv", RULE, role="wizard")

    with pytest.raises(loader.LoadRefused, match=r"scope_rules\.csv, line 2: role"):
        loader.load(folder, now=NOW)


def test_load_takes_an_empty_confidence_as_unverified(folder):
    edit(folder, "scope_rules.csv", RULE, confidence="")

    loader.load(folder, now=NOW)

    assert ScopeOfPractice.objects.get(rule_id=RULE).confidence == "unverified"


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"code,label\n", "there is no column"),
        (b"\xff\xfe\x00", "no UTF-8 CSV"),
        (None, "cannot be read"),
    ],
)
def test_load_refuses_a_file_that_is_no_table(folder, content, part):
    if content is None:
        (folder / "roles.csv").unlink()
    else:
        (folder / "roles.csv").write_bytes(content)

    with pytest.raises(loader.LoadRefused, match=part):
        loader.load(folder, now=NOW)


def test_load_refuses_a_line_with_cells_missing(folder):
    with (folder / "roles.csv").open("a") as handle:
        handle.write("wizard,Wizard\n")

    with pytest.raises(loader.LoadRefused, match=r"line 19: it has more or fewer"):
        loader.load(folder, now=NOW)


def test_every_source_named_is_shown_by_its_code():
    loader.load(DATA, now=NOW)
    known = set(Source.objects.values_list("code", flat=True))

    for table in TABLES:
        if issubclass(table.model, models.Model) and table.model is not Source:
            for row in table.model.objects.all():
                assert set(row.source_codes) <= known


def test_command_says_what_it_did_and_what_it_kept(capsys):
    call_command("load_domain")
    Role.objects.filter(code="reception").update(label="Our desk")

    call_command("load_domain")

    printed = capsys.readouterr().out
    assert "scope_rules.csv: 144 rows, 144 new, 0 changed" in printed
    assert (
        "Kept roles.csv reception label: here 'Our desk', shipped "
        "'Front desk (no clinical scope)'" in printed
    )


def test_command_fails_with_a_sentence(folder):
    edit(folder, "scope_rules.csv", RULE, role="wizard")

    with pytest.raises(CommandError, match=r"line 2.*Nothing was loaded"):
        call_command("load_domain", data=folder)
