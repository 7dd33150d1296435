"""Each column of the scope rules that decides: change it, and the answer changes."""

import copy
from dataclasses import replace
from datetime import date

import pytest

from clinic.models import Sourced
from tests.treatments.on_paper import DAY, RULES, TOKENS, asked, refused
from tests.worlds import course, licence, paper
from treatments.models import ScopeOfPractice

PT, ME, DN, MN = (
    "physical_therapist",
    "master_aesthetician",
    "dry_needling",
    "microneedling",
)

FLORIDA = asked(PT, DN, "US-FL")
FLORIDIAN = [
    licence(PT, "US-FL", valid_from=date(2023, 2, 2)),
    course(50, foundation_hours=20, in_person_hours=50, supervised_sessions=25),
]
UTAH = asked(ME, MN, "US-UT", depth="1.5")
MASTER = [licence(ME, "US-UT")]

# What else decides, or why a column may not.
DECIDES_NOTHING = {
    "id": "the row's number",
    "rule_id": "the row's name; says who decided",
    "depth_basis": "says whether a cap may be shown as law, not whether it holds",
    "delegable": "whether its holder may answer for others: see test_rules_supervision",
    "written_consent": "a missing consent stops the session, not the booking",
    "other_conditions": "text for the person who grants a privilege",
    "source": "where the row comes from",
    "confidence": "how sure the row is",
    "reviewed_by": "who reviewed it; the state it was given decides",
    "reviewed_on": "when that was",
    "shipped": "what the loader last wrote",
}

# column: (row, value, question, papers, what is then refused)
FLIPS = {
    "role": ("DN-US-FL-PT", "chiropractor", FLORIDA, FLORIDIAN, "NO_SCOPE_RULE"),
    "treatment": ("DN-US-FL-PT", "peel_medium", FLORIDA, FLORIDIAN, "NO_SCOPE_RULE"),
    "jurisdiction": ("DN-US-FL-PT", "US-GA", FLORIDA, FLORIDIAN, "NO_SCOPE_RULE"),
    "status": ("DN-US-FL-PT", "silent", FLORIDA, FLORIDIAN, "SCOPE_SILENT"),
    "credential_kind": (
        "DN-US-FL-PT",
        "licence+course+exam",
        FLORIDA,
        FLORIDIAN,
        "CREDENTIAL_MISSING",
    ),
    "min_foundation_hours": (
        "DN-US-FL-PT",
        21,
        FLORIDA,
        FLORIDIAN,
        "FOUNDATION_HOURS_SHORT",
    ),
    "min_specific_hours": (
        "DN-US-FL-PT",
        51,
        FLORIDA,
        FLORIDIAN,
        "SPECIFIC_HOURS_SHORT",
    ),
    "min_in_person_hours": (
        "DN-US-FL-PT",
        51,
        FLORIDA,
        FLORIDIAN,
        "IN_PERSON_HOURS_SHORT",
    ),
    "min_supervised_sessions": (
        "DN-US-FL-PT",
        26,
        FLORIDA,
        FLORIDIAN,
        "SUPERVISED_SESSIONS_SHORT",
    ),
    "min_years_licensed": (
        "DN-US-FL-PT",
        4,
        FLORIDA,
        FLORIDIAN,
        "YEARS_LICENSED_SHORT",
    ),
    "max_depth_mm": ("MN-US-UT-ME", None, UTAH, MASTER, "SUPERVISION_REQUIRED"),
    "supervision": (
        "DN-US-FL-PT",
        "direct",
        FLORIDA,
        FLORIDIAN,
        "SUPERVISION_REQUIRED",
    ),
    "referral_or_order": ("DN-US-FL-PT", "order", FLORIDA, FLORIDIAN, "ORDER_REQUIRED"),
    "effective_from": (
        "DN-US-FL-PT",
        date(2026, 2, 3),
        FLORIDA,
        FLORIDIAN,
        "NO_SCOPE_RULE",
    ),
    "effective_until": (
        "DN-US-FL-PT",
        date(2026, 2, 1),
        FLORIDA,
        FLORIDIAN,
        "NO_SCOPE_RULE",
    ),
    "review_state": ("DN-US-FL-PT", "withdrawn", FLORIDA, FLORIDIAN, "NO_SCOPE_RULE"),
}


def changed(rule_id, **values):
    """The shipped rules with one row changed."""
    rules = []
    for row in RULES:
        if row.rule_id == rule_id:
            row = copy.copy(row)
            for name, value in values.items():
                setattr(row, name, value)
        rules.append(row)
    return rules


@pytest.mark.parametrize("column", FLIPS)
def test_a_column_that_decides_flips_the_answer(column):
    rule_id, value, question, papers, code = FLIPS[column]

    assert refused(question, *papers) == set()
    assert code in refused(question, *papers, rules=changed(rule_id, **{column: value}))


# The other way: blanked, or lowered, each opens what it closed.
OPENS = {
    "status": ("DN-US-CA-PT", "allowed", asked(PT, DN, "US-CA")),
    "min_foundation_hours": ("DN-US-IL-PT", None, asked(PT, DN, "US-IL")),
    "min_specific_hours": ("DN-US-FL-PT", None, FLORIDA),
    "min_in_person_hours": ("DN-US-FL-PT", None, FLORIDA),
    "min_supervised_sessions": ("DN-US-FL-PT", None, FLORIDA),
    "min_years_licensed": ("DN-US-FL-PT", None, FLORIDA),
    "max_depth_mm": ("MN-US-UT-ME", "1.6", asked(ME, MN, "US-UT", depth="1.6")),
    "supervision": ("MN-US-UT-ME2", "none", asked(ME, MN, "US-UT", depth="1.6")),
    "referral_or_order": ("DN-US-VA-PT", "", asked(PT, DN, "US-VA")),
    "effective_from": (
        "DN-US-FL-PT",
        None,
        FLORIDA,
    ),
    "credential_kind": ("DN-US-VA-PT", "licence", asked(PT, DN, "US-VA")),
}
CLOSED_BY = {
    "status": "SCOPE_NOT_ALLOWED",
    "min_foundation_hours": "FOUNDATION_HOURS_SHORT",
    "min_specific_hours": "SPECIFIC_HOURS_SHORT",
    "min_in_person_hours": "IN_PERSON_HOURS_SHORT",
    "min_supervised_sessions": "SUPERVISED_SESSIONS_SHORT",
    "min_years_licensed": "YEARS_LICENSED_SHORT",
    "max_depth_mm": "SUPERVISION_REQUIRED",
    "supervision": "SUPERVISION_REQUIRED",
    "referral_or_order": "REFERRAL_REQUIRED",
    "effective_from": "NO_SCOPE_RULE",
    "credential_kind": "CREDENTIAL_MISSING",
}


@pytest.mark.parametrize("column", OPENS)
def test_a_column_that_is_blanked_or_eased_lets_go(column):
    rule_id, value, question = OPENS[column]
    new = question.jurisdiction
    # Licensed for a month, one supervised session, a course without any hours.
    papers = [
        licence(question.role, new, valid_from=date(2026, 1, 2)),
        course(0, supervised_sessions=1),
    ]
    day = date(2021, 1, 1) if column == "effective_from" else DAY
    if column == "effective_from":
        papers[0] = licence(question.role, new)
    if column == "max_depth_mm":
        value = question.depth_mm

    before = refused(question, *papers, day=day)
    after = refused(
        question, *papers, day=day, rules=changed(rule_id, **{column: value})
    )

    assert CLOSED_BY[column] in before
    assert CLOSED_BY[column] not in after


def test_a_row_without_a_cap_denies_what_is_limited_by_depth():
    rules = changed("MN-US-UT-ME", max_depth_mm=None)
    rules = [row for row in rules if row.rule_id != "MN-US-UT-ME2"]

    assert refused(UTAH, *MASTER, rules=rules) == {"SCOPE_WITHOUT_CAP"}


def test_the_clinics_floor_decides_only_where_the_row_shows_no_hours():
    papers = [licence(PT, "US-UT"), course(53, foundation_hours=10)]
    question = asked(PT, DN, "US-UT")

    assert refused(question, *papers) == {"CLINIC_FLOOR_HOURS_SHORT"}
    assert refused(replace(question, floor_hours=53), *papers) == set()
    for column in ("min_foundation_hours", "min_specific_hours"):
        rules = changed("DN-US-UT-PT", **{column: 10})
        assert refused(question, *papers, rules=rules) == set()
    rules = changed("DN-US-UT-PT", status="allowed_with_conditions")
    assert refused(question, *papers, rules=rules) == {"CLINIC_FLOOR_HOURS_SHORT"}


def test_a_consultation_has_no_floor():
    question = asked(PT, "consultation_msk", "US-UT")

    assert refused(question, licence(PT, "US-UT"), paper("cpr")) == set()


def test_every_column_is_known_to_decide_or_not_to():
    columns = {field.name for field in ScopeOfPractice._meta.get_fields()}

    assert columns == {*FLIPS, *DECIDES_NOTHING}
    assert not set(FLIPS) & set(DECIDES_NOTHING)
    assert {field.name for field in Sourced._meta.get_fields()} <= columns


@pytest.mark.parametrize(
    "column", ["depth_basis", "delegable", "written_consent", "other_conditions"]
)
def test_a_column_that_decides_nothing_changes_nothing(column):
    rules = changed("DN-US-FL-PT", **{column: "anything"})

    assert refused(FLORIDA, *FLORIDIAN, rules=rules) == set()


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("min_supervised_sessions", {"SUPERVISED_SESSIONS_SHORT"}),
        ("min_in_person_hours", {"IN_PERSON_HOURS_SHORT"}),
        ("min_years", {"TOKEN_UNMAPPED"}),
    ],
)
def test_a_counter_compares_the_column_that_it_names(column, expected):
    tokens = [copy.copy(row) for row in TOKENS]
    [counter] = [row for row in tokens if row.type == "counter"]
    counter.satisfied_by = column
    rules = changed("DN-US-AZ-PT", credential_kind=f"licence+course+{counter.token}")
    papers = [licence(PT, "US-AZ"), course(30)]

    question = asked(PT, DN, "US-AZ")

    assert refused(question, *papers) == set()
    assert refused(question, *papers, rules=rules, tokens=tokens) == expected
