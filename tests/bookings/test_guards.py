"""What the database itself refuses, and that it always can."""

import os
import subprocess
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from bookings import guards
from bookings.models import Appointment, Claim, RulebookStamp, Status
from bookings.models.appointments import OCCUPYING, STANDING
from clinic.models import Location
from tests import factories
from tests.test_house import ROOT


def drop(name):
    """Take one guard away, as a rebuilt table or a careless hand does."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER {name}")
        elif name.startswith("stamp_"):
            cursor.execute(f"DROP TRIGGER {name} ON {name.removeprefix('stamp_')}")
        else:
            cursor.execute(f"ALTER TABLE {guards.CLAIM} DROP CONSTRAINT {name}")


def an_overlap():
    """The name of a guard against overlaps, here."""
    names = guards.expected(connection.vendor)
    return next(n for n in names if n.startswith(guards.overlap_name("practitioner")))


def a_stamp():
    names = guards.expected(connection.vendor)
    return next(n for n in names if n.startswith("stamp_"))


def with_all_claims():
    """An appointment that claims time of everybody and everything there is."""
    room, device = factories.RoomFactory(), factories.DeviceFactory()
    made = factories.AppointmentFactory(rooms=[room], devices=[device])
    made.room, made.device = room, device
    return made


@pytest.mark.django_db
def test_dropping_any_one_guard_of_claims_is_found():
    names = [
        name
        for name in guards.expected(connection.vendor)
        if name.startswith("bookings_claim_")
    ]
    kinds = len(guards.KEYS) + 1
    assert len(names) == kinds * (1 + (connection.vendor == "sqlite"))
    for name in names:
        drop(name)
        assert guards.missing(connection) == [name]
        guards.install(connection)
    assert guards.missing(connection) == []


@pytest.mark.django_db
@pytest.mark.parametrize("owners", [(), ("practitioner", "room"), ("room", "device")])
def test_a_claim_is_of_exactly_one(owners):
    first = with_all_claims()
    hour = models.DurationField().to_python("3600")
    with pytest.raises(IntegrityError, match="exactly_one"), transaction.atomic():
        Claim.objects.create(
            appointment=first,
            starts_at=first.starts_at + 24 * hour,
            ends_at=first.starts_at + 25 * hour,
            **{owner: getattr(first, owner) for owner in owners},
        )


@pytest.mark.django_db
def test_after_migrate_every_guard_is_there():
    assert guards.missing(connection) == []
    assert guards.check_guards(["default"]) == []


@pytest.mark.django_db
@pytest.mark.parametrize("key", guards.KEYS)
@pytest.mark.parametrize("minutes", [0, 15, -15])
def test_the_database_refuses_time_that_is_taken(key, minutes):
    first = with_all_claims()
    taken = Claim.objects.get(**{f"{key}__isnull": False})
    shift = models.DurationField().to_python(f"{minutes * 60}")
    with (
        pytest.raises(IntegrityError, match=guards.overlap_name(key)),
        transaction.atomic(),
    ):
        Claim.objects.create(
            appointment=first,
            starts_at=taken.starts_at + shift,
            ends_at=taken.ends_at + shift,
            **{f"{key}_id": getattr(taken, f"{key}_id")},
        )
    assert Claim.objects.count() == len(guards.KEYS)


@pytest.mark.django_db
@pytest.mark.parametrize("key", guards.KEYS)
def test_the_database_refuses_to_move_a_claim_onto_time_that_is_taken(key):
    first = with_all_claims()
    hours = models.DurationField().to_python("7200")
    taken = {f"{name}s": [getattr(first, name)] for name in ("room", "device")}
    later = factories.AppointmentFactory(
        role=first.role,
        patient=first.patient,
        starts_at=first.starts_at + hours,
        **taken,
    )
    claim = later.claims.get(**{f"{key}__isnull": False})
    with (
        pytest.raises(IntegrityError, match=guards.overlap_name(key)),
        transaction.atomic(),
    ):
        Claim.objects.filter(pk=claim.pk).update(
            starts_at=first.starts_at, ends_at=first.ends_at
        )


@pytest.mark.django_db
def test_a_claim_is_of_a_day_at_most():
    claim = factories.AppointmentFactory().claims.get(practitioner__isnull=False)
    Claim.objects.filter(pk=claim.pk).update(ends_at=claim.starts_at + Claim.LONGEST)
    longer = claim.starts_at + Claim.LONGEST + timedelta(seconds=1)
    refused = pytest.raises(IntegrityError, match=guards.TOO_LONG)
    with refused, transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(ends_at=longer)
    claim.delete()
    with refused, transaction.atomic():
        Claim(
            appointment=claim.appointment,
            practitioner=claim.practitioner,
            starts_at=claim.starts_at,
            ends_at=longer,
        ).save(force_insert=True)


@pytest.mark.django_db
def test_claims_may_touch():
    first = factories.AppointmentFactory()
    taken = first.claims.get(practitioner__isnull=False)
    Claim.objects.create(
        appointment=first,
        practitioner=first.practitioner,
        starts_at=taken.ends_at,
        ends_at=taken.ends_at + (taken.ends_at - taken.starts_at),
    )
    assert Claim.objects.filter(practitioner=first.practitioner).count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("which", [an_overlap, a_stamp])
def test_a_missing_guard_is_reported_and_migrate_puts_it_back(which):
    name = which()
    drop(name)
    try:
        assert guards.missing(connection) == [name]
        (problem,) = guards.check_guards(["default"])
        assert name in problem.msg
        assert "migrate" in problem.hint
    finally:
        call_command("migrate", verbosity=0)
    assert guards.missing(connection) == []


@pytest.mark.django_db(transaction=True)
def test_the_web_server_does_not_start_without_a_guard(child_environment, python):
    name = an_overlap()
    drop(name)
    try:
        done = subprocess.run(
            [python, "-c", "import clinic.wsgi"],
            cwd=ROOT,
            env={**os.environ, **child_environment},
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        guards.install(connection)
    assert done.returncode != 0
    assert name in done.stderr


@pytest.mark.django_db(transaction=True)
def test_guards_outlive_a_table_that_is_rebuilt():
    """SQLite drops the triggers of a table that it rebuilds, and says nothing."""
    for model, column in ((Claim, "starts_at"), (Location, "name")):
        was = model._meta.get_field(column)
        now = was.clone()
        now.set_attributes_from_name(column)
        now.model, now.null = model, True
        with connection.schema_editor() as editor:
            editor.alter_field(model, was, now)
        with connection.schema_editor() as editor:
            editor.alter_field(model, now, was)
    call_command("migrate", verbosity=0)
    assert guards.missing(connection) == []
    stamp = RulebookStamp.objects.get().stamp
    factories.LocationFactory(slug="another")
    assert RulebookStamp.objects.get().stamp != stamp


@pytest.mark.django_db
def test_a_guard_put_back_leaves_a_stamp_by_which_rules_are_kept():
    drop(a_stamp())
    before = RulebookStamp.objects.values_list("stamp", flat=True).first()
    guards.install(connection)
    assert RulebookStamp.objects.get().stamp not in {before, ""}


@pytest.mark.django_db
@pytest.mark.parametrize("status", Status.values)
def test_an_appointment_has_claims_while_its_status_occupies(status):
    held = factories.bookings.BOOKED if status == Status.PENDING else None
    made = factories.AppointmentFactory(status=status, held_until=held)
    assert made.claims.count() == (2 if status in OCCUPYING else 0)
    assert Appointment.objects.standing().count() == (status in STANDING)
