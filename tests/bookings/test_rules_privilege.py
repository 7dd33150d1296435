"""What the clinic grants narrows scope and never widens it; areas narrow it, too."""

from datetime import timedelta

import pytest

from clinic.models import Role
from tests import factories, worlds
from tests.worlds import MONDAY, course, licence, paper
from treatments.areas import PlannedArea
from treatments.models import BodyArea, Privilege, TreatmentVariant

pytestmark = pytest.mark.django_db

PT = "physical_therapist"


@pytest.fixture(autouse=True)
def _shipped():
    worlds.load_shipped()


def pt(where, **fields):
    return licence("physical_therapist", where, **fields)


@pytest.fixture
def dermatologist():
    where = worlds.place("US-UT")
    who = worlds.somebody(
        "dermatologist",
        where,
        licence("dermatologist", "US-UT"),
        paper("device_training"),
    )
    return who, where


def test_a_privilege_may_be_for_another_place_another_time_or_less_deep(dermatologist):
    who, where = dermatologist
    granted = Privilege.objects.filter(practitioner=who)
    elsewhere = worlds.place("US-AZ", "America/Phoenix")

    def why():
        return worlds.why("mn_face_05", where, who)

    assert why() == set()
    granted.update(max_depth_mm="0.5")
    assert why() == set()
    granted.update(max_depth_mm="0.4")
    assert why() == {"DEPTH_OVER_PRIVILEGE"}
    granted.update(max_depth_mm=None, location=elsewhere)
    assert why() == {"NO_PRIVILEGE"}
    granted.update(location=where, valid_until=MONDAY)
    assert why() == set()
    granted.update(valid_until=MONDAY - timedelta(days=1))
    assert why() == {"PRIVILEGE_NOT_VALID_ON_DATE"}
    granted.update(valid_until=None, valid_from=MONDAY)
    assert why() == set()
    granted.update(valid_from=MONDAY + timedelta(days=1))
    assert why() == {"PRIVILEGE_NOT_VALID_ON_DATE"}
    granted.delete()
    assert why() == {"NO_PRIVILEGE"}


def test_of_several_privileges_one_will_do(dermatologist):
    who, where = dermatologist
    Privilege.objects.filter(practitioner=who).update(max_depth_mm="0.3")
    factories.PrivilegeFactory(
        practitioner=who,
        variant=TreatmentVariant.objects.get(code="mn_face_05"),
        max_depth_mm="0.5",
    )

    assert worlds.why("mn_face_05", where, who) == set()


@pytest.mark.parametrize(
    ("variant", "areas", "expected"),
    [
        ("mn_face_05", [PlannedArea("cheeks", "left")], set()),
        ("mn_face_05", [PlannedArea("nose")], set()),
        ("mn_face_05", [PlannedArea("neck")], {"AREA_NOT_IN_VARIANT"}),
        (
            "mn_face_05",
            [PlannedArea("within_orbital_rim", "left")],
            {"AREA_NOT_IN_VARIANT", "AREA_NEVER_TREATED", "DEPTH_OVER_AREA"},
        ),
        ("mn_face_05", [PlannedArea("nose", "left")], {"AREA_SIDE_UNKNOWN"}),
    ],
)
def test_areas_keep_to_the_variant_and_to_what_is_never_treated(
    dermatologist, variant, areas, expected
):
    who, where = dermatologist

    assert worlds.why(variant, where, who, areas=areas) == expected


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        (PlannedArea("rhomboids", "left"), set()),
        (PlannedArea("rhomboids"), set()),  # both sides are meant
        (PlannedArea("nose"), {"AREA_NOT_FOR_TREATMENT"}),
        (PlannedArea("navel"), {"AREA_NEVER_TREATED"}),
        (PlannedArea("body"), {"AREA_TOO_WIDE"}),
    ],
)
def test_muscles_are_needled_and_skin_is_not(area, expected):
    where = worlds.place("US-UT")
    who = worlds.somebody(PT, where, pt("US-UT"), course(60))

    assert worlds.why("dn_first", where, who, areas=[area]) == expected


def test_a_space_after_a_comma_in_a_variants_areas_means_nothing(dermatologist):
    who, where = dermatologist
    TreatmentVariant.objects.filter(code="mn_face_05").update(
        default_areas="nose, cheeks ,"
    )

    assert worlds.why("mn_face_05", where, who) == set()
    planned = worlds.asked("mn_face_05", where).areas
    assert [area.code for area in planned] == ["nose", "cheeks"]


def test_a_withdrawn_area_or_role_is_not_treated(dermatologist):
    who, where = dermatologist
    nose = [PlannedArea("nose")]

    BodyArea.objects.filter(code="nose").update(review_state="withdrawn")
    assert worlds.why("mn_face_05", where, who, areas=nose) == {
        "AREA_NOT_FOR_TREATMENT"
    }
    BodyArea.objects.update(review_state="sample")
    Role.objects.filter(code="dermatologist").update(review_state="withdrawn")
    assert worlds.why("mn_face_05", where, who, areas=nose) == {"ROLE_NOT_HELD"}
