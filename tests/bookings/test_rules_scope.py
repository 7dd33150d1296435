"""Who may do what, through the doors: shipped rules, real rows, list, why and book."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from bookings import actions, slots
from bookings.models import Appointment, AvailableTime
from clinic.models import CredentialKind, Role
from tests import factories, worlds
from tests.worlds import MONDAY, MONDAY_10, NOW, course, licence, paper
from treatments.areas import PlannedArea
from treatments.models import ScopeOfPractice, TreatmentVariant

pytestmark = pytest.mark.django_db

PT, DC, AE, ME = (
    "physical_therapist",
    "chiropractor",
    "aesthetician",
    "master_aesthetician",
)
NEEDLING = ("microneedling", "rf_microneedling", "prp_microneedling")


@pytest.fixture(autouse=True)
def _shipped():
    worlds.load_shipped()


def pt(where, **fields):
    return licence(PT, where, **fields)


def florida(sessions):
    training = course(50, in_person_hours=50, supervised_sessions=sessions)
    return [pt("US-FL", valid_from=date(2023, 2, 2)), training]


# Section 4.6 of the domain notes: role, place, papers, variant, more, the answer.
CASES = {
    "not allowed": (PT, "US-CA", [pt("US-CA")], "dn_first", {}, {"SCOPE_NOT_ALLOWED"}),
    "silent": (PT, "US-MI", [pt("US-MI")], "dn_first", {}, {"SCOPE_SILENT"}),
    "one session short": (
        *(PT, "US-FL", florida(24), "dn_first", {}),
        {"SUPERVISED_SESSIONS_SHORT"},
    ),
    "enough sessions": (PT, "US-FL", florida(25), "dn_first", {}, set()),
    "the licence ends the day before": (
        PT,
        "US-WA",
        [
            pt("US-WA", valid_until=MONDAY - timedelta(days=1)),
            paper("wa_imn_endorsement", jurisdiction="US-WA"),
            course(325, supervised_sessions=150),
        ],
        "dn_first",
        {},
        {"CREDENTIAL_NOT_VALID_ON_DATE", "YEARS_LICENSED_SHORT"},
    ),
    "the clinic's floor": (
        PT,
        "US-UT",
        [pt("US-UT"), course(53)],
        "dn_first",
        {},
        {"CLINIC_FLOOR_HOURS_SHORT"},
    ),
    "unknown": (
        *(DC, "US-CO", [licence(DC, "US-CO"), course(99)], "dn_first", {}),
        {"SCOPE_UNKNOWN"},
    ),
    "a master to 1.5 mm": (
        *(ME, "US-UT", [licence(ME, "US-UT")], "mn_face_scars_15", {}),
        set(),
    ),
    "a master to 1.6 mm": (
        *(
            ME,
            "US-UT",
            [licence(ME, "US-UT")],
            "mn_face_scars_15",
            {"depth_mm": Decimal("1.6")},
        ),
        {"AGREEMENT_REQUIRED", "SUPERVISION_REQUIRED", "DEPTH_OVER_VARIANT"},
    ),
    "every row has a lower cap": (
        AE,
        "US-AZ",
        [licence(AE, "US-AZ"), paper("mn_course", specific_hours=75)],
        "mn_face_10",
        {"depth_mm": Decimal("0.6")},
        {"OUTSIDE_SCOPE"},
    ),
    "at the cap": (
        AE,
        "US-AZ",
        [licence(AE, "US-AZ"), paper("mn_course", specific_hours=75)],
        "mn_face_05",
        {},
        set(),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_case_of_the_domain_notes_is_answered_alike_by_every_door(case):
    role, jurisdiction, papers, variant, more, expected = CASES[case]
    where = worlds.place(jurisdiction)
    who = worlds.somebody(role, where, *papers)
    question = worlds.asked(
        variant, where, who, patient=factories.PatientFactory(), **more
    )

    found = slots.why_not(question, at=MONDAY_10, now=NOW)
    assert worlds.codes(found) == expected
    offered = [start.hour for start in worlds.starts(question, MONDAY)]
    assert (10 in offered) == (not expected)
    if expected:
        with pytest.raises(actions.NotBookable) as refusal:
            actions.book(asked=question, at=MONDAY_10, by=None, now=NOW)
        assert worlds.codes(refusal.value.findings) == expected
    else:
        made = actions.book(asked=question, at=MONDAY_10, by=None, now=NOW)
        assert made.allowed_because["rule"]["rule_id"]


# The heart.

DATES = [date(2025, 6, 1), MONDAY, date(2031, 1, 1)]  # licences run from 2020 to 2030
PLACES = [
    ("US-UT", "America/Denver"),
    ("US-AZ", "America/Phoenix"),
    ("US-FL", "America/New_York"),
    ("GB-SCT", "Europe/London"),
]


def laden(role, where):
    """Somebody with every paper there is, each for as much as anybody asks."""
    kinds = [row.code for row in worlds.shipped(CredentialKind)]
    return [
        paper(
            kind,
            role=role,
            jurisdiction=where,
            valid_from=date(2020, 1, 1),
            valid_until=date(2030, 12, 31),
            foundation_hours=500,
            specific_hours=500,
            in_person_hours=500,
            supervised_sessions=500,
        )
        for kind in kinds
    ]


@pytest.mark.parametrize("day", DATES, ids=str)
@pytest.mark.parametrize(("jurisdiction", "zone"), PLACES)
@pytest.mark.parametrize(
    ("role", "treatments"), [(PT, NEEDLING), (AE, ["dry_needling"])]
)
def test_the_heart(role, treatments, jurisdiction, zone, day):
    where = worlds.place(jurisdiction, zone, horizon_days=730)
    who = worlds.somebody(role, where, *laden(role, jurisdiction))
    label = who.roles.get().role.label
    now = datetime(day.year, day.month, day.day, 1, tzinfo=UTC) - timedelta(days=3)
    at = datetime(day.year, day.month, day.day, 17, tzinfo=UTC)
    variants = TreatmentVariant.objects.filter(treatment__code__in=treatments)

    assert variants
    for variant in variants:
        for asked_for in (who, None):
            anybody = worlds.asked(variant.code, where, asked_for)
            assert slots.open_slots(anybody, first_day=day, days=7, now=now) == []
        question = worlds.asked(
            variant.code, where, who, patient=factories.PatientFactory()
        )
        findings = slots.why_not(question, at=at, now=now)
        scope = [
            f for f in findings if f.code in {"NO_SCOPE_RULE", "SCOPE_NOT_ALLOWED"}
        ]
        assert len(scope) == 1
        assert label in scope[0].message
        assert label in scope[0].desk
        with pytest.raises(actions.NotBookable) as refusal:
            actions.book(asked=question, at=at, by=None, now=now)
        assert scope[0].code in worlds.codes(refusal.value.findings)
    assert not Appointment.objects.exists()


def test_the_heart_could_be_broken():
    """The same people are offered for what they may do, so the test above can fail."""
    where = worlds.place("US-UT")
    worlds.somebody(PT, where, *laden(PT, "US-UT"), slug="pt")
    worlds.somebody(AE, where, *laden(AE, "US-UT"), slug="ae")

    assert worlds.starts(worlds.asked("dn_first", where), MONDAY)
    assert worlds.starts(worlds.asked("peel_light", where), MONDAY)
    ScopeOfPractice.objects.filter(rule_id="MN-US-PT").update(
        status="allowed", max_depth_mm=3
    )
    assert worlds.starts(worlds.asked("mn_face_05", where), MONDAY)


def test_two_roles_are_not_one_qualification():
    """A physical therapist who is an aesthetician, too, needles skin as neither here."""
    where = worlds.place("US-UT")
    who = worlds.somebody(PT, where, *laden(PT, "US-UT"), *laden(AE, "US-UT"))
    other = factories.PractitionerRoleFactory(
        practitioner=who, role=Role.objects.get(code=AE), location=where
    )
    AvailableTime.objects.create(
        role=other, weekday=0, start_time=worlds.OPENS, end_time=worlds.SHUTS
    )

    assert worlds.starts(worlds.asked("mn_face_05", where, who), MONDAY) == []
    assert worlds.starts(worlds.asked("dn_first", where, who), MONDAY)


# What a place says of itself.


def test_a_place_may_let_nurse_practitioners_work_independently():
    role = "nurse_practitioner"
    where = worlds.place("US-UT")
    who = worlds.somebody(role, where, licence(role, "US-UT"), paper("device_training"))

    assert worlds.why("mn_face_05", where, who) == {"SUPERVISION_REQUIRED"}
    type(where).objects.update(np_independent=True)
    assert worlds.why("mn_face_05", where, who) == set()


def test_a_place_has_its_own_floor_of_hours():
    where = worlds.place("US-UT")
    who = worlds.somebody(PT, where, pt("US-UT"), course(53))

    assert worlds.why("dn_first", where, who) == {"CLINIC_FLOOR_HOURS_SHORT"}
    type(where).objects.update(needling_floor_hours=53)
    assert worlds.why("dn_first", where, who) == set()


def test_a_place_holds_the_licence_that_its_law_asks_for():
    role = "registered_nurse"
    where = worlds.place("GB-SCT", "Europe/London")
    who = worlds.somebody(role, where, licence(role, "GB"))

    assert worlds.why("mn_face_05", where, who) == {"PREMISES_LICENCE_MISSING"}
    held = factories.PremisesLicenceFactory(
        location=where,
        kind=CredentialKind.objects.get(code="his_premises"),
        valid_until=MONDAY,
    )
    assert worlds.why("mn_face_05", where, who) == set()
    tomorrow = MONDAY_10 + timedelta(days=1)
    assert worlds.why("mn_face_05", where, who, at=tomorrow) == {
        "CREDENTIAL_NOT_VALID_ON_DATE"
    }
    held.location = worlds.place("US-UT")
    held.save()
    assert worlds.why("mn_face_05", where, who) == {"PREMISES_LICENCE_MISSING"}


def test_insurance_that_leaves_out_the_thorax():
    where = worlds.place("GB-ENG", "Europe/London")
    cover = paper("liability", exclusions="thorax")
    who = worlds.somebody(PT, where, licence(PT, "GB"), course(60), cover)

    def why(area):
        return worlds.why("dn_first", where, who, areas=[PlannedArea(area, "left")])

    assert why("rhomboids") == {"INSURANCE_EXCLUDES_AREA"}
    assert why("gluteus_medius") == set()
