"""manage.py qualification: papers from scripts, and a sentence for what is unknown."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import CommandParser

from clinic.management.commands import qualification
from clinic.models import Qualification
from tests.factories import (
    CredentialKindFactory,
    PractitionerFactory,
    QualificationFactory,
    RoleFactory,
    UserFactory,
)

LICENCE = [
    *("--practitioner", "ana", "--kind", "state_licence"),
    *("--role", "physical_therapist", "--jurisdiction", "US-UT"),
    *("--from", "2023-01-01", "--until", "2026-03-31"),
]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ana():
    """Give Ana, who has no papers yet; Vera is staff, and the kinds are there."""
    UserFactory(email="vera@example.com", is_staff=True)
    CredentialKindFactory(roles="physical_therapist,chiropractor")
    CredentialKindFactory(code="dn_course", kind="course")
    RoleFactory()
    return PractitionerFactory(slug="ana")


@pytest.fixture
def run(capsys):
    """Give a function that runs the command; gives its rows and its complaints."""

    def command(*arguments):
        call_command("qualification", *arguments)
        printed = capsys.readouterr()
        return json.loads(printed.out), printed.err

    return command


def test_licence_is_put_on_file_and_verified(run):
    rows, complaints = run(*LICENCE, "--verified-by", "Vera@example.com")

    assert rows == [
        {
            "id": Qualification.objects.get().pk,
            "practitioner": "ana",
            "kind": "state_licence",
            "role": "physical_therapist",
            "jurisdiction": "US-UT",
            "number": "",
            "issuer": "",
            "from": "2023-01-01",
            "until": "2026-03-31",
            "foundation_hours": None,
            "specific_hours": None,
            "in_person_hours": None,
            "supervised_sessions": None,
            "exclusions": "",
            "verified_by": "vera@example.com",
            "verified_on": rows[0]["verified_on"],
        }
    ]
    assert complaints == ""


def test_paper_that_nobody_verified_is_said_not_to_count(run):
    rows, complaints = run(
        *("--practitioner", "ana", "--kind", "dn_course"),
        *("--specific-hours", "60", "--in-person-hours", "49.5"),
        *("--supervised-sessions", "25"),
    )

    assert (rows[0]["specific_hours"], rows[0]["in_person_hours"]) == (60, 49.5)
    assert (rows[0]["supervised_sessions"], rows[0]["verified_by"]) == (25, None)
    assert f"--verify {rows[0]['id']} --verified-by EMAIL" in complaints


def test_paper_is_changed_verified_ended_and_listed(run, ana):
    paper = QualificationFactory(practitioner=ana)
    QualificationFactory()  # somebody else's
    key = str(paper.pk)

    changed, complaints = run("--change", key, "--number", "PT-2")
    assert (changed[0]["number"], changed[0]["verified_by"]) == ("PT-2", None)
    assert "--verify" in complaints
    verified, _ = run("--verify", key, "--verified-by", "vera@example.com")
    assert verified[0]["verified_by"] == "vera@example.com"
    ended, _ = run("--end", key, "--until", "2026-03-31")
    assert (ended[0]["until"], ended[0]["verified_by"]) == (
        "2026-03-31",
        "vera@example.com",
    )
    listed, _ = run("--practitioner", "ana", "--list")
    assert listed == ended
    paper.refresh_from_db()
    assert paper.valid_until == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["--kind", "dn_course"], "--practitioner SLUG"),
        (["--practitioner", "ana"], "--kind CODE"),
        (["--practitioner", "bob", "--list"], "There are: ana"),
        (["--practitioner", "ana", "--kind", "magic"], "There are: dn_course, state"),
        ([*LICENCE, "--role", "wizard"], "There are: physical_therapist"),
        ([*LICENCE, "--jurisdiction", "Utah"], "no jurisdiction"),
        ([*LICENCE, "--until", "2020-01-01"], "before it begins"),
        ([*LICENCE, "--verified-by", "eve@example.com"], "Staff are: vera@example.com"),
        ([*LICENCE, "--from", "2026-02-30"], "is no date"),
        ([*LICENCE, "--specific-hours", "NaN"], "is no amount"),
        ([*LICENCE, "--specific-hours", "-1"], "is no amount"),
        ([*LICENCE, "--supervised-sessions", "9" * 30], "supervised sessions"),
        ([*LICENCE, "--number", "a\0b"], "cannot be stored"),
        ([*LICENCE, "--practitioner", "\udcff"], "cannot be stored"),
        (["--practitioner", "ana", "--kind", "state_licence"], "Give a role"),
        (["--end", "1"], "--until DATE"),
        (["--end", "9" * 30, "--until", "2026-03-31"], "There is no qualification"),
        (["--verify", "1"], "--verified-by EMAIL"),
        (["--list", "--end", "1"], "not allowed with"),
    ],
)
def test_what_is_unknown_ends_with_a_sentence_and_writes_nothing(run, arguments, part):
    with pytest.raises(CommandError) as refused:
        run(*arguments)

    assert part in str(refused.value)
    assert not Qualification.objects.exists()


def test_refusal_ends_with_two():
    with pytest.raises(CommandError) as refused:
        call_command("qualification", "--practitioner", "bob", "--list")

    assert refused.value.returncode == 2


def test_paper_is_not_added_when_the_one_who_looked_is_no_staff(run):
    UserFactory(email="eve@example.com")

    with pytest.raises(CommandError, match="is not staff"):
        run(*LICENCE, "--verified-by", "eve@example.com")

    assert not Qualification.objects.exists()


def test_help_lists_kinds_roles_and_practitioners():
    parser = qualification.Command().create_parser("manage.py", "qualification")

    assert isinstance(parser, CommandParser)
    text = parser.format_help()
    assert "kinds: dn_course, state_licence" in text
    assert "roles: physical_therapist" in text
    assert "practitioners: ana" in text
