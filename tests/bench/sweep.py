"""`python -m tests.bench.sweep`: a licence's end over 5,000 appointments to come.

Prints how long loading them takes, how long the whole change takes that ends the
licence of one of twenty practitioners, and their ratio, which must be 10 at most.
"""

import os
import sys
import time
from datetime import UTC, date, datetime, timedelta

import django

MOST, PEOPLE, COUNT = 10, 20, 5_000
NOW = datetime(2026, 1, 30, 16, tzinfo=UTC)
FIRST = datetime(2026, 2, 2, 16, tzinfo=UTC)


def build():
    """Twenty people with 250 appointments each, eight a day, and ways between places."""
    from bookings.models import Appointment, Claim  # noqa: PLC0415 -- set up late
    from tests import factories  # noqa: PLC0415
    from tests.bookings.test_statements import clinic  # noqa: PLC0415

    clinic(PEOPLE, 0)
    from clinic.models import PractitionerRole  # noqa: PLC0415

    patient = factories.PatientFactory()
    model = factories.AppointmentFactory(patient=patient, claims=False)
    rows = []
    for role in PractitionerRole.objects.exclude(pk=model.role_id):
        for number in range(COUNT // PEOPLE):
            at = FIRST + timedelta(days=number // 8, hours=number % 8)
            rows.append(
                Appointment(
                    patient=patient,
                    practitioner_id=role.practitioner_id,
                    role=role,
                    place=model.place,
                    variant=model.variant,
                    starts_at=at,
                    ends_at=at + timedelta(minutes=30),
                    label=model.label,
                    price_usd=model.price_usd,
                    created_at=NOW,
                )
            )
    model.delete()
    Appointment.objects.bulk_create(rows)
    Claim.objects.bulk_create(
        Claim(
            appointment=row,
            practitioner_id=row.practitioner_id,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
        )
        for row in rows
    )
    elsewhere = factories.LocationFactory(slug="elsewhere", equipment=False)
    factories.TravelTimeFactory(
        from_location=model.place, to_location=elsewhere, minutes=20
    )


def best(work, times=3):
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        took.append(time.perf_counter() - begun)
    return min(took)


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from django.db import connection  # noqa: PLC0415

    connection.creation.create_test_db(verbosity=0)
    try:
        return measure()
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], 0)


def measure():
    from django.core.management import call_command  # noqa: PLC0415

    from bookings import breaks  # noqa: PLC0415
    from clinic import actions, changes  # noqa: PLC0415
    from clinic.models import Qualification  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    build()
    paper = Qualification.objects.order_by("pk")[0]
    outcomes = []

    def end():
        _, outcome = changes.tried(
            lambda: actions.end_qualification(
                qualification=paper, valid_until=date(2026, 2, 1), by=None, now=NOW
            ),
            by=None,
            now=NOW,
        )
        outcomes.append(outcome.count)

    loading = best(lambda: breaks.standing(NOW))
    sweeping = best(end)
    ratio = sweeping / loading
    print(f"{len(breaks.standing(NOW))} appointments, {outcomes[-1]} broken")
    print(f"loading {loading * 1000:.0f} ms, preview {sweeping * 1000:.0f} ms")
    print(f"ratio {ratio:.1f}, must be {MOST} at most: {'MISS' * (ratio > MOST)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
