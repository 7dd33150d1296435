"""The commands tell what they would break with --preview, and what they broke after."""

import json

import pytest
import time_machine
from django.core.management import call_command

from bookings.models import AtRisk
from clinic.models import Qualification
from tests import breaking
from tests.worlds import NOW
from treatments.models import Privilege, SupervisionAgreement

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clinic():
    with time_machine.travel(NOW, tick=False):
        breaking.clinic()
        yield


def rows():
    nurse = {"practitioner__slug": "nurse"}
    return {
        "qualification": Qualification.objects.get(**nurse, kind__kind="licence"),
        "privilege": Privilege.objects.get(**nurse, variant__code="mn_face_05"),
        "supervision": SupervisionAgreement.objects.get(**nurse),
    }


@pytest.mark.parametrize("command", ["qualification", "privilege", "supervision"])
def test_a_preview_changes_nothing_and_says_what_saving_flags(command, capsys):
    row = rows()[command]
    was = row.valid_until
    given = ["--end", str(row.pk), "--until", "2026-01-20"]

    call_command(command, *given, "--preview")

    told = json.loads(capsys.readouterr().out)
    row.refresh_from_db()
    assert (row.valid_until, AtRisk.objects.count()) == (was, 0)
    assert told["would_break"] == 2
    assert told["appointments"][0]["could_take"] == ["Doctor"]
    assert "Pat" not in json.dumps(told)

    call_command(command, *given)

    said = capsys.readouterr()
    assert json.loads(said.out)
    assert "2 appointments are at risk now" in said.err
    assert {str(flag.appointment.uid) for flag in AtRisk.objects.all()} == {
        each["appointment"] for each in told["appointments"]
    }
