"""Why a booking was allowed, in words, for those who may read it."""

import pytest

from bookings.views.because import because
from tests import factories

pytestmark = pytest.mark.django_db

KEPT = {
    "role": "physical_therapist",
    "jurisdiction": "US-UT",
    "rule": {
        "rule_id": "DN-US-UT-PT",
        "status": "allowed_with_conditions",
        "other_conditions": "A plan of care",
        "source": "PPHC26",
        "confidence": "medium",
        "review_state": "sample",
    },
    "papers": [
        {
            "kind": "dn_course",
            "number": "C-7",
            "jurisdiction": "US-UT",
            "specific_hours": "60.0",
            "in_person_hours": "27.5",
            "valid_until": "2027-03-31",
            "verified_on": "2026-08-24",
        }
    ],
    "supervision": {"agreement": 4, "supervisor": "james", "valid_until": None},
    "orders": [
        {
            "order": 9,
            "kind": "order",
            "prescriber": "Dr. Far Away",
            "standing": True,
            "valid_until": "2027-01-01",
        }
    ],
}


@pytest.fixture
def on_file():
    factories.RoleFactory(code="physical_therapist", label="Physical therapist")
    factories.CredentialKindFactory(code="dn_course", label="Dry needling course")
    factories.SourceFactory(code="PPHC26", what="A summary of the law")
    factories.PractitionerFactory(slug="james", name="Dr. James Whitfield")


def told(kept):
    made = factories.AppointmentFactory.build(allowed_because=kept)
    return {
        reason.heading: [line.words for line in reason.lines]
        for reason in because(made)
    }


def test_words_stand_for_codes(on_file):
    assert told(KEPT) == {
        "Role": ["Physical therapist"],
        "Rule": [
            "Allowed with conditions, by the rule for US-UT.",
            "Sample, not yet reviewed. Confidence: medium.",
            "Source: A summary of the law",
        ],
        "What the rule asks besides": ["A plan of care"],
        "Papers": [
            "Dry needling course, US-UT, 60 hours for this treatment, 27.5 of these "
            "hours in person, valid to March 31, 2027, verified on August 24, 2026"
        ],
        "Supervision": ["Under Dr. James Whitfield, by a supervision agreement"],
        "Orders": ["Order, standing, by Dr. Far Away, valid to January 1, 2027"],
    }


def test_codes_that_nobody_knows_any_more_are_read_as_words():
    found = told(KEPT)

    assert found["Role"] == ["Physical therapist"]
    assert found["Papers"][0].startswith("Dn course, US-UT, 60 hours")
    assert found["Rule"][-1] == "Source: PPHC26"
    assert found["Supervision"] == ["Under james, by a supervision agreement"]


@pytest.mark.parametrize("kept", [{}, {"papers": [], "rule": None}])
def test_nothing_kept_is_nothing_told(kept):
    assert told(kept) == {}


def test_the_desk_reads_words_with_the_codes_beside(desk, on_file):
    made = factories.AppointmentFactory(allowed_because=KEPT)

    page = desk.get(made.get_absolute_url()).content.decode()

    assert "Why this booking was allowed" in page
    assert "Allowed with conditions, by the rule for US-UT." in page
    assert '<small class="codes">DN-US-UT-PT</small>' in page
    assert '<small class="codes">dn_course C-7</small>' in page
