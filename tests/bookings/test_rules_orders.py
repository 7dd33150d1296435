"""Orders and referrals: for one patient and never for another, or standing."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bookings import actions, evaluator, slots
from bookings.timeline import to_minute
from tests import factories, worlds
from tests.worlds import MONDAY, MONDAY_10, NOW, course, licence, paper
from treatments.models import CredentialToken, ScopeOfPractice, Treatment

pytestmark = pytest.mark.django_db

NURSE, MD = "registered_nurse", "dermatologist"
DEVICE = paper("device_training")
DAY = timedelta(days=1)


@pytest.fixture
def where():
    worlds.load_shipped()
    return worlds.place()


@pytest.fixture
def over(where):
    return worlds.somebody(MD, where, licence(MD, "US-UT"), DEVICE, slug="doctor")


@pytest.fixture
def nurse(where, over):
    """All that she lacks is the order."""
    who = worlds.somebody(NURSE, where, licence(NURSE, "US-UT"), DEVICE)
    factories.SupervisionAgreementFactory(practitioner=who, supervisors=[over])
    return who


def why(where, nurse, patient=None, variant="mn_face_05", **more):
    return worlds.why(variant, where, nurse, patient=patient, **more)


def test_without_an_order_a_consultation_is_the_remedy(where, nurse):
    question = worlds.asked("mn_face_05", where, nurse)

    [finding] = slots.why_not(question, at=MONDAY_10, now=NOW)

    assert finding.code == "ORDER_REQUIRED"
    assert "consultation" in finding.remedy


def test_an_order_opens_for_its_own_patient_and_for_nobody_else(where, nurse):
    order = factories.OrderFactory()

    assert why(where, nurse, order.patient) == set()
    assert why(where, nurse, factories.PatientFactory()) == {"ORDER_REQUIRED"}
    assert why(where, nurse) == {"ORDER_REQUIRED"}


def test_list_and_booking_agree_with_it(where, nurse):
    order = factories.OrderFactory()
    hers = worlds.asked("mn_face_05", where, nurse, patient=order.patient)
    other = worlds.asked("mn_face_05", where, nurse, patient=factories.PatientFactory())

    assert worlds.starts(hers, MONDAY)
    assert worlds.starts(other, MONDAY) == []
    assert worlds.starts(worlds.asked("mn_face_05", where, nurse), MONDAY) == []
    with pytest.raises(actions.NotBookable, match="ORDER_REQUIRED"):
        actions.book(asked=other, at=MONDAY_10, by=None, now=NOW)
    made = actions.book(asked=hers, at=MONDAY_10, by=None, now=NOW)
    assert made.allowed_because["orders"] == [
        {
            "order": order.pk,
            "kind": "order",
            "prescriber": order.prescriber_outside,
            "standing": False,
            "valid_until": None,
        }
    ]
    assert made.allowed_because["supervision"]["supervisor"] == "doctor"


def test_a_standing_order_opens_for_everybody_with_that_practitioner(
    where, nurse, over
):
    other = factories.PractitionerFactory()
    factories.OrderFactory(patient=None, practitioner=other, prescriber=over)
    assert why(where, nurse) == {"ORDER_REQUIRED"}

    factories.OrderFactory(patient=None, practitioner=nurse, prescriber=over)

    assert why(where, nurse) == set()
    assert why(where, nurse, factories.PatientFactory()) == set()


def test_an_order_for_a_patient_by_another_practitioner_does_not_count(where, nurse):
    order = factories.OrderFactory(practitioner=factories.PractitionerFactory())

    assert why(where, nurse, order.patient) == {"ORDER_REQUIRED"}
    order.practitioner = nurse
    order.save()
    assert why(where, nurse, order.patient) == set()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"valid_until": MONDAY}, set()),
        ({"valid_until": MONDAY - DAY}, {"ORDER_NOT_VALID_ON_DATE"}),
        ({"valid_from": MONDAY}, set()),
        ({"valid_from": MONDAY + DAY}, {"ORDER_NOT_VALID_ON_DATE"}),
        ({"max_depth_mm": Decimal("0.5")}, set()),
        ({"max_depth_mm": Decimal("0.4")}, {"DEPTH_OVER_ORDER"}),
        ({"kind": "referral"}, {"ORDER_REQUIRED"}),
    ],
)
def test_an_order_has_limits(where, nurse, fields, expected):
    order = factories.OrderFactory(**fields)

    assert why(where, nurse, order.patient) == expected


def test_an_order_is_for_its_treatment_and_place(where, nurse):
    peel = factories.OrderFactory(
        treatment=Treatment.objects.get(code="peel_superficial")
    )
    far = factories.OrderFactory(location=worlds.place("US-AZ", "America/Phoenix"))
    here = factories.OrderFactory(location=where)

    assert why(where, nurse, peel.patient) == {"ORDER_REQUIRED"}
    assert why(where, nurse, far.patient) == {"ORDER_REQUIRED"}
    assert why(where, nurse, here.patient) == set()


def test_nobody_works_on_their_own_order(where, nurse):
    order = factories.OrderFactory(prescriber=nurse)

    assert why(where, nurse, order.patient) == {"ORDER_REQUIRED"}


def test_a_referral_is_asked_for_by_its_own_name(where):
    ScopeOfPractice.objects.filter(rule_id="DN-US-UT-PT").update(
        referral_or_order="referral"
    )
    pt = "physical_therapist"
    who = worlds.somebody(pt, where, licence(pt, "US-UT"), course(60))
    needling = Treatment.objects.get(code="dry_needling")
    order = factories.OrderFactory(treatment=needling)
    referral = factories.OrderFactory(treatment=needling, kind="referral")

    assert why(where, who, order.patient, "dn_first") == {"REFERRAL_REQUIRED"}
    assert why(where, who, referral.patient, "dn_first") == set()


def test_a_token_of_type_order_is_met_by_what_its_row_lists(where, nurse):
    ScopeOfPractice.objects.filter(rule_id="MN-US-RN").update(
        referral_or_order="", credential_kind="licence+device_training+order"
    )
    order = factories.OrderFactory()
    referral = factories.OrderFactory(kind="referral")

    assert why(where, nurse, order.patient) == set()
    assert why(where, nurse, referral.patient) == {"ORDER_REQUIRED"}
    CredentialToken.objects.filter(token="order").update(satisfied_by="order|referral")
    assert why(where, nurse, referral.patient) == set()


def test_delegated_work_asks_for_the_patients_own_order(where, nurse, over):
    ScopeOfPractice.objects.filter(rule_id="MN-US-RN").update(
        referral_or_order="", supervision="delegated"
    )
    factories.OrderFactory(patient=None, practitioner=nurse, prescriber=over)
    order = factories.OrderFactory()

    assert why(where, nurse) == {"ORDER_REQUIRED"}
    assert why(where, nurse, order.patient) == set()


def test_an_order_is_read_in_one_statement_and_only_where_one_is_needed(
    where, nurse, over, django_assert_num_queries
):
    order = factories.OrderFactory()
    hers = worlds.asked("mn_face_05", where, nurse, patient=order.patient)
    plain = worlds.asked("mn_face_05", where, over, patient=order.patient)
    slots.open_slots(hers, first_day=MONDAY, days=1, now=NOW)

    with django_assert_num_queries(2):  # claims and orders
        slots.open_slots(hers, first_day=MONDAY, days=1, now=NOW)
    with django_assert_num_queries(1):
        slots.open_slots(plain, first_day=MONDAY, days=1, now=NOW)


def test_patients_asked_about_together_each_have_their_own_orders(where, nurse):
    order = factories.OrderFactory()
    people = [order.patient, factories.PatientFactory(), None]
    minute = to_minute(MONDAY_10)
    wanteds = [
        wanted
        for patient in people
        for wanted in worlds.asked("mn_face_05", where, nurse, patient=patient).wanteds(
            minute, minute + 1
        )
    ]

    found = [
        worlds.codes(evaluator.findings_at(closures, minute))
        for closures in evaluator.ask(wanteds, NOW)
    ]

    assert found == [set(), {"ORDER_REQUIRED"}, {"ORDER_REQUIRED"}]
