"""The page of papers that run out: grouped, in words, linked for those who may edit."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from clinic import access
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/desk/running-out/"
TODAY = date(2026, 2, 2)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(datetime(2026, 2, 2, 15, tzinfo=UTC), tick=False):
        yield


def sign_in(client, group):
    client.force_login(
        factories.UserFactory(groups=[group], is_staff=group == access.CLINIC_ADMIN)
    )


def licence(days, name):
    return factories.QualificationFactory(
        valid_until=TODAY + timedelta(days=days), practitioner__name=name
    )


def test_by_how_soon_with_what_ended_first(client):
    licence(20, "Soon Enough")
    licence(-3, "Over Already")
    licence(7, "Next Week")
    sign_in(client, access.FRONT_DESK)

    answer = client.get(PAGE)

    groups = [
        (heading, [ending.paper.practitioner.name for ending in rows])
        for heading, _, rows in answer.context["groups"]
    ]
    assert groups == [
        ("Ended in the last 90 days", ["Over Already"]),
        ("Within 7 days", ["Next Week"]),
        ("Within 30 days", ["Soon Enough"]),
    ]
    shown = answer.content.decode()
    assert "ended 3 days ago" in shown
    assert "20 days" in shown


def test_admins_go_on_to_the_paper_and_the_desk_reads_only(client):
    paper = licence(7, "Next Week")
    link = reverse("admin:clinic_qualification_change", args=[paper.pk])

    sign_in(client, access.FRONT_DESK)
    assert link not in client.get(PAGE).content.decode()
    sign_in(client, access.CLINIC_ADMIN)
    assert link in client.get(PAGE).content.decode()
    assert client.get(link).status_code == 200


def test_a_place_stands_there_by_its_name(client):
    paper = factories.PremisesLicenceFactory(valid_until=TODAY)
    sign_in(client, access.CLINIC_ADMIN)

    shown = client.get(PAGE).content.decode()

    assert paper.location.name in shown
    assert "last day today" in shown


def test_nothing_to_renew_is_said(client):
    sign_in(client, access.FRONT_DESK)

    assert "Nothing runs out within 90 days." in client.get(PAGE).content.decode()
