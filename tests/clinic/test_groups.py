"""The groups are there after every migrate, with what the clinic admins may do."""

import pytest
from django.contrib.auth.models import Group, Permission

from clinic import access, groups

pytestmark = pytest.mark.django_db


def rights(group=access.CLINIC_ADMIN):
    found = Group.objects.get(name=group)
    return set(found.permissions.values_list("codename", flat=True))


def test_every_group_is_there():
    assert set(access.GROUPS) <= set(Group.objects.values_list("name", flat=True))


@pytest.mark.parametrize(
    ("group", "may"),
    [
        (access.CLINIC_ADMIN, groups.ADMIN_MAY),
        (access.CLINICIAN, groups.CLINICIAN_MAY),
    ],
)
def test_every_right_that_is_listed_exists(group, may):
    listed = sum(len(verbs) for verbs in may.values())

    assert len(groups.permissions(may)) == listed == len(rights(group))


def test_clinicians_publish_and_change_nothing():
    assert {name for name in rights(access.CLINICIAN) if name[:4] != "view"} == {
        "publish_edition"
    }


@pytest.mark.parametrize("group", [access.PATIENT, access.FRONT_DESK])
def test_the_others_have_no_right_in_the_back_office(group):
    assert rights(group) == set()


def test_clinic_admins_delete_no_paper_no_rule_and_no_person():
    assert {name for name in rights() if name.startswith("delete")} == {
        "delete_practitionerrole",
        "delete_traveltime",
        "delete_placeday",  # without it the day is as usual
        "delete_edition",  # a draft; what was published stays
    }


def test_again_it_changes_nothing_and_keeps_what_was_granted_besides():
    extra = Permission.objects.get(codename="delete_privilege")
    Group.objects.get(name=access.CLINIC_ADMIN).permissions.add(extra)
    before = rights()

    groups.make_groups()

    assert rights() == before
    assert Group.objects.count() == len(access.GROUPS)
