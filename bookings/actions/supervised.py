"""On whom and on what a booking rests besides its practitioner's own papers."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from bookings.actions.opening import NotBookable
from bookings.findings import Finding
from bookings.question import Asked
from bookings.rules import orders, supervision
from bookings.wanted import Wanted


def counted_on(asked: Asked) -> list[int]:
    """The ids of the supervisors on whom the booking may rest; they are locked."""
    if asked.practitioner is None:
        return []
    found = supervision.candidates(
        asked.book, asked.practitioner, asked.variant, asked.place
    )
    return sorted(found)


def check_counted_on(wanted: Wanted, locked: Collection[int]) -> None:
    """Refuse to rest on somebody who was named after the rows had been locked.

    Raises NotBookable; asked again, it rests on them.
    """
    under = supervision.relied_on(wanted)
    if under is not None and under.supervisor.pk not in locked:
        finding = Finding(
            "SUPERVISION_REQUIRED",
            wanted.practitioner.slug,
            "Who supervises this treatment has just changed.",
            "Try the same time again.",
            desk="The supervision agreement was changed a moment ago.",
        )
        raise NotBookable([finding])


def rested_on(wanted: Wanted, now: datetime) -> dict[str, Any]:
    """The agreement with its supervisor, and the orders, as they were. For staff."""
    reasons: dict[str, Any] = {}
    under = supervision.relied_on(wanted)
    if under is not None:
        last = under.agreement.valid_until
        reasons["supervision"] = {
            "agreement": under.agreement.pk,
            "supervisor": under.supervisor.slug,
            "valid_until": last and last.isoformat(),
        }
    found = orders.relied_on(wanted, orders.Ordered().read([wanted], now))
    if found:
        reasons["orders"] = [
            {
                "order": row.pk,
                "kind": row.kind,
                "prescriber": row.prescriber.slug
                if row.prescriber
                else row.prescriber_outside,
                "standing": row.patient_id is None,
                "valid_until": row.valid_until and row.valid_until.isoformat(),
            }
            for row in found
        ]
    return reasons
