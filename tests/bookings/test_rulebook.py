"""The copy of the rules in memory is never older than the database."""

import pytest
from django.db import connection, transaction

from bookings import rulebook
from bookings.models import RulebookStamp
from tests import factories

pytestmark = pytest.mark.django_db

FACTORIES = {
    "AreaDepth": factories.AreaDepthFactory,
    "AvailableTime": factories.AvailableTimeFactory,
    "BodyArea": factories.BodyAreaFactory,
    "CancellationPolicy": factories.CancellationPolicyFactory,
    "CoursePlan": factories.CoursePlanFactory,
    "CredentialKind": factories.CredentialKindFactory,
    "CredentialToken": factories.CredentialTokenFactory,
    "Location": lambda: factories.LocationFactory(equipment=False),
    "NotAvailableTime": factories.NotAvailableTimeFactory,
    "Device": factories.DeviceFactory,
    "OutOfService": factories.OutOfServiceFactory,
    "PlaceDay": factories.PlaceDayFactory,
    "Practitioner": factories.PractitionerFactory,
    "PractitionerRole": factories.PractitionerRoleFactory,
    "PremisesLicence": factories.PremisesLicenceFactory,
    "Privilege": factories.PrivilegeFactory,
    "Qualification": factories.QualificationFactory,
    "Role": factories.RoleFactory,
    "Room": factories.RoomFactory,
    "ScopeOfPractice": factories.ScopeOfPracticeFactory,
    "SingleDay": factories.SingleDayFactory,
    "SupervisionAgreement": factories.SupervisionAgreementFactory,
    "TravelTime": factories.TravelTimeFactory,
    "Treatment": factories.TreatmentFactory,
    "TreatmentVariant": factories.TreatmentVariantFactory,
}


def _supervisor_named():
    """The row that names a supervisor."""
    agreement = factories.SupervisionAgreementFactory()
    return agreement.supervisors.through.objects.get(supervisionagreement=agreement)


FACTORIES["SupervisionAgreement_supervisors"] = _supervisor_named
MODELS = [pytest.param(model, id=model.__name__) for model in rulebook.SOURCES]


def stamp():
    return RulebookStamp.objects.values_list("stamp", flat=True).get(pk=1)


@pytest.fixture
def changes():
    """Say whether the stamp has changed since it was last asked."""
    factories.RoleFactory(code="somebody")
    last = [stamp()]

    def changed():
        before, last[0] = last[0], stamp()
        return before != last[0]

    return changed


@pytest.mark.parametrize("model", MODELS)
def test_every_change_of_a_source_replaces_the_stamp(model, changes):
    row = FACTORIES[model.__name__]()
    assert changes()
    name = next(
        field.attname
        for field in model._meta.concrete_fields
        if field.attname.endswith(("_id", "code", "slug", "role")) or field.null
    )
    row.save()
    assert changes()
    model.objects.filter(pk=row.pk).update(**{name: getattr(row, name)})
    assert changes()
    table = connection.ops.quote_name(model._meta.db_table)
    column = connection.ops.quote_name(
        model._meta.get_field(name.removesuffix("_id")).column
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {column} = {column} WHERE id = %s",  # noqa: S608
            [row.pk],
        )
    assert changes()
    row.delete()
    assert changes()
    assert not changes()


def test_nothing_else_replaces_the_stamp(changes):
    factories.UserFactory()
    assert not changes()
    patient = factories.PatientFactory()
    assert not changes()
    variant = factories.TreatmentVariantFactory()
    role = factories.PractitionerRoleFactory()
    assert changes()
    factories.AppointmentFactory(patient=patient, role=role, variant=variant)
    assert not changes()


def test_every_table_that_is_read_is_a_source(django_assert_max_num_queries):
    with django_assert_max_num_queries(30) as captured:
        rulebook.Rulebook()

    known = {model._meta.db_table for model in rulebook.SOURCES}
    read = {
        table
        for table in connection.introspection.table_names()
        for query in captured
        if f'"{table}"' in query["sql"]
    }
    assert read <= known
    assert len(read) > 10


def test_one_query_while_nothing_changed(django_assert_num_queries):
    factories.RoleFactory()
    kept = rulebook.current()

    with django_assert_num_queries(1):
        assert rulebook.current() is kept
    factories.PractitionerFactory(slug="newcomer")
    assert "newcomer" in rulebook.current().practitioners


def test_a_change_that_is_rolled_back_leaves_no_trace():
    factories.PractitionerFactory(slug="one")
    before = rulebook.current()

    mark = transaction.savepoint()
    factories.PractitionerFactory(slug="two")
    assert set(rulebook.current().practitioners) == {"one", "two"}
    transaction.savepoint_rollback(mark)

    assert set(rulebook.current().practitioners) == {"one"}
    assert set(before.practitioners) == {"one"}


def add_and_fail():
    with transaction.atomic():
        factories.PractitionerFactory(slug="two")
        assert "two" in rulebook.current().practitioners
        raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_fails_leaves_no_wrong_rulebook():
    factories.PractitionerFactory(slug="one")
    rulebook.current()

    with pytest.raises(ZeroDivisionError):
        add_and_fail()

    assert set(rulebook.current().practitioners) == {"one"}


def test_without_a_stamp_nothing_is_kept():
    factories.PractitionerFactory()
    RulebookStamp.objects.all().delete()

    assert rulebook.current() is not rulebook.current()


def test_an_answer_is_worked_out_once_for_each_rulebook():
    factories.RoleFactory()
    book, calls = rulebook.current(), []

    for _ in range(2):
        assert book.worked_out("key", lambda: calls.append(1) or "answer") == "answer"
    assert calls == [1]


def test_what_is_worked_out_is_given_also_where_a_thread_clears_the_memory(monkeypatch):
    """Between keeping an answer and giving it, another thread may forget all."""
    book = rulebook.Rulebook()

    class Forgetful(dict):
        def __setitem__(self, key, value):
            super().__setitem__(key, value)
            self.clear()

    monkeypatch.setattr(book, "_memo", Forgetful())

    assert book.worked_out("key", lambda: 7) == 7
    assert book.worked_out("nothing", lambda: None) is None


def test_depths_of_micro_needling_hold_for_its_kinds_and_the_smaller_counts():
    for area, treatment, most in [
        ("cheeks", "microneedling", 1),
        ("cheeks", "rf_microneedling", 3),
        ("nose", "rf_microneedling", 2),
    ]:
        factories.AreaDepthFactory(area=area, treatment=treatment, max_mm=most)

    book = rulebook.Rulebook()

    assert book.depth_caps("rf_microneedling") == {"cheeks": 1, "nose": 2}
    assert book.depth_caps("microneedling") == {"cheeks": 1}
    assert book.depth_caps("prp_microneedling") == {"cheeks": 1}
