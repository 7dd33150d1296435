"""Who did what, in the back office: with names, and ways to what it was done to."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from clinic import access, audit
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 2, 2, 15, tzinfo=UTC)
LIST = reverse("admin:clinic_auditevent_changelist")


@pytest.fixture
def office(client):
    user = factories.UserFactory(
        groups=[access.CLINIC_ADMIN], is_staff=True, first_name="Olivia", last_name="S"
    )
    client.force_login(user)
    client.user = user
    return client


def test_subject_is_named_and_linked_while_it_is_there(office):
    who = factories.PractitionerFactory(name="Ana <Q>")
    gone = factories.PractitionerFactory(name="Gone Away")
    for each in (who, gone):
        audit.record(by=None, verb="changed practitioner", subject=each, now=NOW)
    number = gone.pk
    gone.delete()

    html = office.get(LIST).content.decode()

    address = reverse("admin:clinic_practitioner_change", args=[who.pk])
    assert f'practitioner: <a href="{address}">Ana &lt;Q&gt;</a>' in html
    assert f"practitioner {number}, which is there no more" in html


def test_names_are_looked_up_once_for_each_kind(office, django_assert_max_num_queries):
    for _ in range(9):
        audit.record(
            by=None, verb="x", subject=factories.PractitionerFactory(), now=NOW
        )

    with django_assert_max_num_queries(14):
        office.get(LIST)


def test_an_event_tells_its_detail_in_words(office):
    event = audit.record(
        by=office.user,
        verb="changed qualification",
        subject=factories.QualificationFactory(),
        now=NOW,
        before={"specific_hours": 40},
        after={"specific_hours": 60},
    )

    address = reverse("admin:clinic_auditevent_change", args=[event.pk])
    html = office.get(address).content.decode()

    assert "Specific hours: 40 → 60" in html
    assert "{" not in html.partition("field-told")[2].partition("</fieldset>")[0]


def test_history_of_a_row_is_the_audit(office):
    place = factories.LocationFactory(equipment=False)
    page = reverse("admin:clinic_location_history", args=[place.pk])
    assert "Nobody has changed it here" in office.get(page).content.decode()
    audit.record(
        by=office.user,
        verb="changed location",
        subject=place,
        now=NOW,
        fields=["hold_minutes"],
    )

    html = office.get(page).content.decode()

    assert "Feb 2, 2026, 3:00 PM UTC" in html
    assert "<td>Olivia S</td>" in html
    assert "Changed location" in html
    assert "Changed: hold minutes" in html


def test_password_set_for_somebody_is_written_down(office):
    office.user.is_superuser = True
    office.user.save()
    other = factories.UserFactory()
    words = "needle in a haystack"

    office.post(
        reverse("admin:auth_user_password_change", args=[other.pk]),
        {"usable_password": "true", "password1": words, "password2": words},
    )

    page = reverse("admin:clinic_user_history", args=[other.pk])
    assert "Set the password of user" in office.get(page).content.decode()
