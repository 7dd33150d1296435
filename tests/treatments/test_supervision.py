"""Supervision agreements and orders are made, changed and ended; every step is audited."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from clinic import access
from clinic.models import AuditEvent
from tests import factories
from treatments import actions
from treatments.models import Order, SupervisionAgreement

NOW = datetime(2026, 1, 5, 16, tzinfo=UTC)
TODAY = NOW.date()

pytestmark = pytest.mark.django_db


@pytest.fixture
def variant():
    return factories.TreatmentVariantFactory(
        code="mn_any", treatment__code="microneedling"
    )


@pytest.fixture
def who():
    return factories.PractitionerFactory(slug="nurse")


@pytest.fixture
def doctor():
    """Somebody who may prescribe in Utah."""
    doctor = factories.PractitionerFactory(slug="doctor")
    role = factories.RoleFactory(
        code="dermatologist", groups="clinician_skin,prescriber"
    )
    factories.QualificationFactory(practitioner=doctor, role=role)
    return doctor


def make(who, *supervisors, **fields):
    return actions.make_agreement(
        practitioner=who, supervisors=supervisors, by=None, now=NOW, **fields
    )


def record(variant, **fields):
    given = {"valid_from": TODAY, "by": None, "now": NOW, **fields}
    return actions.record_order(treatment=variant.treatment, **given)


# Agreements.


def test_an_agreement_says_who_works_under_whom(who, doctor, variant):
    second = factories.PractitionerFactory(slug="second")
    boss = factories.UserFactory()

    made = actions.make_agreement(
        practitioner=who,
        supervisors=[second, doctor],
        variant=variant,
        max_depth_mm=Decimal("1.0"),
        by=boss,
        now=NOW,
    )

    assert set(made.supervisors.all()) == {doctor, second}
    assert (made.made_by, made.made_at) == (boss, NOW)
    event = AuditEvent.objects.get(verb="made agreement")
    assert event.detail["supervisors"] == ["doctor", "second"]
    assert event.detail["max_depth_mm"] == "1.0"


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "variant or a treatment"),
        ({"both": True}, "variant or a treatment"),
        ({"of": "variant", "max_depth_mm": Decimal(0)}, "between 0 and 100"),
        (
            {"of": "variant", "valid_from": TODAY, "valid_until": date(2026, 1, 4)},
            "before it begins",
        ),
    ],
)
def test_an_agreement_that_contradicts_itself_is_refused(
    who, doctor, variant, fields, text
):
    fields = dict(fields)
    if fields.pop("of", None) or fields.get("both"):
        fields["variant"] = variant
    if fields.pop("both", None):
        fields["treatment"] = variant.treatment

    with pytest.raises(actions.AgreementImpossible, match=text):
        make(who, doctor, **fields)

    assert not SupervisionAgreement.objects.exists()


def test_nobody_supervises_themselves_and_somebody_must(who, doctor, variant):
    with pytest.raises(actions.AgreementImpossible, match="themselves"):
        make(who, doctor, who, variant=variant)
    with pytest.raises(actions.AgreementImpossible, match="at least one"):
        make(who, variant=variant)


def test_an_agreement_is_changed_and_ended(who, doctor, variant):
    second = factories.PractitionerFactory(slug="second")
    made = make(who, doctor, variant=variant)
    limits = {"location": None, "max_depth_mm": None}

    actions.change_agreement(
        agreement=made,
        supervisors=[second],
        valid_from=TODAY,
        valid_until=None,
        by=None,
        now=NOW,
        **limits,
    )
    actions.end_agreement(agreement=made, valid_until=TODAY, by=None, now=NOW)

    made.refresh_from_db()
    assert list(made.supervisors.all()) == [second]
    assert (made.valid_from, made.valid_until) == (TODAY, TODAY)
    verbs = list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["made agreement", "changed agreement", "ended agreement"]
    with pytest.raises(actions.AgreementImpossible, match="before it begins"):
        actions.end_agreement(
            agreement=made, valid_until=date(2026, 1, 4), by=None, now=NOW
        )


def test_practitioner_and_every_supervisor_old_and_new_are_locked(
    who, doctor, variant, monkeypatch
):
    second = factories.PractitionerFactory(slug="second")
    made = make(who, doctor, variant=variant)
    locked = []
    monkeypatch.setattr("treatments.actions.supervision.lock", locked.append)

    actions.change_agreement(
        agreement=made,
        supervisors=[second],
        location=None,
        max_depth_mm=None,
        valid_from=None,
        valid_until=None,
        by=None,
        now=NOW,
    )

    assert locked == sorted([who.pk, doctor.pk, second.pk])


# Orders.


def test_an_order_is_recorded_for_a_patient(doctor, variant):
    patient = factories.PatientFactory()

    order = record(variant, patient=patient, prescriber=doctor)

    event = AuditEvent.objects.get(verb="recorded order")
    assert event.patient == patient
    assert event.detail["prescriber"] == "doctor"
    assert (order.kind, order.recorded_at) == ("order", NOW)
    assert patient.name not in str(order)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "for which patient"),
        ({"kind": "referral", "standing": True}, "for one patient"),
        ({"standing": True, "prescriber": None}, "who prescribed"),
        ({"standing": True, "prescriber_outside": "Dr. X"}, "who prescribed"),
        ({"standing": True, "valid_until": TODAY - timedelta(1)}, "before it begins"),
        ({"standing": True, "valid_from": date(2031, 1, 1)}, "no verified licence"),
    ],
)
def test_an_order_that_could_never_count_is_refused(who, doctor, variant, fields, text):
    given = {"prescriber": doctor, **fields}
    if given.pop("standing", False):
        given["practitioner"] = who

    with pytest.raises(actions.OrderImpossible, match=text):
        record(variant, **given)

    assert not Order.objects.exists()


def test_a_prescriber_here_is_one_by_licence_verified_and_for_the_place(
    who, doctor, variant
):
    patient = factories.PatientFactory()
    arizona = factories.LocationFactory(slug="phoenix", jurisdiction="US-AZ")
    factories.QualificationFactory(practitioner=who)

    with pytest.raises(actions.OrderImpossible, match="no verified licence"):
        record(variant, patient=patient, prescriber=who)
    with pytest.raises(actions.OrderImpossible, match="no verified licence"):
        record(variant, patient=patient, prescriber=doctor, location=arizona)
    with pytest.raises(actions.OrderImpossible, match="own work"):
        record(variant, practitioner=doctor, prescriber=doctor)
    record(variant, patient=patient, prescriber_outside="Dr. Elsewhere, licence 7")


def test_an_order_is_changed_and_ended(doctor, variant):
    order = record(variant, patient=factories.PatientFactory(), prescriber=doctor)

    actions.change_order(
        order=order,
        location=None,
        max_depth_mm=Decimal("0.5"),
        valid_from=TODAY,
        valid_until=None,
        by=None,
        now=NOW,
    )
    actions.end_order(order=order, valid_until=TODAY, by=None, now=NOW)

    order.refresh_from_db()
    assert (order.max_depth_mm, order.valid_until) == (Decimal("0.5"), TODAY)
    assert AuditEvent.objects.filter(verb="ended order").exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"patient": None},
        {"prescriber_outside": ""},
        {"kind": "referral", "patient": None, "practitioner": True},
        {"valid_until": date(2025, 12, 31)},
    ],
)
def test_the_database_refuses_an_order_that_is_none(who, fields):
    if fields.get("practitioner"):
        fields = {**fields, "practitioner": who}

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.OrderFactory(**fields)


def test_the_database_refuses_an_agreement_about_nothing(variant):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.SupervisionAgreementFactory(treatment=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.SupervisionAgreementFactory(variant=variant)


# The command.


@pytest.fixture
def run(capsys):
    def command(*arguments):
        call_command("supervision", *arguments)
        return json.loads(capsys.readouterr().out)

    return command


def test_command_makes_lists_and_ends(run, who, doctor, variant):
    [made] = run(
        *("--practitioner", "nurse", "--supervisor", "doctor"),
        *("--variant", "mn_any", "--max-depth", "0.5", "--from", "2026-01-01"),
    )

    assert made == {
        "id": SupervisionAgreement.objects.get().pk,
        "practitioner": "nurse",
        "supervisors": ["doctor"],
        "variant": "mn_any",
        "treatment": None,
        "place": None,
        "max_depth_mm": 0.5,
        "from": "2026-01-01",
        "until": None,
    }
    assert run("--list", "--practitioner", "nurse") == [made]
    [ended] = run("--end", str(made["id"]), "--until", "2026-03-31")
    assert ended == {**made, "until": "2026-03-31"}


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--variant", "mn_any"], "--practitioner"),
        (["--practitioner", "nobody"], "There is no practitioner"),
        (["--practitioner", "nurse", "--variant", "mn_any"], "at least one supervisor"),
        (
            ["--practitioner", "nurse", "--supervisor", "doctor"],
            "variant or a treatment",
        ),
        (["--end", "7", "--until", "2026-03-31"], "There is no agreement 7"),
        (["--end", "7"], "--until"),
    ],
)
def test_command_says_what_is_missing(run, who, doctor, variant, arguments, text):
    with pytest.raises(CommandError, match=text) as refused:
        run(*arguments)

    assert refused.value.returncode == 2


# The back office.


@pytest.fixture
def boss(client):
    user = factories.UserFactory(groups=[access.CLINIC_ADMIN], is_staff=True)
    client.force_login(user)
    return user


LIMITS = dict.fromkeys(("location", "max_depth_mm", "valid_from", "valid_until"), "")


def test_an_agreement_is_made_and_changed_in_the_back_office(
    client, boss, who, doctor, variant
):
    add = "/admin/treatments/supervisionagreement/add/"
    form = {"practitioner": who.pk, "supervisors": [doctor.pk], **LIMITS}

    refused = client.post(add, form)
    assert "variant or a treatment" in refused.content.decode()
    assert client.post(add, {**form, "variant": variant.pk}).status_code == 302

    made = SupervisionAgreement.objects.get()
    assert (made.made_by, list(made.supervisors.all())) == (boss, [doctor])
    page = f"/admin/treatments/supervisionagreement/{made.pk}/change/"
    assert client.get(page).status_code == 200
    changed = {"supervisors": [doctor.pk], **LIMITS, "valid_until": "2026-03-31"}
    assert client.post(page, changed).status_code == 302
    made.refresh_from_db()
    assert made.valid_until == date(2026, 3, 31)
    assert AuditEvent.objects.get(verb="changed agreement").by == boss


def test_an_order_is_recorded_and_changed_in_the_back_office(
    client, boss, doctor, variant
):
    patient = factories.PatientFactory()
    add = "/admin/treatments/order/add/"
    form = {
        **LIMITS,
        "kind": "order",
        "treatment": variant.treatment_id,
        "patient": patient.pk,
        "prescriber": doctor.pk,
        "valid_from": "2026-01-05",
    }

    refused = client.post(add, {**form, "patient": ""})
    assert "for which patient" in refused.content.decode()
    assert client.post(add, form).status_code == 302

    order = Order.objects.get()
    page = f"/admin/treatments/order/{order.pk}/change/"
    assert client.get(page).status_code == 200
    changed = {**LIMITS, "valid_from": "2026-01-05", "valid_until": "2026-03-31"}
    assert client.post(page, changed).status_code == 302
    order.refresh_from_db()
    assert order.valid_until == date(2026, 3, 31)
    for model in ("order", "supervisionagreement"):
        assert client.get(f"/admin/treatments/{model}/").status_code == 200
