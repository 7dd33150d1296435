"""The first page of the back office, and who gets to see what of it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib import admin
from django.urls import reverse

from clinic import access
from clinic.admin.sections import ELSE, SECTIONS
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 2, 2, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def staff(client, *groups, **fields):
    user = factories.UserFactory(groups=groups, is_staff=True, **fields)
    client.force_login(user)
    return user


def sections(client):
    return {each["name"]: each for each in client.get("/admin/").context["app_list"]}


def test_sections_are_in_plain_words_and_in_order(client):
    staff(client, access.CLINIC_ADMIN)

    there = {model._meta.label_lower for model in admin.site._registry}
    names = [name for name, labels in SECTIONS if there & set(labels.split())]

    assert len(names) > 5
    assert list(sections(client)) == names


def test_nothing_of_ours_is_left_over():
    sorted_in = {label for _, labels in SECTIONS for label in labels.split()}

    ours = {
        model._meta.label_lower
        for model in admin.site._registry
        if model._meta.app_label in {"clinic", "treatments", "bookings", "auth"}
    }

    assert ours <= sorted_in


def test_superuser_sees_the_rest_too(client):
    staff(client, is_superuser=True)

    others = sections(client).get(ELSE, {"models": []})["models"]

    assert not {"Practitioners", "Privileges"} & {each["name"] for each in others}


def test_what_waits_is_counted(client):
    staff(client, access.CLINIC_ADMIN)
    today = NOW.date()
    factories.QualificationFactory(valid_until=today + timedelta(days=90))
    factories.QualificationFactory(valid_until=today + timedelta(days=92))
    factories.QualificationFactory(verified_by=None)
    factories.EditionFactory(state="in-review")

    tasks = {task.label: task for task in client.get("/admin/").context["tasks"]}

    assert tasks["Papers running out"].count == 1
    assert tasks["Papers that nobody has verified"].count == 1
    assert tasks["Drafts awaiting review"].count == 1
    for task in tasks.values():
        assert client.get(task.url).status_code == 200, task
    assert "/desk/who-may/" in {task.url for task in tasks.values()}


def test_papers_of_those_who_left_do_not_wait(client):
    staff(client, access.CLINIC_ADMIN)
    factories.QualificationFactory(verified_by=None, practitioner__is_active=False)

    tasks = {task.label: task for task in client.get("/admin/").context["tasks"]}

    assert tasks["Papers that nobody has verified"].count == 0


@pytest.mark.parametrize("group", [access.FRONT_DESK, access.PRACTITIONER])
def test_desk_and_practitioners_have_no_back_office(client, group):
    client.force_login(factories.UserFactory(groups=[group]))

    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("group", [access.FRONT_DESK, access.PRACTITIONER])
def test_even_as_staff_they_see_nothing_in_it(client, group):
    staff(client, group)

    assert sections(client) == {}
    assert (
        client.get(reverse("admin:clinic_practitioner_changelist")).status_code == 403
    )


def test_reviewers_see_the_catalogue_and_change_nothing_of_people(client):
    staff(client, access.CLINICIAN)

    seen = set(sections(client))
    assert "Catalogue" in seen
    assert seen <= {"Catalogue", "Texts for patients", "Audit"}
    labels = {task.label for task in client.get("/admin/").context["tasks"]}
    assert labels == {"Drafts awaiting review"}
    for model in ("practitioner", "qualification", "user", "location", "patient"):
        address = reverse(f"admin:clinic_{model}_changelist")
        assert client.get(address).status_code == 403, model
    for model in ("privilege", "scopeofpractice"):
        address = reverse(f"admin:treatments_{model}_changelist")
        assert client.get(address).status_code == 403, model
    assert client.get(reverse("admin:treatments_edition_changelist")).status_code == 200


def test_apps_own_pages_stay(client):
    staff(client, access.CLINIC_ADMIN)

    assert client.get("/admin/clinic/").status_code == 200


def test_index_list_and_crumb_go_by_one_name(client):
    staff(client, access.CLINIC_ADMIN)

    for section in sections(client).values():
        for model in section["models"]:
            if "/auth/" in model["admin_url"]:
                continue  # Django's own
            name, _, words = model["name"].partition(" (")
            html = client.get(model["admin_url"]).content.decode()
            assert f"<h1>{name}</h1>" in html, name
            assert re.search(rf"Home</a>\s*\u203a {re.escape(name)}\s*</div>", html), (
                name
            )
            assert words == "" or words.endswith(")")


def test_privileges_are_told_apart_from_leave(client):
    staff(client, access.CLINIC_ADMIN)

    html = client.get("/admin/").content.decode()

    assert "Privileges (what the clinic lets people perform)" in html
    assert "leave of the clinic" not in html
