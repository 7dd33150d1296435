"""A load that cannot be done says where, and leaves everything as it was."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from clinic.models import Source
from tests.treatments.shipped_files import edit
from treatments import loader
from treatments.models import ScopeOfPractice

NOW = datetime(2026, 1, 5, 16, tzinfo=UTC)
RULE = "DN-US-AZ-PT"

pytestmark = pytest.mark.django_db

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
    ("concerns.csv", "muscle_pain", {"treatments": "cupping:limited"}, "“cupping”"),
    ("concerns.csv", "muscle_pain", {"treatments": "dry_needling"}, "says “” of"),
    ("summaries.csv", "dry_needling", {"checked_on": "spring"}, "write 2026-11-22"),
    ("variants.csv", "dn_first", {"price_usd": ""}, "price_usd"),
    ("areas.csv", "nose", {"side_applies": "maybe"}, "write yes or no"),
    ("areas.csv", "nose", {"parent": "tail"}, "“tail”"),
    ("depth_by_area.csv", "nose", {"max_mm_demo": "deep"}, "max_mm_demo is “deep”"),
    ("summaries.csv", "dry_needling", {"code": "cupping"}, "no treatment “cupping”"),
    ("aftercare.csv", "AC-02", {"treatment": "cupping"}, "names “cupping”"),
    ("needle_flags.csv", "RF-10", {"r_id": "RF-99"}, "no sign “RF-99”"),
    ("aftercare_lasting.csv", "AC-34", {"a_id": "AC-99"}, "no advice “AC-99”"),
    ("aftercare_lasting.csv", "AC-34", {"words": "ten weeks"}, "says “ten weeks”"),
    ("aftercare_lasting.csv", "AC-34", {"days": "0"}, "lasts_days is “0”"),
    ("red_flags.csv", "RF-02", {"treatment": "dry_needling,peel"}, "peel”, not in"),
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


def test_command_fails_with_a_sentence(folder):
    edit(folder, "scope_rules.csv", RULE, role="wizard")

    with pytest.raises(CommandError, match=r"line 2.*Nothing was loaded"):
        call_command("load_domain", data=folder)


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("cupping,what_it_is,Cups.,POLICY,low", "treatment names “cupping”"),
        ("dry_needling,colour,Red.,POLICY,low", "field names “colour”"),
        ("dry_needling,what_it_is,Cups.,HEARSAY,low", "no source “HEARSAY”"),
        ("dry_needling,what_it_is,,POLICY,low", "text must not be empty"),
        ("dry_needling,,Cups.,POLICY,low", "treatment and field must not be empty"),
    ],
)
def test_load_names_the_line_of_a_text(folder, line, part):
    path = folder / "texts.csv"
    header = "treatment,field,text,source,confidence\n"
    path.write_text(f"{header}dry_needling,benefit,Some.,POLICY,low\n{line}\n")

    with pytest.raises(loader.LoadRefused, match=r"texts\.csv, line 3: ") as refused:
        loader.load(folder, now=NOW)

    assert part in str(refused.value)
    assert not Source.objects.exists()
