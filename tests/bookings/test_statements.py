"""How many statements a question takes: the same for one person and for twenty.

This holds without a quiet machine, and is what keeps a search fast.
"""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings import actions, evaluator, rulebook, slots
from bookings.models import AtRisk, NotAvailableTime
from bookings.question import ask
from clinic import changes
from tests import factories, holding
from tests.bench.booking import counted
from tests.races.client import TOKEN
from tests.races.clinic import signed_in

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 30, 16, tzinfo=UTC)
MONDAY = date(2026, 2, 2)
ASKED = {"variant": "dn_any", "place": "salt-lake-city"}


def clinic(people, appointments=1, rooms=0):
    """So many practitioners, each with that many appointments on a Monday.

    With rooms, and as many devices, it needs one of each.
    """
    if rooms:
        place = factories.LocationFactory(equipment=False)
        needs = {"needs_room": "treatment_room", "needs_device": "microneedling_device"}
        factories.TreatmentVariantFactory(**needs)
        for _ in range(rooms):
            room = factories.RoomFactory(location=place)
            device = factories.DeviceFactory(location=place)
            factories.AppointmentFactory(
                starts_at=datetime(2026, 2, 2, 21, tzinfo=UTC),
                rooms=[room],
                devices=[device],
            )
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
@pytest.mark.parametrize(("appointments", "rooms"), [(1, 0), (3, 0), (1, 1), (3, 8)])
def test_a_search_takes_two_statements_for_any_number(people, appointments, rooms):
    role = clinic(people, appointments, rooms)
    who = role.practitioner.slug
    patient = factories.PatientFactory()

    def one():
        asked = ask(practitioner=who, **ASKED)
        return slots.open_slots(asked, first_day=MONDAY, days=1, now=NOW)

    def anybody():
        return slots.open_slots(ask(**ASKED), first_day=MONDAY, days=28, now=NOW)

    def anybody_for_a_patient():
        asked = ask(patient=patient, **ASKED)
        return slots.open_slots(asked, first_day=MONDAY, days=28, now=NOW)

    def first():
        return slots.first_open(ask(**ASKED), now=NOW)

    for put in (one, anybody, anybody_for_a_patient, first):
        assert statements(put) == 2, put.__name__


@pytest.mark.parametrize("people", [1, 20])
def test_the_place_of_each_claim_takes_no_statement_more(people):
    role = clinic(people, 3)
    factories.TravelTimeFactory(from_location=role.location)
    rulebook.current()

    def anybody():
        return slots.open_slots(ask(**ASKED), first_day=MONDAY, days=28, now=NOW)

    assert statements(anybody) == 2


@pytest.mark.parametrize("people", [1, 3, 20])
@pytest.mark.parametrize("rooms", [0, 1, 3, 8])
def test_a_booking_over_http_takes_as_many_for_any_number(people, rooms, monkeypatch):
    role = clinic(people, rooms=rooms)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    user = factories.FrontDeskUserFactory()
    client = Client(enforce_csrf_checks=True)
    client.cookies["sessionid"] = signed_in(user)
    client.cookies["csrftoken"] = TOKEN
    form = {
        "for": str(factories.PatientFactory().uid),
        "place": "salt-lake-city",
        "practitioner": role.practitioner.slug,
        "at": "2026-02-03T10:00-07:00",
        "submission": "12345678-1234-4234-8234-123456789abc",
        "csrfmiddlewaretoken": TOKEN,
    }
    with CaptureQueriesContext(connection) as found:
        answer = client.post("/book/dn_any/confirm/", form)
    assert answer.status_code == 302, answer.content
    locks = connection.features.has_select_for_update  # all of them at once
    assert sum(counted(query["sql"]) for query in found) == 9 + locks


@pytest.mark.parametrize("people", [1, 3, 20])
@pytest.mark.parametrize("rooms", [0, 1, 8])
def test_holding_and_then_booking_takes_as_many_for_any_number(
    people, rooms, monkeypatch
):
    role = clinic(people, rooms=rooms)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    client = Client()
    client.force_login(factories.PatientFactory().user)
    at = datetime(2026, 2, 3, 17, tzinfo=UTC)
    form = holding.form(role.location, role.practitioner, at)
    with CaptureQueriesContext(connection) as holds:
        held = client.post("/book/dn_any/hold/", form)
    with CaptureQueriesContext(connection) as books:
        answer = client.post(f"{held['Location']}confirm/")
    assert answer.status_code == 302, answer.content
    locks = connection.features.has_select_for_update  # all of them at once
    assert sum(counted(query["sql"]) for query in holds) == 11 + locks
    assert sum(counted(query["sql"]) for query in books) == 12 + locks


def test_what_is_kept_answers_as_what_is_asked_anew():
    clinic(3, 3)
    asked = ask(patient=factories.PatientFactory(), **ASKED)
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


@pytest.mark.parametrize("people", [2, 5])
@pytest.mark.parametrize("appointments", [1, 4])
def test_what_a_change_breaks_takes_as_many_for_any_number(people, appointments):
    role = clinic(people, appointments)
    leave = {
        "starts_at": datetime(2026, 2, 2, tzinfo=UTC),
        "ends_at": datetime(2026, 2, 4, tzinfo=UTC),
    }

    def take_leave():
        return actions.take_leave(
            practitioner=role.practitioner, **leave, by=None, now=NOW
        )

    def preview():
        return changes.tried(take_leave, by=None, now=NOW)[1].count == appointments

    # PostgreSQL locks a row besides.
    locks = 1 if connection.features.has_select_for_update else 0
    # The stamp; what stands, was overridden and is claimed, twice; the flags; leave and audit rows.
    anew = statements(rulebook.Rulebook)
    assert statements(take_leave) == anew + 13 + locks
    NotAvailableTime.objects.all().delete()
    AtRisk.objects.all().delete()
    rulebook.current()
    # And whose time is taken, to tell who could have them; and taking it all back.
    assert statements(preview) == anew + 15 + locks
