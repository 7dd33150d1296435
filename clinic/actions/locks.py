"""The practitioners' rows: on them queues all that concerns somebody's time.

Whoever books takes these rows first; so does every change that decides bookings, and a
booking sees it either before or after.
"""

from clinic.models import Practitioner


def lock(practitioner_id: int) -> Practitioner:
    """Take one row, until the transaction ends."""
    return Practitioner.objects.select_for_update(no_key=True).get(pk=practitioner_id)


def lock_everybody() -> None:
    """Take every row, ids ascending: a rule decides about all of them."""
    everybody = Practitioner.objects.select_for_update(no_key=True)
    list(everybody.order_by("pk").values_list("pk"))
