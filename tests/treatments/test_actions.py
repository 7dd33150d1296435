"""Privileges are granted, changed and ended; every step is audited."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from clinic.models import AuditEvent
from tests.factories import (
    FrontDeskUserFactory,
    LocationFactory,
    PractitionerFactory,
    PrivilegeFactory,
    TreatmentVariantFactory,
)
from treatments import actions
from treatments.models import Privilege

NOW = datetime(2026, 1, 5, 16, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def micro(**fields):
    return TreatmentVariantFactory(
        code="mn_any", treatment__code="microneedling", **fields
    )


def test_grant_privilege_says_who_may_what_where_and_until_when():
    boss, place = FrontDeskUserFactory(), LocationFactory()

    granted = actions.grant_privilege(
        practitioner=PractitionerFactory(),
        variant=micro(),
        location=place,
        max_depth_mm=Decimal("0.5"),
        valid_until=date(2026, 3, 31),
        by=boss,
        now=NOW,
    )

    granted.refresh_from_db()
    assert (granted.location, granted.max_depth_mm) == (place, Decimal("0.5"))
    assert (granted.granted_by, granted.granted_at) == (boss, NOW)
    assert AuditEvent.objects.get().detail == {
        "practitioner": granted.practitioner.slug,
        "variant": "mn_any",
        "place": "salt-lake-city",
        "max_depth_mm": "0.5",
        "valid_from": None,
        "valid_until": "2026-03-31",
    }


@pytest.mark.parametrize(
    ("variant", "fields", "part"),
    [
        (micro, {"max_depth_mm": Decimal(0)}, "between 0 and 100"),
        (micro, {"max_depth_mm": Decimal("100")}, "between 0 and 100"),
        (micro, {"max_depth_mm": Decimal("99.999")}, "two decimals"),
        (micro, {"max_depth_mm": Decimal("0.001")}, "two decimals"),
        (TreatmentVariantFactory, {"max_depth_mm": Decimal(1)}, "has no depth"),
        (
            micro,
            {"valid_from": date(2026, 2, 1), "valid_until": date(2026, 1, 31)},
            "before it begins",
        ),
    ],
)
def test_privilege_that_could_never_count_is_refused(variant, fields, part):
    with pytest.raises(actions.PrivilegeImpossible, match=part):
        actions.grant_privilege(
            practitioner=PractitionerFactory(),
            variant=variant(),
            by=None,
            now=NOW,
            **fields,
        )

    assert not Privilege.objects.exists()


def test_end_privilege_counts_to_its_last_day():
    granted = PrivilegeFactory()

    actions.end_privilege(
        privilege=granted, valid_until=date(2026, 3, 31), by=None, now=NOW
    )

    granted.refresh_from_db()
    assert granted.valid_until == date(2026, 3, 31)
    assert AuditEvent.objects.get().detail == {"before": None, "after": "2026-03-31"}


def test_command_grants_ends_and_lists(capsys):
    PractitionerFactory(slug="ana")
    LocationFactory()
    micro()

    def run(*arguments):
        call_command("privilege", *arguments)
        return json.loads(capsys.readouterr().out)

    granted = run(
        *("--practitioner", "ana", "--variant", "mn_any", "--place", "salt-lake-city"),
        *("--max-depth", "1.5", "--from", "2026-01-01"),
    )
    ended = run("--end", str(granted[0]["id"]), "--until", "2026-03-31")

    assert ended == run("--practitioner", "ana", "--list")
    assert ended == [
        {
            "id": granted[0]["id"],
            "practitioner": "ana",
            "variant": "mn_any",
            "place": "salt-lake-city",
            "max_depth_mm": 1.5,
            "from": "2026-01-01",
            "until": "2026-03-31",
            "conditions_open": [],
        }
    ]


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["--variant", "dn_any"], "--practitioner SLUG"),
        (["--practitioner", "ana"], "--variant CODE"),
        (["--practitioner", "ana", "--variant", "x"], "There are: dn_any"),
        (
            ["--practitioner", "ana", "--variant", "dn_any", "--place", "x"],
            "There are: salt-lake-city",
        ),
        (
            ["--practitioner", "ana", "--variant", "dn_any", "--max-depth", "1"],
            "has no depth",
        ),
        (["--end", "7", "--until", "2026-03-31"], "There is no privilege 7"),
        (["--end", "7"], "--until DATE"),
    ],
)
def test_command_ends_with_two_and_a_sentence(arguments, part):
    PractitionerFactory(slug="ana")
    LocationFactory()
    TreatmentVariantFactory()

    with pytest.raises(CommandError) as refused:
        call_command("privilege", *arguments)

    assert part in str(refused.value)
    assert refused.value.returncode == 2
    assert not Privilege.objects.exists()
