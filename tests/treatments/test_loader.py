"""The loader brings the shipped rules in, and never undoes what a person did."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from clinic.models import AuditEvent, ReviewState, Role, Source
from tests.factories import UserFactory
from tests.treatments.shipped_files import edit
from tests.worlds import DATA
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

NOW = datetime(2026, 1, 5, 16, tzinfo=UTC)
LATER = datetime(2026, 3, 5, 16, tzinfo=UTC)
RULE = "DN-US-AZ-PT"

pytestmark = pytest.mark.django_db


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


def queries_of_a_load(folder):
    with CaptureQueriesContext(connection) as asked:
        loader.load(folder, now=LATER)
    return len(asked)


def test_load_asks_as_often_for_few_changes_as_for_many(folder):
    loader.load(folder, now=NOW)
    nothing_new = queries_of_a_load(folder)
    edit(folder, "scope_rules.csv", RULE, min_specific_hours="30")
    edit(folder, "treatments.csv", "dry_needling", name="Needling")
    few = queries_of_a_load(folder)
    for number, code in enumerate(Treatment.objects.values_list("code", flat=True)):
        edit(folder, "treatments.csv", code, name=f"Treatment {number}")
    for rule in ScopeOfPractice.objects.all()[:8]:
        edit(folder, "scope_rules.csv", rule.rule_id, other_conditions="Other ones")

    assert queries_of_a_load(folder) == few
    assert nothing_new <= len(TABLES) + 12  # what stands, before and after


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
