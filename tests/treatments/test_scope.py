"""Section 4.1 of the domain notes, case by case, on the shipped rules."""

from datetime import date

import pytest

from tests.treatments.on_paper import (
    asked,
    refused,
)
from tests.worlds import course, licence, paper

PT, DC, AE, ME = (
    "physical_therapist",
    "chiropractor",
    "aesthetician",
    "master_aesthetician",
)
DN, MN = "dry_needling", "microneedling"
DEVICE = paper("device_training")
THREE_YEARS = date(2023, 2, 2)


def pt(where, **fields):
    return licence(PT, where, **fields)


def florida(sessions, *, hours=50, in_person=50, since=THREE_YEARS):
    training = course(hours, in_person_hours=in_person, supervised_sessions=sessions)
    return pt("US-FL", valid_from=since), training


CASES = [
    # The table of section 4.6.
    ("not_allowed", asked(PT, DN, "US-CA"), [pt("US-CA")], {"SCOPE_NOT_ALLOWED"}),
    ("silent", asked(PT, DN, "US-MI"), [pt("US-MI")], {"SCOPE_SILENT"}),
    (
        "one session short",
        asked(PT, DN, "US-FL"),
        florida(24),
        {"SUPERVISED_SESSIONS_SHORT"},
    ),
    ("all of Florida's", asked(PT, DN, "US-FL"), florida(25), set()),
    (
        "the clinic's floor",
        asked(PT, DN, "US-UT"),
        [pt("US-UT"), course(53)],
        {"CLINIC_FLOOR_HOURS_SHORT"},
    ),
    (
        "unknown",
        asked(DC, DN, "US-CO"),
        [licence(DC, "US-CO"), course(200)],
        {"SCOPE_UNKNOWN"},
    ),
    (
        "to the master's depth",
        asked(ME, MN, "US-UT", depth="1.5"),
        [licence(ME, "US-UT")],
        set(),
    ),
    (
        "deeper under supervision",
        asked(ME, MN, "US-UT", depth="1.6"),
        [licence(ME, "US-UT")],
        {"AGREEMENT_REQUIRED", "SUPERVISION_REQUIRED"},
    ),
    (
        "every row has a lower cap",
        asked(AE, MN, "US-AZ", depth="0.6"),
        [licence(AE, "US-AZ"), paper("mn_course", specific_hours=75)],
        {"OUTSIDE_SCOPE"},
    ),
    # Others of the same kind.
    (
        "a licence filed by a country that gives none",
        asked(PT, DN, "US-UT"),
        [pt("US"), course(60)],
        {"CREDENTIAL_MISSING"},
    ),
    (
        "hours shown by what is no course of this rule",
        asked(AE, MN, "US-AZ", depth="0.5"),
        [
            licence(AE, "US-AZ"),
            paper("mn_course", specific_hours=1),
            paper("device_training", specific_hours=74),
        ],
        {"SPECIFIC_HOURS_SHORT"},
    ),
    (
        "an examination teaches no hours",
        asked(PT, DN, "US-AZ"),
        [pt("US-AZ"), course(1), paper("dn_exam", specific_hours=100)],
        {"SPECIFIC_HOURS_SHORT"},
    ),
    (
        "a talk, whatever the cover leaves out",
        asked(PT, "consultation_msk", "US-FL", areas=["upper_back"], is_talk=True),
        [pt("US-FL"), paper("liability", exclusions="thorax")],
        set(),
    ),
    (
        "needles where the cover leaves them out",
        asked(PT, DN, "US-FL", areas=["upper_back"]),
        [*florida(25), paper("liability", exclusions="Thorax")],
        {"INSURANCE_EXCLUDES_AREA"},
    ),
    ("floor met", asked(PT, DN, "US-UT"), [pt("US-UT"), course(54)], set()),
    (
        "hours from two courses",
        asked(PT, DN, "US-UT"),
        [pt("US-UT"), course(27), course(27)],
        set(),
    ),
    (
        "a hair short",
        asked(PT, DN, "US-UT"),
        [pt("US-UT"), course("53.9")],
        {"CLINIC_FLOOR_HOURS_SHORT"},
    ),
    (
        "in-person hours short",
        asked(PT, DN, "US-FL"),
        florida(25, in_person=49),
        {"IN_PERSON_HOURS_SHORT"},
    ),
    (
        "hours short",
        asked(PT, DN, "US-FL"),
        florida(25, hours=49, in_person=50),
        {"SPECIFIC_HOURS_SHORT"},
    ),
    (
        "a day short of two years",
        asked(PT, DN, "US-FL"),
        florida(25, since=date(2024, 2, 3)),
        {"YEARS_LICENSED_SHORT"},
    ),
    (
        "two years to the day",
        asked(PT, DN, "US-FL"),
        florida(25, since=date(2024, 2, 2)),
        set(),
    ),
    (
        "Utah's hours in Arizona, 24",
        asked(PT, DN, "US-AZ"),
        [pt("US-AZ"), course(24)],
        set(),
    ),
    (
        "Arizona asks for a course, too",
        asked(PT, DN, "US-AZ"),
        [pt("US-AZ")],
        {"CREDENTIAL_MISSING", "SPECIFIC_HOURS_SHORT"},
    ),
    (
        "the licence of another state",
        asked(PT, DN, "US-UT"),
        [pt("US-AZ"), course(60)],
        {"CREDENTIAL_MISSING"},
    ),
    (
        "the licence of another role",
        asked(PT, DN, "US-UT"),
        [licence(DC, "US-UT"), course(60)],
        {"CREDENTIAL_MISSING"},
    ),
    (
        "a licence that names no role",
        asked(PT, DN, "US-UT"),
        [pt("US-UT").but(role=None), course(60)],
        {"CREDENTIAL_MISSING"},
    ),
    (
        "a licence that names no place",
        asked(PT, DN, "US-UT"),
        [pt(""), course(60)],
        {"CREDENTIAL_MISSING"},
    ),
    (
        "a licence of another country",
        asked(PT, DN, "US-UT"),
        [pt("GB"), course(60)],
        {"CREDENTIAL_MISSING"},
    ),
    (
        "a licence not verified",
        asked(PT, DN, "US-UT"),
        [pt("US-UT").unverified(), course(60)],
        {"CREDENTIAL_NOT_VERIFIED"},
    ),
    (
        "a course not verified counts no hours",
        asked(PT, DN, "US-UT"),
        [pt("US-UT"), course(60).unverified()],
        {"CLINIC_FLOOR_HOURS_SHORT"},
    ),
    (
        "a course for another treatment counts no hours",
        asked(PT, DN, "US-UT"),
        [pt("US-UT"), paper("mn_course", specific_hours=75)],
        {"CLINIC_FLOOR_HOURS_SHORT"},
    ),
    (
        "a master's licence is not the plain one",
        asked(AE, MN, "US-AZ", depth="0.5"),
        [licence(ME, "US-AZ"), paper("mn_course", specific_hours=75)],
        {"CREDENTIAL_MISSING"},
    ),
    (
        "nor the plain one the master's",
        asked(ME, MN, "US-UT", depth="1.5"),
        [licence(AE, "US-UT")],
        {"CREDENTIAL_MISSING"},
    ),
    (
        "an aesthetician at the cap of Arizona",
        asked(AE, MN, "US-AZ", depth="0.5"),
        [licence(AE, "US-AZ"), paper("mn_course", specific_hours=75)],
        set(),
    ),
    (
        "an hour short in Arizona",
        asked(AE, MN, "US-AZ", depth="0.5"),
        [licence(AE, "US-AZ"), paper("mn_course", specific_hours=74)],
        {"SPECIFIC_HOURS_SHORT"},
    ),
    (
        "a beauty diploma meets nothing",
        asked(AE, MN, "US-AZ", depth="0.5"),
        [licence(AE, "US-AZ"), paper("beauty_diploma", specific_hours=75)],
        {"CREDENTIAL_MISSING", "SPECIFIC_HOURS_SHORT"},
    ),
    (
        "an aesthetician in Utah",
        asked(AE, MN, "US-UT", depth="0.25"),
        [licence(AE, "US-UT"), paper("mn_course", specific_hours=75)],
        {"SCOPE_NOT_ALLOWED"},
    ),
    (
        "deeper than every row of Utah",
        asked(ME, MN, "US-UT", depth="2.6"),
        [licence(ME, "US-UT")],
        {"OUTSIDE_SCOPE"},
    ),
    (
        "no depth planned",
        asked(ME, MN, "US-UT"),
        [licence(ME, "US-UT")],
        {"DEPTH_UNKNOWN"},
    ),
    (
        "the country's row where the state has none",
        asked(PT, MN, "US-UT", depth="0.5"),
        [pt("US-UT"), DEVICE],
        {"SCOPE_NOT_ALLOWED"},
    ),
    (
        "the row for everywhere",
        asked(AE, DN, "US-UT"),
        [licence(AE, "US-UT"), course(500)],
        {"SCOPE_NOT_ALLOWED"},
    ),
    (
        "the row for everywhere allows",
        asked("dermatologist", MN, "US-UT", depth="1.5"),
        [licence("dermatologist", "US-UT"), DEVICE],
        set(),
    ),
    (
        "but not without the training",
        asked("dermatologist", MN, "US-UT", depth="1.5"),
        [licence("dermatologist", "US-UT")],
        {"CREDENTIAL_MISSING"},
    ),
    (
        "no row",
        asked("registered_nurse", DN, "US-UT"),
        [licence("registered_nurse", "US-UT"), course(500)],
        {"NO_SCOPE_RULE"},
    ),
    (
        "the front desk",
        asked("reception", DN, "US-UT"),
        [],
        {"NO_SCOPE_RULE"},
    ),
    (
        "an assistant",
        asked("physical_therapist_assistant", DN, "US-UT"),
        [licence("physical_therapist_assistant", "US-UT"), course(500)],
        {"SCOPE_NOT_ALLOWED"},
    ),
    (
        "a nurse's agreement, supervisor and order",
        asked("registered_nurse", MN, "US-UT", depth="0.5"),
        [licence("registered_nurse", "US-UT"), DEVICE],
        {"AGREEMENT_REQUIRED", "SUPERVISION_REQUIRED", "ORDER_REQUIRED"},
    ),
    (
        "a nurse practitioner needs a supervisor",
        asked("nurse_practitioner", MN, "US-UT", depth="0.5"),
        [licence("nurse_practitioner", "US-UT"), DEVICE],
        {"SUPERVISION_REQUIRED"},
    ),
    (
        "unless the place lets them work independently",
        asked("nurse_practitioner", MN, "US-UT", depth="0.5", np_independent=True),
        [licence("nurse_practitioner", "US-UT"), DEVICE],
        set(),
    ),
    (
        "a physician assistant is not a nurse practitioner",
        asked("physician_assistant", MN, "US-UT", depth="0.5", np_independent=True),
        [licence("physician_assistant", "US-UT"), DEVICE],
        {"SUPERVISION_REQUIRED"},
    ),
    (
        "a referral in Virginia",
        asked(PT, DN, "US-VA"),
        [pt("US-VA"), course(60), paper("dn_exam")],
        {"REFERRAL_REQUIRED"},
    ),
    (
        "a duty to tell the physician blocks nothing in New Jersey",
        asked(PT, DN, "US-NJ"),
        [
            pt("US-NJ"),
            paper("cpr"),
            course(40, in_person_hours=40, foundation_hours=40),
        ],
        set(),
    ),
    (
        "Washington's endorsement",
        asked(PT, DN, "US-WA"),
        [pt("US-WA"), course(325, supervised_sessions=150)],
        {"CREDENTIAL_MISSING"},
    ),
    ("a consultation", asked(PT, "consultation_msk", "US-CA"), [pt("US-CA")], set()),
    (
        "a consultation without a licence",
        asked(PT, "consultation_msk", "US-CA"),
        [],
        {"CREDENTIAL_MISSING"},
    ),
]


@pytest.mark.parametrize(
    ("question", "papers", "expected"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_the_shipped_rules_answer(question, papers, expected):
    assert refused(question, *papers) == expected
