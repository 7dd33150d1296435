"""Papers that run out: at which days they are listed, and what takes them off."""

from datetime import UTC, date, datetime, timedelta

import pytest

from clinic.running_out import ENDED, running_out
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 2, 2, 15, tzinfo=UTC)
TODAY = date(2026, 2, 2)


def on(days):
    return TODAY + timedelta(days=days)


def licence(days, **more):
    return factories.QualificationFactory(valid_until=on(days), **more)


def renewal(paper, **said):
    same = ("practitioner", "kind", "role", "jurisdiction")
    return factories.QualificationFactory(
        **{**{name: getattr(paper, name) for name in same}, **said}
    )


def listed(now=NOW):
    return {ending.paper: ending.step for ending in running_out(now)}


@pytest.mark.parametrize(
    ("days", "step"),
    [
        *((90, 90), (61, 90), (60, 60), (31, 60), (30, 30), (15, 30)),
        *((14, 14), (8, 14), (7, 7), (0, 7), (-1, ENDED), (-90, ENDED)),
    ],
)
def test_step_by_the_days_left(days, step):
    paper = licence(days)

    assert listed() == {paper: step}


@pytest.mark.parametrize("days", [91, -91])
def test_too_far_off_to_be_listed(days):
    licence(days)

    assert listed() == {}


def test_without_an_end_or_unverified_nothing_runs_out():
    factories.QualificationFactory(valid_until=None)
    licence(5, verified_by=None)

    assert listed() == {}


def test_of_those_who_left_nothing_runs_out():
    licence(5, practitioner__is_active=False)

    assert listed() == {}


@pytest.mark.parametrize("until", [None, on(400)])
def test_a_renewal_without_a_gap_takes_it_off(until):
    paper = licence(5)
    renewal(paper, valid_from=on(6), valid_until=until)

    assert listed() == {}


@pytest.mark.parametrize(
    "said",
    [
        {"valid_from": on(7), "valid_until": on(400)},
        {"valid_from": on(6), "valid_until": on(400), "verified_by": None},
        {"valid_from": on(6), "valid_until": on(400), "jurisdiction": "US-NV"},
    ],
    ids=["a day's gap", "unverified", "another state"],
)
def test_what_does_not_go_on_does_not_renew(said):
    paper = licence(5)
    renewal(paper, **said)

    assert listed() == {paper: 7}


def test_a_paper_of_somebody_else_does_not_renew():
    paper = licence(5)
    licence(400, kind=paper.kind, role=paper.role, jurisdiction=paper.jurisdiction)

    assert listed() == {paper: 7}


def test_what_ended_stays_until_the_renewal_has_begun():
    paper = licence(-10)
    renewal(paper, valid_from=on(1), valid_until=on(400))

    assert listed() == {paper: ENDED}
    assert listed(NOW + timedelta(days=1)) == {}


def test_the_renewal_is_listed_in_its_turn():
    paper = licence(5)
    new = renewal(paper, valid_from=on(6), valid_until=on(50))

    assert listed() == {new: 60}


def course(days, hours, **more):
    kind = factories.CredentialKindFactory(kind="course")
    return licence(days, **{"kind": kind, "specific_hours": hours, **more})


@pytest.mark.parametrize(("hours", "is_renewed"), [(24, True), (20, False)])
def test_hours_that_are_lost_are_listed(hours, is_renewed):
    """Two courses that together show what is asked: one does not renew the other."""
    paper = course(5, hours=24)
    renewal(paper, valid_until=on(400), specific_hours=30)
    assert listed() == {paper: 7}

    renewal(paper, valid_from=on(6), valid_until=on(800), specific_hours=hours)
    assert listed() == ({} if is_renewed else {paper: 7})


def test_premises_licences_run_out_too():
    paper = factories.PremisesLicenceFactory(valid_until=on(20))

    assert listed() == {paper: 30}


def test_a_licence_of_another_state_does_not_renew_a_place():
    paper = factories.PremisesLicenceFactory(valid_until=on(20), jurisdiction="US-AZ")
    factories.PremisesLicenceFactory(
        location=paper.location, kind=paper.kind, jurisdiction="US-NV"
    )

    assert listed() == {paper: 30}


def test_a_day_is_that_of_the_last_place():
    """At 03:00 UTC it is still the day before in Phoenix: the paper counts there."""
    factories.LocationFactory(zone="America/Phoenix")
    paper = licence(0)

    assert listed(datetime(2026, 2, 3, 3, tzinfo=UTC)) == {paper: 7}


def test_in_order_of_their_last_days():
    papers = [licence(days) for days in (40, -3, 12)]

    found = [ending.paper for ending in running_out(NOW)]

    assert found == [papers[1], papers[2], papers[0]]


def test_queries_do_not_grow(django_assert_num_queries):
    for days in (5, 20, 80):
        licence(days)
        with django_assert_num_queries(3):
            running_out(NOW)
