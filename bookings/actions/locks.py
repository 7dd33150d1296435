"""What is locked before anything about somebody's time is decided.

Always in this order: practitioners (and who supervises them), then patients, each by
ascending id. Every action that changes hours, leave, papers, privileges, agreements or
orders locks those whom it concerns too.
"""

from django.db import connection

from clinic.models import Patient, Practitioner


def lock(*practitioner_ids: int, patient_id: int | None = None) -> None:
    """Queue for these people until the transaction ends.

    SQLite has no row locks; there every transaction is the only writer anyway.
    """
    if not connection.features.has_select_for_update:
        return
    patients = [] if patient_id is None else [patient_id]
    for model, ids in ((Practitioner, practitioner_ids), (Patient, patients)):
        if ids:
            rows = model.objects.select_for_update(no_key=True).filter(pk__in=ids)
            list(rows.order_by("pk").values_list("pk"))
