"""What may be done to people and their papers, and what is refused with a reason."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic import access, actions
from clinic.models import AuditEvent, Patient, Qualification
from tests.factories import (
    CredentialKindFactory,
    FrontDeskUserFactory,
    LocationFactory,
    PatientFactory,
    PractitionerFactory,
    QualificationFactory,
    RoleFactory,
    UserFactory,
)

NOW = datetime(2026, 1, 5, 3, tzinfo=UTC)  # the evening of the 4th in Denver

pytestmark = pytest.mark.django_db


def register(**fields):
    who = {"given_name": " Ada ", "family_name": "Byron", "by": None, "now": NOW}
    return actions.register_patient(**{**who, **fields})


def test_register_patient_keeps_what_the_desk_searches_by():
    desk = FrontDeskUserFactory()

    patient = register(phone="+1 (801) 555-0100", email="Ada@Example.com", by=desk)

    assert (patient.name, patient.email) == ("Ada Byron", "ada@example.com")
    assert patient.phone_digits == "18015550100"
    assert (patient.created_at, patient.registered_by) == (NOW, desk)
    assert list(Patient.objects.matching("ada 5550100")) == [patient]
    assert AuditEvent.objects.get().patient == patient


def test_register_patient_who_signs_in_joins_the_patients():
    user = UserFactory()

    register(user=user, by=user)

    assert [group.name for group in user.groups.all()] == [access.PATIENT]


def test_birth_date_is_not_before_1900_nor_after_today_at_any_place():
    LocationFactory()

    assert register(birth_date=date(2026, 1, 4)).birth_date == date(2026, 1, 4)
    for impossible in [date(2026, 1, 5), date(1899, 12, 31)]:
        with pytest.raises(actions.BirthDateImpossible):
            register(birth_date=impossible)
    assert Patient.objects.count() == 1


def test_change_patient_writes_the_new_details_and_which_they_were():
    patient = PatientFactory(phone="801 555 0100", phone_digits="8015550100")

    actions.change_patient(
        patient=patient,
        given_name=patient.given_name,
        family_name="Newname",
        phone="602 555 0199",
        by=patient.user,
        now=NOW,
    )

    patient.refresh_from_db()
    assert (patient.family_name, patient.phone_digits) == ("Newname", "6025550199")
    assert AuditEvent.objects.get().detail == {
        "fields": ["family_name", "folded_name", "phone", "phone_digits"]
    }


@pytest.mark.parametrize(
    ("before", "sign_in", "after", "told"),
    [
        ("old@example.com", None, "new@example.com", ["old@example.com"]),
        ("old@example.com", None, "", ["old@example.com"]),
        ("old@example.com", None, "Old@Example.com ", []),
        ("old@example.com", None, None, []),
        ("", None, "new@example.com", []),
        ("", "own@example.com", "new@example.com", ["own@example.com"]),
        ("old@example.com", "own@example.com", "", ["old@example.com"]),
        ("own@example.com", "own@example.com", "", []),
    ],
)
def test_old_address_is_told_that_it_was_changed_and_nothing_more(
    before, sign_in, after, told, mailoutbox, django_capture_on_commit_callbacks
):
    user = UserFactory(email=sign_in) if sign_in else None
    patient = PatientFactory(
        user=user, given_name="Ada", email=before, phone="", phone_digits=""
    )
    names = {"given_name": "Ada", "family_name": patient.family_name}

    with django_capture_on_commit_callbacks(execute=True):
        actions.change_patient(
            patient=patient, **names, email=after, by=FrontDeskUserFactory(), now=NOW
        )

    patient.refresh_from_db()
    assert patient.email == (before if after is None else after.strip().lower())
    assert [message.to for message in mailoutbox] == [[each] for each in told]
    changed = AuditEvent.objects.filter(verb="changed patient")
    assert [row.detail for row in changed] == (
        [{"fields": ["email"]}] if patient.email != before else []
    )
    for message in mailoutbox:
        for words in (message.subject, message.body, message.alternatives[0][0]):
            assert "new@example.com" not in words
            assert "Ada" not in words
            assert patient.family_name not in words


def test_change_stands_when_the_old_address_cannot_be_told(
    monkeypatch, caplog, django_capture_on_commit_callbacks
):
    def broken(message):
        raise OSError(f"no way to {message.to}")

    caplog.set_level("WARNING", "clinic")
    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", broken)
    patient = PatientFactory(user=None, email="old@example.com")
    names = {"given_name": "Ada", "family_name": "Byron"}

    with django_capture_on_commit_callbacks(execute=True):
        actions.change_patient(
            patient=patient,
            **names,
            email="new@example.com",
            by=FrontDeskUserFactory(),
            now=NOW,
        )

    patient.refresh_from_db()
    assert patient.email == "new@example.com"
    assert "OSError" in caplog.text
    assert "old@example.com" not in caplog.text


def test_patient_is_found_and_written_to_by_the_address_of_the_account():
    patient = PatientFactory(user=UserFactory(email="own@example.com"), email="")

    assert patient.contact_email == "own@example.com"
    assert list(Patient.objects.matching("own@example")) == [patient]


def test_birth_date_on_file_is_corrected_at_the_desk_only():
    patient = PatientFactory(birth_date=date(1990, 4, 12))
    change = {
        "patient": patient,
        "given_name": "Pat",
        "family_name": "Doe",
        "birth_date": date(1991, 4, 12),
        "now": NOW,
    }

    with pytest.raises(actions.BirthDateOnFile, match="Call us"):
        actions.change_patient(**change, by=patient.user)
    actions.change_patient(**change, by=FrontDeskUserFactory())

    patient.refresh_from_db()
    assert patient.birth_date == date(1991, 4, 12)


def licence(**fields):
    """A physical therapist's licence of Utah, as `add_qualification` is given it."""
    kind = CredentialKindFactory(roles="physical_therapist,chiropractor")
    return {
        "practitioner": PractitionerFactory(),
        "kind": kind,
        "role": RoleFactory(),
        "jurisdiction": "US-UT",
        "valid_from": date(2025, 1, 1),
        "valid_until": date(2026, 3, 31),
        "by": None,
        "now": NOW,
        **fields,
    }


def test_added_paper_counts_for_nobody_until_it_is_verified():
    LocationFactory()
    paper = actions.add_qualification(**licence())
    assert (paper.verified_by, paper.verified_on) == (None, None)
    desk = FrontDeskUserFactory()

    actions.verify_qualification(qualification=paper, by=desk, now=NOW)

    paper.refresh_from_db()
    assert paper.verified_by == desk
    assert paper.verified_on == date(2026, 1, 4)  # the day in Utah
    verbs = AuditEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["added qualification", "verified qualification"]


def test_paper_may_be_added_and_verified_at_once():
    paper = actions.add_qualification(
        **licence(), verified_by=UserFactory(is_staff=True)
    )

    assert paper.verified_on == date(2026, 1, 5)  # no place of ours lies in Utah


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ({"valid_until": date(2024, 12, 31)}, "before it begins"),
        ({"jurisdiction": "Utah"}, "no jurisdiction"),
        ({"jurisdiction": ""}, "Give its jurisdiction"),
        ({"role": None}, "Give a role: chiropractor, physical_therapist"),
        ({"specific_hours": Decimal(-1)}, "specific hours: Give 0 or more"),
        ({"specific_hours": Decimal("NaN")}, "specific hours"),
        ({"supervised_sessions": 10**30}, "supervised sessions"),
        ({"number": "9" * 61}, "number"),
    ],
)
def test_paper_that_nobody_can_hold_is_refused(fields, part):
    with pytest.raises(actions.PaperImpossible, match=part):
        actions.add_qualification(**licence(**fields))

    assert not Qualification.objects.exists()


def test_paper_is_not_issued_to_a_role_that_its_kind_does_not_list():
    nurse = RoleFactory(code="registered_nurse")

    with pytest.raises(actions.PaperImpossible, match="not issued to the role"):
        actions.add_qualification(**licence(role=nurse))


def test_licence_of_one_profession_names_that_profession():
    aesthetician = RoleFactory(code="aesthetician")
    kind = CredentialKindFactory(code="esthetics_licence", roles="aesthetician")

    paper = actions.add_qualification(**licence(kind=kind, role=None))

    assert paper.role == aesthetician


def test_who_is_no_staff_verifies_nothing():
    paper = QualificationFactory(verified_by=None)

    with pytest.raises(actions.MayNotVerify, match="is not staff"):
        actions.verify_qualification(qualification=paper, by=UserFactory(), now=NOW)


def test_nobody_verifies_their_own_paper():
    user = UserFactory(is_staff=True)
    paper = QualificationFactory(
        practitioner=PractitionerFactory(user=user), verified_by=None
    )

    with pytest.raises(actions.MayNotVerify, match="their own"):
        actions.verify_qualification(qualification=paper, by=user, now=NOW)

    paper.refresh_from_db()
    assert paper.verified_by is None


@pytest.mark.parametrize(
    ("fields", "stands"),
    [
        ({"specific_hours": 60}, False),
        ({"jurisdiction": "US-AZ"}, False),
        ({"valid_until": date(2031, 12, 31)}, False),
        ({"valid_until": date(2029, 12, 31)}, True),
        ({"number": ""}, True),  # as it was
    ],
)
def test_changed_paper_is_verified_again(fields, stands):
    paper = QualificationFactory()

    changed = actions.change_qualification(
        qualification=paper, by=None, now=NOW, **fields
    )

    changed.refresh_from_db()
    assert (changed.verified_by is not None) is stands


def test_end_qualification_keeps_the_verification_and_says_what_was():
    paper = QualificationFactory()

    actions.end_qualification(
        qualification=paper, valid_until=date(2026, 3, 31), by=None, now=NOW
    )

    paper.refresh_from_db()
    assert paper.valid_until == date(2026, 3, 31)
    assert paper.verified_by is not None
    assert AuditEvent.objects.get().detail == {
        "before": "2030-12-31",
        "after": "2026-03-31",
    }


def test_what_nobody_has_verified_a_paper_does_not_count_for_longer():
    last = date(2026, 3, 31)
    paper = QualificationFactory(valid_until=last)

    for later in (date(2026, 4, 1), date(2030, 1, 1)):
        with pytest.raises(actions.PaperImpossible, match="2026-03-31 already"):
            actions.end_qualification(
                qualification=paper, valid_until=later, by=None, now=NOW
            )
    actions.end_qualification(qualification=paper, valid_until=last, by=None, now=NOW)

    paper.refresh_from_db()
    assert paper.valid_until == last


def test_paper_does_not_end_before_it_begins():
    with pytest.raises(actions.PaperImpossible, match="before it begins"):
        actions.end_qualification(
            qualification=QualificationFactory(),
            valid_until=date(2019, 12, 31),
            by=None,
            now=NOW,
        )


@pytest.mark.parametrize(
    "act",
    [
        lambda paper, who: actions.add_qualification(
            **{**licence(), "practitioner": paper.practitioner}
        ),
        lambda paper, who: actions.change_qualification(
            qualification=paper, number="2", by=who, now=NOW
        ),
        lambda paper, who: actions.verify_qualification(
            qualification=paper, by=who, now=NOW
        ),
        lambda paper, who: actions.end_qualification(
            qualification=paper, valid_until=date(2026, 3, 31), by=who, now=NOW
        ),
    ],
    ids=["add", "change", "verify", "end"],
)
def test_practitioner_is_locked_before_a_paper_is_read_or_written(act):
    paper, who = QualificationFactory(), UserFactory(is_staff=True)

    with CaptureQueriesContext(connection) as asked:
        act(paper, who)

    about = [q["sql"] for q in asked if "clinic_" in q["sql"]]
    locked = next(
        n for n, sql in enumerate(about) if 'FROM "clinic_practitioner"' in sql
    )
    touched = next(n for n, sql in enumerate(about) if '"clinic_qualification"' in sql)
    assert locked < touched
    if connection.vendor == "postgresql":
        assert about[locked].endswith("FOR NO KEY UPDATE")
