"""Which row decides, and what meets its tokens."""

from datetime import date

import pytest

from tests.treatments.on_paper import DAY, KINDS, RULES, TOKENS, asked, refused, verdict
from tests.worlds import course, licence, paper
from treatments.models import CredentialToken, ScopeOfPractice

PT, DC = "physical_therapist", "chiropractor"
DN, MN = "dry_needling", "microneedling"


def pt(where, **fields):
    return licence(PT, where, **fields)


def rule(rule_id, **fields):
    given = {
        "role": PT,
        "treatment": DN,
        "jurisdiction": "US-UT",
        "status": "allowed",
        "credential_kind": "licence",
        "min_specific_hours": 0,
        **fields,
    }
    return ScopeOfPractice(rule_id=rule_id, **given)


def decided_by(rules, question=None, day=DAY):
    found = verdict(
        question or asked(PT, DN, "US-UT"), pt("US-UT"), rules=rules, day=day
    )
    return found.rule and found.rule.rule_id


def test_the_nearest_place_decides():
    rules = [
        rule("anywhere", jurisdiction="*"),
        rule("country", jurisdiction="US"),
        rule("state", jurisdiction="US-UT"),
        rule("other state", jurisdiction="US-AZ"),
        rule("other country", jurisdiction="GB"),
    ]

    assert decided_by(rules) == "state"
    assert decided_by(rules[:2]) == "country"
    assert decided_by(rules[:1]) == "anywhere"
    assert decided_by(rules[3:]) is None


def test_of_several_rows_the_smallest_cap_that_holds_the_depth_decides():
    rules = [
        rule("deep", max_depth_mm=2),
        rule("shallow", max_depth_mm=1),
        rule("none"),
    ]

    assert decided_by(rules, asked(PT, DN, "US-UT", depth="0.5")) == "shallow"
    assert decided_by(rules, asked(PT, DN, "US-UT", depth="1")) == "shallow"
    assert decided_by(rules, asked(PT, DN, "US-UT", depth="1.01")) == "deep"
    assert decided_by(rules, asked(PT, DN, "US-UT", depth="2.01")) == "none"


def test_of_rows_that_differ_in_status_only_the_strictest_decides():
    uncapped = [rule("a"), rule("b", status="not_allowed")]
    capped = [rule("a", max_depth_mm=1), rule("b", max_depth_mm=1, status="silent")]

    assert decided_by(uncapped) == "b"
    assert decided_by(capped, asked(PT, DN, "US-UT", depth="0.5")) == "b"


def test_a_row_counts_from_its_first_day_to_its_last_both_included():
    rules = [
        rule("r", effective_from=date(2026, 2, 2), effective_until=date(2026, 2, 4))
    ]
    days = {day: decided_by(rules, day=date(2026, 2, day)) for day in range(1, 6)}

    assert days == {1: None, 2: "r", 3: "r", 4: "r", 5: None}


def test_a_withdrawn_row_does_not_count():
    rules = [
        rule("state", status="not_allowed", review_state="withdrawn"),
        rule("country", jurisdiction="US"),
    ]

    assert decided_by(rules) == "country"


@pytest.mark.parametrize("status", ["", "perhaps", "Allowed", "pending_rules"])
def test_a_status_that_is_not_known_denies(status):
    assert refused(
        asked(PT, DN, "US-UT"), pt("US-UT"), rules=[rule("r", status=status)]
    )


# Tokens.


def test_an_unmapped_token_denies():
    rules = [rule("r", credential_kind="licence+a_new_paper")]

    assert refused(asked(PT, DN, "US-UT"), pt("US-UT"), rules=rules) == {
        "TOKEN_UNMAPPED"
    }


@pytest.mark.parametrize(
    "elsewhere",
    [{"roles": DC}, {"jurisdictions": "US-AZ,GB"}, {"treatments": MN}],
)
def test_a_token_mapped_for_others_only_denies(elsewhere):
    tokens = [
        *TOKENS,
        CredentialToken(
            t_id="X", token="x", type="credential", satisfied_by="cpr", **elsewhere
        ),
    ]
    rules = [rule("r", credential_kind="x")]

    found = refused(
        asked(PT, DN, "US-UT"), pt("US-UT"), paper("cpr"), rules=rules, tokens=tokens
    )

    assert found == {"TOKEN_UNMAPPED"}


def test_of_several_rows_of_a_token_the_closest_is_taken():
    def token(t_id, kind, **fields):
        given = {"type": "credential", "held_by": "practitioner", **fields}
        return CredentialToken(t_id=t_id, token="x", satisfied_by=kind, **given)

    far = token("1", "cpr")
    by_treatment = token("2", "phlebotomy", treatments=DN)
    by_country = token("3", "liability", jurisdictions="US")
    by_place = token("4", "bbp", jurisdictions="GB,US-UT")
    by_role = token("5", "dn_exam", roles=f"{DC},{PT}")
    rules = [rule("r", credential_kind="x")]
    line = [by_role, by_place, by_country, by_treatment, far]

    for index, nearest in enumerate(line):
        tokens = [*line[index:], *(row for row in TOKENS if row.token == "licence")]
        given = [paper(row.satisfied_by) for row in line[index + 1 :]]
        question = asked(PT, DN, "US-UT")
        assert refused(question, pt("US-UT"), *given, rules=rules, tokens=tokens)
        if nearest is by_treatment:
            continue  # phlebotomy is no paper for dry needling
        wanted = paper(nearest.satisfied_by)
        assert not refused(question, pt("US-UT"), wanted, rules=rules, tokens=tokens)


def test_the_licence_is_asked_for_even_where_a_row_names_no_token():
    assert refused(asked(PT, DN, "US-UT"), rules=[rule("r", credential_kind="")]) == {
        "CREDENTIAL_MISSING"
    }


def test_every_shipped_row_is_denied_to_somebody_without_papers():
    for row in RULES:
        where = row.jurisdiction if row.jurisdiction != "*" else "US-UT"
        question = asked(row.role, row.treatment, where, depth="0.1")
        assert verdict(question).refusals, row.rule_id


def test_a_count_without_a_number_asks_for_some():
    rules = [rule("r", credential_kind="supervised_sessions")]
    question = asked(PT, DN, "US-UT")

    assert refused(question, pt("US-UT"), course(60), rules=rules) == {
        "SUPERVISED_SESSIONS_SHORT"
    }
    supervised = course(60, supervised_sessions=1)
    assert refused(question, pt("US-UT"), supervised, rules=rules) == set()


def test_a_count_that_is_short_is_said_once():
    found = verdict(asked(PT, DN, "US-FL"), pt("US-FL"), course(50, in_person_hours=50))

    codes = [refusal.code for refusal in found.refusals]
    assert codes == ["SUPERVISED_SESSIONS_SHORT"]


def test_a_kind_of_paper_that_is_withdrawn_serves_nothing(monkeypatch):
    question = asked(PT, DN, "US-UT")
    papers = [pt("US-UT"), course(60)]
    assert refused(question, *papers) == set()

    monkeypatch.setattr(KINDS["dn_course"], "review_state", "withdrawn")
    assert refused(question, *papers) == {"CLINIC_FLOOR_HOURS_SHORT"}
    monkeypatch.setattr(KINDS["state_licence"], "review_state", "withdrawn")
    assert "CREDENTIAL_MISSING" in refused(question, *papers)
