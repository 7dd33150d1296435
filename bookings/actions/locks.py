"""What is locked before anything about somebody's time is decided.

Always in this order: practitioners, then patients, each by ascending id. Every
action that changes hours, leave, papers or privileges locks the practitioner too.
"""

from django.db import connection

from clinic.models import Patient, Practitioner


def lock(*, practitioner_id: int, patient_id: int | None = None) -> None:
    """Queue for these people until the transaction ends.

    SQLite has no row locks; there every transaction is the only writer anyway.
    """
    if not connection.features.has_select_for_update:
        return
    for model, pk in ((Practitioner, practitioner_id), (Patient, patient_id)):
        if pk is not None:
            rows = model.objects.select_for_update(no_key=True).filter(pk=pk)
            rows.values_list("pk").first()
