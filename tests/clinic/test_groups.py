"""The groups are there after every migrate, with what the clinic admins may do."""

import pytest
from django.contrib.auth.models import Group, Permission

from clinic import access, groups

pytestmark = pytest.mark.django_db


def rights():
    admins = Group.objects.get(name=access.CLINIC_ADMIN)
    return set(admins.permissions.values_list("codename", flat=True))


def test_every_group_is_there():
    assert set(access.GROUPS) <= set(Group.objects.values_list("name", flat=True))


def test_every_right_that_is_listed_exists():
    listed = sum(len(verbs) for verbs in groups.ADMIN_MAY.values())

    assert len(groups.permissions_of_admins()) == listed == len(rights())


def test_clinic_admins_delete_no_paper_no_rule_and_no_person():
    assert {name for name in rights() if name.startswith("delete")} == {
        "delete_practitionerrole"
    }


def test_again_it_changes_nothing_and_keeps_what_was_granted_besides():
    extra = Permission.objects.get(codename="delete_privilege")
    Group.objects.get(name=access.CLINIC_ADMIN).permissions.add(extra)
    before = rights()

    groups.make_groups()

    assert rights() == before
    assert Group.objects.count() == len(access.GROUPS)
