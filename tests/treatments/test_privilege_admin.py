"""Granting asks for what the rule leaves to a person, and keeps who said it is met."""

import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from clinic import access
from clinic.models import AuditEvent
from tests import factories
from treatments import actions
from treatments.models import Privilege, PrivilegeCondition

pytestmark = pytest.mark.django_db
ADD = "/admin/treatments/privilege/add/"
CONDITION = 'Exam & "proof" to the board'
NOW = datetime(2026, 2, 2, 15, tzinfo=UTC)


@pytest.fixture
def boss(client):
    user = factories.UserFactory(groups=[access.CLINIC_ADMIN], is_staff=True)
    client.force_login(user)
    return user


@pytest.fixture
def variant(db):
    return factories.TreatmentVariantFactory()


@pytest.fixture
def held(variant):
    """A role at a place, with a rule that holds a condition."""
    held = factories.PractitionerRoleFactory()
    rule(held, variant, other_conditions=CONDITION)
    return held


def rule(held, variant, **fields):
    return factories.ScopeOfPracticeFactory(
        rule_id=f"{held.location.jurisdiction}-{variant.treatment.code}",
        role=held.role.code,
        treatment=variant.treatment.code,
        jurisdiction=held.location.jurisdiction,
        **fields,
    )


def form(held, variant, **fields):
    return {
        "practitioner": held.practitioner_id,
        "variant": variant.pk,
        "location": "",
        "max_depth_mm": "",
        "valid_from": "",
        "valid_until": "",
        **fields,
    }


def change(privilege):
    return f"/admin/treatments/privilege/{privilege.pk}/change/"


def test_condition_is_shown_and_nothing_granted_before_it_is_ticked(
    client, boss, held, variant
):
    answer = client.post(ADD, form(held, variant))

    assert answer.status_code == 200
    shown = answer.content.decode()
    assert "Exam &amp; &quot;proof&quot; to the board" in shown
    assert "Tick each condition" in shown
    assert not Privilege.objects.exists()


def test_ticked_is_kept_with_who_and_when(client, boss, held, variant):
    answer = client.post(ADD, form(held, variant, ticked=[CONDITION]))

    assert answer.status_code == 302
    row = PrivilegeCondition.objects.get()
    assert (row.text, row.ticked_by, row.privilege.granted_by) == (
        CONDITION,
        boss,
        boss,
    )
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert verbs == {"granted privilege", "ticked conditions"}


def test_each_of_several_is_to_be_ticked(client, boss, held, variant):
    other = factories.PractitionerRoleFactory(
        practitioner=held.practitioner,
        role=held.role,
        location=factories.LocationFactory(slug="nevada", jurisdiction="US-NV"),
    )
    rule(other, variant, other_conditions="No ear points")

    client.post(ADD, form(held, variant, ticked=[CONDITION]))
    assert not Privilege.objects.exists()

    client.post(ADD, form(held, variant, ticked=[CONDITION, "No ear points"]))
    assert PrivilegeCondition.objects.count() == 2


def test_place_narrows_what_is_asked(client, boss, held, variant):
    other = factories.PractitionerRoleFactory(
        practitioner=held.practitioner,
        role=held.role,
        location=factories.LocationFactory(slug="nevada", jurisdiction="US-NV"),
    )
    sent = form(held, variant, location=other.location_id)

    assert client.post(ADD, sent).status_code == 302
    assert Privilege.objects.get().location == other.location


def test_text_that_applies_to_nothing_is_not_kept(client, boss, held, variant):
    client.post(ADD, form(held, variant, ticked=[CONDITION, "<b>made up</b>"]))

    assert PrivilegeCondition.objects.get().text == CONDITION


def test_no_condition_no_box(client, boss, variant):
    held = factories.PractitionerRoleFactory()
    rule(held, variant)

    assert client.post(ADD, form(held, variant)).status_code == 302
    assert Privilege.objects.get().practitioner == held.practitioner


def test_who_changes_it_ticks_again_in_their_own_name(client, boss, held, variant):
    other = factories.UserFactory()
    privilege = actions.grant_privilege(
        practitioner=held.practitioner,
        variant=variant,
        by=other,
        now=NOW,
        ticked=[CONDITION],
    )
    page = client.get(change(privilege)).content.decode()
    limits = {**form(held, variant), "valid_until": "2027-01-01"}

    assert f"{other} on 2026-02-02" in page
    assert "checked" not in page.partition('name="ticked"')[2].partition(">")[0]
    client.post(change(privilege), limits)
    privilege.refresh_from_db()
    assert privilege.valid_until is None
    client.post(change(privilege), {**limits, "ticked": [CONDITION]})
    client.post(change(privilege), {**limits, "ticked": [CONDITION]})

    ticked_by = PrivilegeCondition.objects.order_by("pk").values_list("ticked_by")
    assert list(ticked_by) == [(other.pk,), (boss.pk,)]


def test_list_tells_open_from_ticked_in_a_fixed_number_of_queries(
    client, boss, held, variant, django_assert_max_num_queries
):
    for number in range(3):
        actions.grant_privilege(
            practitioner=held.practitioner,
            variant=variant,
            by=boss,
            now=NOW,
            ticked=[CONDITION][: number % 2],
        )
    other = factories.TreatmentVariantFactory(code="other", treatment__code="elsewhere")
    factories.PrivilegeFactory(practitioner=held.practitioner, variant=other)

    with django_assert_max_num_queries(19):
        shown = client.get("/admin/treatments/privilege/").content.decode()

    cells = [part.partition("</td>")[0] for part in shown.split("field-conditions")]
    assert sum("1 open" in cell for cell in cells) == 2
    assert sum(">ticked" in cell for cell in cells) == 1
    assert sum(">none" in cell for cell in cells) == 1


def test_command_grants_and_prints_what_is_open(held, variant):
    out = StringIO()

    call_command(
        "privilege",
        practitioner=held.practitioner.slug,
        variant=variant.code,
        stdout=out,
    )

    assert json.loads(out.getvalue())[0]["conditions_open"] == [CONDITION]


def test_condition_that_was_reworded_is_open_again(held, variant):
    privilege = actions.grant_privilege(
        practitioner=held.practitioner,
        variant=variant,
        by=factories.UserFactory(),
        now=NOW,
        ticked=[CONDITION],
    )
    assert actions.Conditions().open(privilege, NOW.date()) == []

    type(rule(held, variant)).objects.update(other_conditions="Two exams")

    assert actions.Conditions().open(privilege, NOW.date()) == ["Two exams"]
