"""What was done to a treatment and its versions, in words."""

from django.db.models import Q

from clinic.admin.history import Audit, in_words
from clinic.models import AuditEvent
from treatments.actions.changes import CALLED
from treatments.admin.edition_forms import PREFIX
from treatments.models import CatalogueField, Edition

GROUPS = ("text ", "price ", "rules ")  # before each change that was published


def called_by(labels):
    """Gives the name of a field of an edition by its key in the audit."""

    def called(key):
        for group in GROUPS:
            key = key.removeprefix(group)
        key = key.removeprefix(PREFIX)
        variant, dot, name = key.rpartition(".")
        if dot:
            return f"{variant} ({CALLED.get(name, name)})"
        return labels.get(key, key.replace("_", " "))

    return called


class CatalogueAudit(Audit):
    """Headings of the pages go by their labels."""

    def told(self, event):
        labels = dict(CatalogueField.objects.values_list("code", "label"))
        return in_words(event.detail, called_by(labels))


class TreatmentAudit(CatalogueAudit):
    """With all that was done to its drafts and versions, also those discarded."""

    def events_of(self, obj):
        kind = Edition._meta.label_lower
        ids = [str(pk) for pk in obj.editions.values_list("pk", flat=True)]
        return AuditEvent.objects.filter(
            Q(subject_kind=obj._meta.label_lower, subject_id=str(obj.pk))
            | Q(subject_kind=kind, subject_id__in=ids)
            | Q(subject_kind=kind, detail__treatment=obj.code)
        )
