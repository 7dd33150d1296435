"""Papers in the back office: what runs out first comes first, with the days left."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic import access
from clinic.admin.running_out import days_left
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/admin/clinic/qualification/"
TODAY = date(2026, 2, 2)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(datetime(2026, 2, 2, 15, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def boss(client):
    user = factories.UserFactory(groups=[access.CLINIC_ADMIN], is_staff=True)
    client.force_login(user)
    return user


@pytest.fixture
def papers(boss):
    """Papers by the last day on which they count, made in no order."""
    days = {
        "open": None,
        "later": date(2026, 4, 20),
        "ended": date(2026, 2, 1),
        "today": TODAY,
        "soon": date(2026, 2, 16),
        "month": date(2026, 3, 4),
    }
    return {
        name: factories.QualificationFactory(
            valid_until=day,
            practitioner__name=f"Zz {name}",
            verified_by=None if name == "later" else boss,
        )
        for name, day in days.items()
    }


def listed(client, papers, query=""):
    """The names of the papers on the page, in its order."""
    rows = client.get(f"{PAGE}{query}").context["cl"].result_list
    names = {paper.pk: name for name, paper in papers.items()}
    return [names[row.pk] for row in rows]


def test_what_runs_out_first_comes_first(client, papers):
    assert listed(client, papers) == [
        *("ended", "today", "soon", "month", "later", "open"),
    ]


@pytest.mark.parametrize(
    ("ends", "names"),
    [
        ("expired", ["ended"]),
        ("14", ["today", "soon"]),
        ("30", ["today", "soon", "month"]),
        ("90", ["today", "soon", "month", "later"]),
        ("unverified", ["later"]),
    ],
)
def test_filter_by_how_soon(client, papers, ends, names):
    assert listed(client, papers, f"?ends={ends}") == names


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (None, "no end"),
        (TODAY, "last day today"),
        (date(2026, 2, 3), "1 day"),
        (date(2026, 2, 16), "14 days"),
        (date(2026, 2, 1), "ended 1 day ago"),
        (date(2026, 1, 1), "ended 32 days ago"),
    ],
)
def test_days_left_in_words(day, words):
    assert days_left(factories.QualificationFactory.build(valid_until=day), TODAY) == (
        words
    )


def test_days_stand_in_the_list(client, papers):
    shown = client.get(PAGE).content.decode()

    assert "14 days" in shown
    assert "ended 1 day ago" in shown


def test_practitioners_page_shows_privileges_and_the_way_to_hours(client, boss):
    held = factories.PractitionerRoleFactory()
    privilege = factories.PrivilegeFactory(practitioner=held.practitioner)

    page = client.get(f"/admin/clinic/practitioner/{held.practitioner_id}/change/")

    shown = page.content.decode()
    assert f"/admin/treatments/privilege/{privilege.pk}/change/" in shown
    assert f"/desk/hours/{held.pk}/" in shown
    assert f"/desk/hours/leave/{held.practitioner.slug}/" in shown


def test_everybody_is_locked_in_order_before_the_first_paper_is_verified(client, boss):
    """The list is by last day; locks in its order would meet others' the wrong way."""
    first, second = (factories.PractitionerFactory() for _ in range(2))
    rows = [
        factories.QualificationFactory(
            practitioner=who, valid_until=day, verified_by=None
        )
        for who, day in [(second, TODAY), (first, date(2026, 5, 1))]
    ]
    sent = {"action": "verify", "_selected_action": [row.pk for row in rows]}

    with CaptureQueriesContext(connection) as asked:
        client.post(PAGE, sent)

    locking = 'FROM "clinic_practitioner" WHERE "clinic_practitioner"."id" = '
    begun = [query["sql"] for query in asked]
    update = 'UPDATE "clinic_qualification"'
    written = next(n for n, sql in enumerate(begun) if sql.startswith(update))
    before = [sql for sql in begun[:written] if locking in sql]
    ids = [int(re.search(r'"id" = (\d+)', sql)[1]) for sql in before]
    assert ids[:2] == [first.pk, second.pk]
