"""The groups that people are in, with what each may do in the back office."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission

from clinic import access

EDITS = ("view", "add", "change")
READS = ("view",)
# The rules as data are approved or withdrawn, and never deleted.
ADMIN_MAY = {
    "clinic.user": EDITS,
    "clinic.practitioner": EDITS,
    "clinic.practitionerrole": (*EDITS, "delete"),
    "clinic.qualification": EDITS,
    "clinic.premiseslicence": EDITS,
    "clinic.location": EDITS,
    "clinic.room": EDITS,
    "clinic.device": EDITS,
    "clinic.placeday": (*EDITS, "delete"),
    "clinic.traveltime": (*EDITS, "delete"),
    "clinic.role": (*READS, "change"),
    "clinic.credentialkind": (*READS, "change"),
    "clinic.source": READS,
    "clinic.patient": READS,
    "clinic.auditevent": READS,
    "auth.group": READS,
    "treatments.treatment": EDITS,
    "treatments.treatmentvariant": READS,
    "treatments.cataloguefield": EDITS,
    "treatments.edition": (*READS, "change", "delete", "publish"),
    "treatments.concern": EDITS,
    "treatments.courseplan": EDITS,
    "treatments.aftercarestep": EDITS,
    "treatments.redflag": EDITS,
    "treatments.effect": EDITS,
    "treatments.bodyarea": (*READS, "change"),
    "treatments.areadepth": (*READS, "change"),
    "treatments.scopeofpractice": EDITS,
    "treatments.credentialtoken": EDITS,
    "treatments.privilege": EDITS,
    "treatments.privilegecondition": EDITS,
    "treatments.supervisionagreement": EDITS,
    "treatments.order": EDITS,
    "bookings.appointment": READS,
    "bookings.course": READS,
    "bookings.override": READS,
    "bookings.cancellationpolicy": (*READS, "add"),
    "bookings.fee": READS,
}
# Who reads a draft and publishes it sees what it is about.
CLINICIAN_MAY = {
    "treatments.treatment": READS,
    "treatments.treatmentvariant": READS,
    "treatments.edition": (*READS, "publish"),
    "treatments.cataloguefield": READS,
    "treatments.concern": READS,
    "treatments.aftercarestep": READS,
    "treatments.redflag": READS,
    "treatments.effect": READS,
    "clinic.source": READS,
}


def make_groups(**kwargs: Any) -> None:
    """Make the groups, and give them what they may do in the back office.

    Runs after migrate. What somebody granted besides stays.
    """
    for config in apps.get_app_configs():
        if config.models_module is not None:
            create_permissions(config, verbosity=0)
    groups = {name: Group.objects.get_or_create(name=name)[0] for name in access.GROUPS}
    groups[access.CLINIC_ADMIN].permissions.add(*permissions(ADMIN_MAY))
    groups[access.CLINICIAN].permissions.add(*permissions(CLINICIAN_MAY))


def permissions(may: Mapping[str, tuple[str, ...]]) -> list[Permission]:
    wanted = {
        (name.split(".")[0], f"{verb}_{name.split('.')[1]}")
        for name, verbs in may.items()
        for verb in verbs
    }
    found = Permission.objects.filter(
        content_type__app_label__in={app for app, _ in wanted}
    ).select_related("content_type")
    return [
        permission
        for permission in found
        if (permission.content_type.app_label, permission.codename) in wanted
    ]
