"""manage.py slots and why: what pages offer, for programs, and sentences of refusal."""

import json
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from bookings import slots
from bookings.management.commands import slots as slots_command
from tests import worlds
from tests.factories import AppointmentFactory, PatientFactory, UserFactory

NOW = "2026-01-05T09:00:30-07:00"
TEN = "2026-02-02T10:00-07:00"
SLOTS = ["slots", "mn_face_05", "--place", "us-ut", "--from", "2026-02-02"]
WHY = ["why", "mn_face_05", "--place", "us-ut", "--practitioner", "ana", "--at", TEN]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ana():
    """Give Ana, who may micro-needle in Utah from eight to six, every day."""
    worlds.load_shipped()
    return worlds.somebody(
        "dermatologist",
        worlds.place(),
        worlds.licence("dermatologist", "US-UT"),
        worlds.paper("device_training"),
        slug="ana",
    )


@pytest.fixture
def run(capsys):
    """Give a function that runs a command at NOW; gives its output and complaints."""

    def command(*arguments):
        call_command(*arguments, "--now", NOW)
        return capsys.readouterr()

    return command


def test_slots_are_those_of_the_pages_at_the_clock_of_the_place(run, ana):
    printed = run(*SLOTS, "--days", "1", "--json")

    rows = json.loads(printed.out)
    question = worlds.asked("mn_face_05", worlds.place())
    offered = slots.open_slots(
        question,
        first_day=worlds.MONDAY,
        days=1,
        now=datetime(2026, 1, 5, 16, 0, 30, tzinfo=UTC),
    )
    assert [row["start"] for row in rows] == [
        slot.start.astimezone(question.place.tz).isoformat() for slot in offered
    ]
    ten = next(row for row in rows if row["start"] == "2026-02-02T10:00:00-07:00")
    length = question.variant.duration
    assert ten == {
        "practitioner": "ana",
        "place": "us-ut",
        "start": "2026-02-02T10:00:00-07:00",
        "end": (datetime.fromisoformat(TEN) + length).isoformat(),
    }
    assert printed.err.count("\n") == 1
    assert "patient's own rules" in printed.err


def test_patient_is_found_by_either_address_and_their_rules_are_asked(run, ana):
    patient = PatientFactory(
        email="Pat@example.com", user=UserFactory(email="signs-in@example.com")
    )
    AppointmentFactory(patient=patient, starts_at=worlds.MONDAY_10)

    for address in ("pat@EXAMPLE.com", "signs-in@example.com"):
        printed = run(*WHY, "--patient", address, "--json")

        assert "OVERLAP_PATIENT" in {row["code"] for row in json.loads(printed.out)}
        assert printed.err == ""


def test_why_is_empty_when_it_can_be_booked(run):
    printed = run(*WHY, "--json")

    assert json.loads(printed.out) == []
    assert printed.err.count("\n") == 1


def test_why_names_reason_remedy_and_the_first_moment_at_the_place(run):
    printed = run(*WHY[:-1], "2026-02-02T07:00-07:00", "--json")

    (row,) = json.loads(printed.out)
    assert set(row) == {
        *("code", "severity", "subject", "message"),
        *("desk", "detail", "remedy", "first_possible"),
    }
    assert (row["code"], row["severity"]) == ("OUTSIDE_HOURS", "policy")
    assert datetime.fromisoformat(row["first_possible"]).isoformat().endswith("-07:00")
    assert row["first_possible"].startswith("2026-02-02T08:")


def test_areas_and_depth_are_asked(run):
    printed = run(*WHY, "--areas", "nose", "--depth", "5", "--json")

    codes = {row["code"] for row in json.loads(printed.out)}
    assert {code for code in codes if code.startswith("DEPTH_OVER")}


def test_people_read_a_table(run):
    printed = run(*SLOTS, "--days", "1").out

    assert printed.splitlines()[0] == "Us Ut, America/Denver"
    assert "Mon 2026-02-02  10:00-" in printed
    assert "OUTSIDE_HOURS (policy" in run(*WHY[:-1], "2026-02-02T07:00-07:00").out
    assert run(*WHY).out == "It can be booked.\n"
    assert run(*SLOTS[:-1], "2020-01-01").out == "No time is free.\n"


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["slots", "magic", *SLOTS[2:]], "“magic”"),
        ([*SLOTS, "--place", "atlantis"], "“atlantis”"),
        ([*SLOTS, "--practitioner", "bob"], "“bob”"),
        ([*SLOTS, "--practitioner", "b\0\nob. Yes\udcff"], "no practitioner"),
        ([*SLOTS, "--practitioner", ""], "name somebody"),
        ([*WHY, "--practitioner", ""], "name somebody"),
        ([*SLOTS, "--areas", "wing"], "“wing”"),
        ([*SLOTS, "--areas", "nose:up"], "is no side"),
        ([*SLOTS, "--areas", "a b"], "is no area: choose"),
        ([*SLOTS, "--areas", ","], "at least one area"),
        ([*SLOTS, "--depth", "deep"], "is no depth"),
        ([*SLOTS, "--depth", "NaN"], "is no depth"),
        ([*SLOTS, "--depth", "1e400"], "is no depth"),
        ([*SLOTS, "--patient", "nobody@example.com"], "No patient has"),
        ([*SLOTS, "--patient", ""], "No patient has"),
        ([*SLOTS, "--patient", "a\0\udcff"], "No patient has"),
        ([*SLOTS, "--patient", "two@example.com"], "Several patients have"),
        ([*SLOTS, "--from", "2026-02-30"], "is no date"),
        ([*SLOTS, "--from", "9999-12-31", "--days", "2"], "this century"),
        ([*SLOTS, "--from", "0001-01-01"], "this century"),
        ([*SLOTS, "--days", "0"], "1 to 92"),
        ([*SLOTS, "--days", "93"], "1 to 92"),
        ([*SLOTS, "--days", "-1"], "1 to 92"),
        ([*SLOTS, "--days", "9" * 5000], "1 to 92"),
        ([*WHY[:-1], "2026-02-02T10:00"], "offset"),
        ([*WHY[:-1], "2026-02-30T10:00-07:00"], "is no time"),
        ([*WHY[:-1], "0001-01-01T00:00+14:00"], "this century"),
        ([*WHY[:-1], "2026-02-02T10:00:30-07:00"], "whole minute"),
        ([*WHY, "--now", "yesterday"], "is no time"),
        (["slots", "mn_face_05"], "--place"),
        ([*SLOTS, "--surprise"], "unrecognized arguments"),
    ],
)
def test_what_is_unknown_ends_with_two_and_a_sentence(capsys, arguments, part):
    PatientFactory(user=None, email="two@example.com")
    PatientFactory(user=None, email="TWO@example.com")

    with pytest.raises(CommandError) as refused:
        call_command(*arguments)

    sentence = str(refused.value)
    assert part in sentence
    assert refused.value.returncode == 2
    assert "\n" not in sentence
    assert ". " not in sentence
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "arguments", [["magic", *SLOTS[2:]], ["mn_face_05"], [*SLOTS[1:], "--surprise"]]
)
def test_terminal_gets_one_line(capsys, arguments):
    with pytest.raises(SystemExit) as ended:
        slots_command.Command().run_from_argv(["manage.py", "slots", *arguments])

    printed = capsys.readouterr()
    assert ended.value.code == 2
    assert printed.out == ""
    assert printed.err.count("\n") == 1


def test_days_gone_by_offer_nothing(run):
    assert json.loads(run(*SLOTS[:-1], "1999-01-01", "--json").out) == []


@pytest.mark.parametrize("demo", [False, True])
def test_help_lists_names_and_patients_only_in_the_demo(settings, demo):
    settings.DEMO = demo
    PatientFactory(user=None, email="pat@example.com")
    PatientFactory(user=UserFactory(email="ann@example.com"), email="")

    text = slots_command.Command().create_parser("manage.py", "slots").format_help()

    for name in ("mn_face_05", "us-ut", "ana", "nose"):
        assert name in text
    assert ("ann@example.com, pat@example.com" in text) is demo
