"""Papers count on their days, and years licensed from the first of an unbroken run."""

from datetime import date

import pytest

from tests.treatments.on_paper import DAY, asked, refused
from tests.worlds import course, licence, paper

PT, DC, DN = "physical_therapist", "chiropractor", "dry_needling"
THREE_YEARS = date(2023, 2, 2)


def pt(where, **fields):
    return licence(PT, where, **fields)


def florida(sessions, *, hours=50, in_person=50, since=THREE_YEARS):
    training = course(hours, in_person_hours=in_person, supervised_sessions=sessions)
    return pt("US-FL", valid_from=since), training


WASHINGTON = asked(PT, DN, "US-WA")
ENDORSED = paper("wa_imn_endorsement", jurisdiction="US-WA")


def washington(until):
    training = course(325, supervised_sessions=150, foundation_hours=100)
    return [pt("US-WA", valid_until=until), ENDORSED, training]


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (date(2026, 2, 1), {"CREDENTIAL_NOT_VALID_ON_DATE", "YEARS_LICENSED_SHORT"}),
        (DAY, set()),
    ],
)
def test_a_licence_counts_to_its_last_day(until, expected):
    assert refused(WASHINGTON, *washington(until)) == expected


def test_a_licence_does_not_count_before_its_first_day():
    papers = [pt("US-UT", valid_from=date(2026, 2, 3)), course(60)]

    assert refused(asked(PT, DN, "US-UT"), *papers) == {"CREDENTIAL_NOT_VALID_ON_DATE"}


@pytest.mark.parametrize(
    ("renewed_on", "expected"),
    [(date(2025, 1, 1), set()), (date(2025, 1, 2), {"YEARS_LICENSED_SHORT"})],
    ids=["without a gap", "a day's gap"],
)
def test_years_count_from_the_first_of_unbroken_licences(renewed_on, expected):
    _, training = florida(25)
    first = pt("US-FL", valid_from=date(2020, 1, 1), valid_until=date(2024, 12, 31))
    renewal = pt("US-FL", valid_from=renewed_on)

    assert refused(asked(PT, DN, "US-FL"), first, renewal, training) == expected


def test_years_in_another_role_or_place_do_not_count():
    lately, training = florida(25, since=date(2025, 6, 1))
    elsewhere = pt("US-UT", valid_from=date(2010, 1, 1))
    other_role = licence(DC, "US-FL", valid_from=date(2010, 1, 1))

    found = refused(asked(PT, DN, "US-FL"), lately, elsewhere, other_role, training)

    assert found == {"YEARS_LICENSED_SHORT"}


def test_an_unverified_first_licence_does_not_count_for_the_years():
    _, training = florida(25)
    first = pt("US-FL", valid_until=date(2024, 12, 31)).unverified()
    renewal = pt("US-FL", valid_from=date(2025, 1, 1))

    found = refused(asked(PT, DN, "US-FL"), first, renewal, training)

    assert found == {"YEARS_LICENSED_SHORT"}
