"""How many statements a question takes: the same for one person and for twenty.

This holds without a quiet machine, and is what keeps a search fast.
"""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings import evaluator, rulebook, slots
from clinic import access
from tests import factories
from tests.bench.booking import counted
from tests.races.client import TOKEN
from tests.races.clinic import signed_in

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 30, 16, tzinfo=UTC)
MONDAY = date(2026, 2, 2)
ASKED = {"variant": "dn_any", "place": "salt-lake-city"}


def clinic(people, appointments=1):
    """So many practitioners, each with that many appointments on a Monday."""
    factories.ScopeOfPracticeFactory(credential_kind="licence", min_specific_hours=0)
    factories.CredentialTokenFactory()
    variant = factories.TreatmentVariantFactory()
    for _ in range(people):
        role = factories.PractitionerRoleFactory()
        who = role.practitioner
        factories.QualificationFactory(practitioner=who, role=role.role)
        factories.PrivilegeFactory(practitioner=who, variant=variant)
        for weekday in range(7):
            factories.AvailableTimeFactory(
                role=role, weekday=weekday, start_time=time(9), end_time=time(17)
            )
        for number in range(appointments):
            at = datetime(2026, 2, 2, 17, tzinfo=UTC) + timedelta(hours=number)
            factories.AppointmentFactory(role=role, starts_at=at)
    rulebook.current()
    return role


def statements(ask):
    with CaptureQueriesContext(connection) as found:
        answer = ask()
    assert answer
    return sum(counted(query["sql"]) for query in found)


@pytest.mark.parametrize("people", [1, 3, 20])
@pytest.mark.parametrize("appointments", [1, 3])
def test_a_search_takes_two_statements_for_any_number(people, appointments):
    role = clinic(people, appointments)
    who = role.practitioner.slug
    patient = factories.PatientFactory()

    def one():
        asked = slots.ask(practitioner=who, **ASKED)
        return slots.open_slots(asked, first_day=MONDAY, days=1, now=NOW)

    def anybody():
        return slots.open_slots(slots.ask(**ASKED), first_day=MONDAY, days=28, now=NOW)

    def anybody_for_a_patient():
        asked = slots.ask(patient=patient, **ASKED)
        return slots.open_slots(asked, first_day=MONDAY, days=28, now=NOW)

    def first():
        return slots.first_open(slots.ask(**ASKED), now=NOW)

    for ask in (one, anybody, anybody_for_a_patient, first):
        assert statements(ask) == 2, ask.__name__


@pytest.mark.parametrize("people", [1, 3, 20])
def test_a_booking_over_http_takes_as_many_for_any_number(people, monkeypatch):
    role = clinic(people)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    user = factories.PatientFactory(user__groups=[access.PATIENT]).user
    client = Client(enforce_csrf_checks=True)
    client.cookies["sessionid"] = signed_in(user)
    client.cookies["csrftoken"] = TOKEN
    form = {
        "place": "salt-lake-city",
        "practitioner": role.practitioner.slug,
        "at": "2026-02-03T10:00-07:00",
        "submission": "12345678-1234-4234-8234-123456789abc",
        "csrfmiddlewaretoken": TOKEN,
    }
    with CaptureQueriesContext(connection) as found:
        answer = client.post("/book/dn_any/confirm/", form)
    assert answer.status_code == 302, answer.content
    # PostgreSQL locks two rows besides.
    locks = 2 if connection.features.has_select_for_update else 0
    assert sum(counted(query["sql"]) for query in found) == 12 + locks


def test_what_is_kept_answers_as_what_is_asked_anew():
    clinic(3, 3)
    asked = slots.ask(patient=factories.PatientFactory(), **ASKED)
    first = slots.midnight(MONDAY, asked.place.tz)
    for days in (1, 7, 28):
        wanteds = asked.wanteds(first, first + days * 24 * 60)
        anew = [
            list(evaluator.open_starts(closures, wanted))
            for wanted, closures in zip(
                wanteds, evaluator.ask(wanteds, NOW), strict=True
            )
        ]
        for _ in range(2):
            kept = [list(starts) for starts in evaluator.opened(wanteds, NOW)]
            assert kept == anew
        assert any(anew)
