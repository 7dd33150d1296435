"""Places abroad, what premises hold, areas and insurance, on the shipped rules."""

from copy import copy
from datetime import date

import pytest

from tests.treatments.on_paper import KINDS, asked, refused
from tests.worlds import course, licence, paper

PT, AE = "physical_therapist", "aesthetician"
DN, MN = "dry_needling", "microneedling"
DEVICE = paper("device_training")


def pt(where, **fields):
    return licence(PT, where, **fields)


# Places abroad: which credential stands for the licence, and what the premises hold.

SCOTS = "GB-SCT"
COUNCIL = paper("local_authority", jurisdiction=SCOTS)
HIS = paper("his_premises", jurisdiction=SCOTS)
NURSE = licence("registered_nurse", "GB")


def test_in_scotland_the_councils_licence_serves_held_by_person_or_premises():
    question = asked(AE, MN, SCOTS, depth="1.0")

    assert refused(question, COUNCIL) == set()
    assert refused(question, premises=[COUNCIL]) == set()
    assert refused(question, licence(AE, SCOTS)) == {"CREDENTIAL_MISSING"}


def test_in_scotland_a_nurse_needs_permitted_premises():
    question = asked("registered_nurse", MN, SCOTS, depth="2.0")

    assert refused(question, NURSE, premises=[HIS]) == set()
    assert refused(question, NURSE) == {"PREMISES_LICENCE_MISSING"}
    assert refused(question, NURSE, HIS) == {"PREMISES_LICENCE_MISSING"}
    expired = HIS.but(valid_until=date(2026, 2, 1))
    assert refused(question, NURSE, premises=[expired]) == {
        "CREDENTIAL_NOT_VALID_ON_DATE"
    }
    assert refused(question, NURSE, premises=[HIS.unverified()]) == {
        "CREDENTIAL_NOT_VERIFIED"
    }


def test_a_national_registration_serves_the_parts_of_its_country():
    question = asked(PT, DN, "GB-ENG")

    assert refused(question, licence(PT, "GB"), course(60)) == set()
    assert "CREDENTIAL_MISSING" in refused(question, licence(PT, "US"), course(60))
    assert "CREDENTIAL_MISSING" in refused(question, licence(PT, SCOTS), course(60))


def test_in_england_the_council_stands_for_licence_and_local_registration():
    question = asked(AE, MN, "GB-ENG", depth="1.0")
    council = COUNCIL.but(jurisdiction="GB-ENG")

    assert refused(question, DEVICE, premises=[council]) == set()
    assert "CREDENTIAL_MISSING" in refused(question, premises=[council])


def test_scotland_stops_short_of_one_and_a_half_millimetres():
    assert refused(asked(AE, MN, SCOTS, depth="1.49"), COUNCIL) == set()
    assert refused(asked(AE, MN, SCOTS, depth="1.5"), COUNCIL) == {"OUTSIDE_SCOPE"}


def test_in_the_capital_territory_the_activity_licence_is_the_licence():
    question = asked("massage_therapist", DN, "AU-ACT")
    activity = paper("act_icl", jurisdiction="AU-ACT")

    assert refused(question, activity, course(54)) == set()
    assert refused(question, licence("massage_therapist", "AU-ACT"), course(54)) == {
        "CREDENTIAL_MISSING"
    }


# Areas and insurance.

DERM = [licence("dermatologist", "US-UT"), DEVICE]


@pytest.mark.parametrize(
    ("depth", "areas", "expected"),
    [
        ("0.75", ["forehead"], set()),
        ("0.76", ["forehead"], {"DEPTH_OVER_AREA"}),
        ("1.5", ["cheeks", "forehead"], {"DEPTH_OVER_AREA"}),
        ("3.0", ["chest"], set()),  # an area without a cap of its own
        ("0.1", ["within_orbital_rim"], {"AREA_NEVER_TREATED", "DEPTH_OVER_AREA"}),
        ("0.1", ["genitals"], {"AREA_NEVER_TREATED"}),
    ],
)
def test_depth_keeps_to_the_cap_of_each_area(depth, areas, expected):
    question = asked("dermatologist", MN, "US-UT", depth=depth, areas=areas)

    assert refused(question, *DERM) == expected


@pytest.mark.parametrize("treatment", ["rf_microneedling", "prp_microneedling"])
def test_the_caps_of_areas_hold_for_the_other_needling_of_the_skin(treatment):
    question = asked("dermatologist", treatment, "US-UT", depth="1.0", areas=["nose"])

    assert refused(question, *DERM) == {"DEPTH_OVER_AREA"}


def test_an_area_never_treated_is_never_treated_by_dry_needling_either():
    papers = [pt("US-UT"), course(60)]

    assert refused(asked(PT, DN, "US-UT", areas=["navel"]), *papers) == {
        "AREA_NEVER_TREATED"
    }
    assert refused(asked(PT, DN, "US-UT", areas=["chest"]), *papers) == set()


@pytest.mark.parametrize(
    ("covers", "expected"),
    [
        ([], set()),
        ([paper("liability")], set()),
        ([paper("liability", exclusions="thorax")], {"INSURANCE_EXCLUDES_AREA"}),
        (
            [paper("liability", exclusions="pelvis, thorax")],
            {"INSURANCE_EXCLUDES_AREA"},
        ),
        ([paper("liability", exclusions="pelvis")], set()),
        ([paper("liability", exclusions="thorax"), paper("liability")], set()),
        (
            [
                paper("liability", exclusions="thorax"),
                paper("liability", valid_until=date(2026, 2, 1)),
            ],
            {"INSURANCE_EXCLUDES_AREA"},
        ),
        (
            [
                paper("liability", exclusions="thorax"),
                paper("liability").unverified(),
            ],
            {"INSURANCE_EXCLUDES_AREA"},
        ),
    ],
)
def test_what_the_insurance_leaves_out_is_not_treated(covers, expected):
    papers = [pt("GB"), course(60)]
    question = asked(PT, DN, "GB-ENG", areas=["rhomboids"])

    assert refused(question, *papers, *covers) == expected


@pytest.mark.parametrize(
    ("field", "value"), [("treatments", MN), ("review_state", "withdrawn")]
)
def test_only_cover_for_the_treatment_lifts_what_another_leaves_out(
    monkeypatch, field, value
):
    other = copy(KINDS["liability"])
    setattr(other, field, value)
    monkeypatch.setitem(KINDS, "other", other)
    papers = [pt("GB"), course(60), paper("liability", exclusions="thorax")]
    question = asked(PT, DN, "GB-ENG", areas=["rhomboids"])

    assert refused(question, *papers, paper("liability")) == set()
    assert refused(question, *papers, paper("other")) == {"INSURANCE_EXCLUDES_AREA"}
