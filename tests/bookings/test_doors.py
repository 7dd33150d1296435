"""No door makes or moves an appointment round the evaluator.

Three ways to look, none by a list of doors: every write in the source; every address,
form, command and action, tried while one rule says no to all; and each of these shown
to find a door that was planted for it.
"""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.contrib import admin
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.http import HttpResponse
from django.test import override_settings
from django.urls import include, path

from bookings import actions
from bookings.findings import Closure, Finding
from bookings.management.commands import worker
from bookings.models import Appointment, AtRisk, Claim, Fee, Override
from bookings.models.hours import AvailableTime
from clinic import access
from records.demo import diary
from tests import doors, factories, street, worlds
from treatments.models import CoursePlan

DAY = timedelta(days=1)
AT = street.AT_TEN + 2 * DAY


class Shut:
    """Says no to every start, whoever asks."""

    def read(self, wanteds, now):
        return None

    def closures(self, facts, wanted):
        finding = Finding("PLACE_CLOSED", "shut", "No.", "Come another year.")
        yield Closure(wanted.first, wanted.until, finding)


# ---- in the source -------------------------------------------------------------


def test_only_actions_write_appointments_and_claims():
    found = {
        name: statements
        for name, text in doors.sources()
        if not name.startswith((doors.ACTIONS, doors.SEATING))
        and (statements := doors.writes(text))
    }

    assert found == {}


@pytest.mark.parametrize(
    "planted",
    [
        "Appointment.objects.create(patient=patient)",
        "Appointment.objects.filter(pk=1).update(starts_at=at)",
        "Appointment(patient=patient).save()",
        "Claim.objects.bulk_create(rows)",
        "insert(*claims_of(wanted, appointment))",
        "patient.appointments.all().update(starts_at=at)",
        "Patient.objects.get().appointments.update(starts_at=at)",
        "appointment.save(update_fields=['starts_at'])",
        "row.claims.all().delete()",
        "cursor.execute('UPDATE bookings_appointment SET starts_at = 1')",
        "cursor.execute(f'INSERT INTO {CLAIM} VALUES (1)')",
        "cursor.execute('DELETE FROM bookings_claim')",
    ],
)
def test_a_write_in_the_source_is_seen(planted):
    text = (
        f"from bookings.models import Appointment, Claim\ndef view():\n    {planted}\n"
    )

    assert doors.writes(text) != []


def texts_of_actions():
    return {
        name: text for name, text in doors.sources() if name.startswith(doors.ACTIONS)
    }


def test_every_action_that_makes_one_goes_through_the_gate():
    assert doors.ungated(texts_of_actions(), set(actions.__all__)) == set()


@pytest.mark.parametrize(
    "planted",
    [
        "def squeeze_in(*, by, now):\n    Appointment.objects.create()\n",
        "def squeeze_in(*, by, now):\n    make()\ndef make():\n    Claim()\n",
    ],
)
def test_an_action_round_the_gate_is_seen(planted):
    texts = texts_of_actions() | {"planted": planted}

    assert doors.ungated(texts, {*actions.__all__, "squeeze_in"}) == {"squeeze_in"}


def test_the_back_office_only_looks():
    """No page, and no table within a page, that writes an appointment or a claim."""
    everybody = factories.UserFactory.build(is_superuser=True, is_staff=True)
    shown = {model for model in admin.site._registry if model in (Appointment, Claim)}
    within = {
        inline.model
        for each in admin.site._registry.values()
        for inline in each.inlines
    }

    class Request:
        user = everybody

    may = [
        permission
        for model in shown
        for permission in ("add", "change", "delete")
        if getattr(admin.site._registry[model], f"has_{permission}_permission")(Request)
    ]
    assert may == []
    assert not within & {Appointment, Claim, Override}


# ---- by trying -----------------------------------------------------------------


@pytest.fixture
def town(db):
    with time_machine.travel(street.NOW, tick=False):
        yield street.build()


@pytest.fixture
def shut(town, settings):
    settings.BOOKING_RULES = [*settings.BOOKING_RULES, f"{__name__}.Shut"]


@pytest.fixture
def everybody(town):
    groups = [access.FRONT_DESK, access.CLINICIAN, access.CLINIC_ADMIN]
    return factories.UserFactory(is_superuser=True, is_staff=True, groups=groups)


def start(town, patient):
    """All that a form of a booking may name."""
    return {
        "for": str(town.patients[patient].uid),
        "moving": str(town.appointments["owner"].uid),
        "variant": street.VARIANT,
        "place": town.place.slug,
        "practitioner": "practitioner",
        "at": street.FREE,
        "start": f"{street.FREE} practitioner",
        "day": street.FREE[:10],
        "date": street.FREE[:10],
        "time": "10:00",
        "override": ["PLACE_CLOSED|shut", "OUTSIDE_HOURS|practitioner"],
        "reason": "Because one two three.",
        "areas": [],
        "status": "booked",
        "confirm": "on",
    }


def test_no_address_makes_or_moves_one_while_a_rule_says_no(
    client, town, shut, everybody
):
    with doors.unwatched() as round_the_watch:
        found = by_patients(client, town)  # first: the desk would change the hours
        found |= doors.walk(client, town, everybody, start(town, "newcomer"))

    assert found == {}
    assert round_the_watch == set()


def by_patients(client, town):
    """What two patients find: one who holds a time, and one who has none yet."""
    found = {}
    for patient in ("owner", "newcomer"):
        own, user = start(town, patient), town.users[patient]
        found |= doors.walk(client, town, user, own, only="bookings:")
    return found


def test_while_nothing_says_no_the_same_walk_books_and_moves(client, town, everybody):
    """So it tries what it should. Who can be told which doors there are: nobody."""
    mine = set(by_patients(client, town))
    found = doors.walk(
        client, town, everybody, start(town, "newcomer"), only="bookings:"
    )

    assert {"bookings:confirm", "bookings:move_confirm"} <= set(found)
    assert {"bookings:times", "bookings:hold", "bookings:confirm_hold"} <= mine


def planted_view(request, uid):
    factories.AppointmentFactory(starts_at=street.AT_TEN + 9 * DAY)
    return HttpResponse("done", content_type="text/plain")


def planted_mover(request, uid):
    if request.method == "POST":
        Appointment.objects.filter(uid=uid).update(starts_at=street.AT_TEN - DAY)
    return HttpResponse("done", content_type="text/plain")


urlpatterns = [
    path("", include("clinic.urls")),
    path("planted/<uuid:uid>/", planted_view, name="planted"),
    path("planted/<uuid:uid>/move/", planted_mover, name="planted_mover"),
]


def test_an_address_round_the_gate_is_found(client, town, shut, everybody):
    with override_settings(ROOT_URLCONF=__name__):
        found = doors.walk(
            client, town, everybody, start(town, "newcomer"), only="planted"
        )

    assert set(found) == {"planted", "planted_mover"}


def test_a_page_of_the_back_office_round_the_gate_is_found(
    client, town, shut, everybody, monkeypatch
):
    def save_model(request, obj, form, change):
        obj.starts_at -= DAY
        obj.save()

    page = admin.site._registry[Appointment]
    monkeypatch.setattr(page, "has_change_permission", lambda *args: True)
    monkeypatch.setattr(page, "fields", ("label",))
    monkeypatch.setattr(page, "save_model", save_model)

    found = doors.walk(
        client,
        town,
        everybody,
        start(town, "newcomer"),
        only="admin:bookings_appointment",
    )

    assert set(found) == {"admin:bookings_appointment_change"}


def given_to_actions(town):
    """What to hand to an action that asks for it."""
    patient, appointment = town.patients["newcomer"], town.appointments["owner"]
    who, place = town.practitioners["practitioner"], town.place
    every = frozenset({("PLACE_CLOSED", "shut")})
    return {
        "asked": worlds.asked(street.VARIANT, place, who, patient=patient),
        "at": AT,
        "by": town.users["desk"],
        "now": street.NOW,
        "appointment": appointment,
        "overriding": actions.Overriding(every, "Because one two three."),
        "practitioner": who,
        "place": place,
        "patient": patient,
        "role": who.roles.get(),
        "leave": town.leave,
        "out": (out := factories.OutOfServiceFactory()),
        "what": out.what,
        "flag": flagged(appointment),
        "fee": Fee.objects.filter(appointment=appointment).first()
        or factories.FeeFactory(appointment=appointment),
        "rung": True,
        "plan": CoursePlan.objects.get(code=street.PLAN),
        "course": town.courses["owner"],
        "sessions": sessions(town),
        "weekday": 0,
        "day": AT.date(),
        "spans": [(worlds.OPENS, worlds.SHUTS)],
        "starts_at": AT,
        "ends_at": AT + DAY,
        "is_open": True,
        "reason": "Because one two three.",
    }


def sessions(town):
    """A week apart, for somebody who has been."""
    who, owner = town.practitioners["practitioner"], town.patients["owner"]
    asked = worlds.asked(street.AGAIN, town.place, who, patient=owner)
    return {number: (asked, AT + 7 * number * DAY) for number in (1, 2, 3, 4)}


def flagged(appointment):
    row, _ = AtRisk.objects.get_or_create(
        appointment=appointment, defaults={"since": street.NOW}
    )
    return row


# What a name stands for with one action only.
OF_ONE = {
    "move": lambda given: {"asked": actions.to_move(given["appointment"])},
    "reassign": lambda given: {"practitioner": "colleague"},
}


def try_actions(town):
    """What each action changed, and what it was refused with."""
    changed, refused = {}, {}
    for name, function in doors.exported().items():
        stand = doors.Stand()
        given = given_to_actions(town)
        given |= OF_ONE.get(name, lambda given: {})(given)
        with doors.unwatched() as round_the_watch:
            refused[name] = doors.act(function, given)
        assert round_the_watch == set(), name
        if found := stand.changed():
            changed[name] = found
        stand.restore()
        town.leave.save(force_insert=not type(town.leave).objects.exists())
        given["appointment"].refresh_from_db()
    return changed, refused


def test_no_action_makes_or_moves_one_while_a_rule_says_no(town, shut):
    changed, refused = try_actions(town)

    assert changed == {}
    assert (refused["book"], refused["move"]) == ("NotBookable", "NotBookable")


def test_while_nothing_says_no_the_same_actions_book_and_move(town):
    changed, _ = try_actions(town)
    assert {"book", "hold", "book_course", "move"} <= set(changed)


def test_an_action_round_the_gate_is_found(town, shut, monkeypatch):
    def squeeze_in(*, practitioner, at, by, now):
        role = practitioner.roles.get()
        factories.AppointmentFactory(role=role, starts_at=at)

    monkeypatch.setattr(actions, "squeeze_in", squeeze_in, raising=False)
    monkeypatch.setattr(actions, "__all__", [*actions.__all__, "squeeze_in"])

    assert set(try_actions(town)[0]) == {"squeeze_in"}


def test_an_action_that_changes_hours_unwatched_is_found(town, monkeypatch):
    def shorten(*, role, by, now):
        role.hours.update(weekday=0)

    monkeypatch.setattr(actions, "shorten", shorten, raising=False)
    monkeypatch.setattr(actions, "__all__", [*actions.__all__, "shorten"])

    with pytest.raises(AssertionError, match="shorten"):
        try_actions(town)


def test_an_action_that_asks_for_something_unheard_of_must_be_thought_of():
    def other(*, by, now, weather):
        pass

    with pytest.raises(LookupError, match="weather"):
        doors.act(other, {"by": None, "now": street.NOW})


def given_to_commands(town, tmp_path):
    return {
        "variant": street.VARIANT,
        "place": town.place.slug,
        "practitioner": "practitioner",
        "patient": town.users["newcomer"].email,
        "treatment": "dry_needling",
        "by": town.users["admin"].email,
        "author": town.users["admin"].email,
        "at": street.FREE,
        "folder": str(tmp_path),
        "kind": "dn_course",
        "supervisor": "colleague",
        "directory": str(tmp_path),
        "file": str(tmp_path / "none.json"),
        "path": str(tmp_path / "none.json"),
    }


# What these make, they make where nobody has booked yet.
BEFORE_ANYBODY = {"demo"}


def try_commands(town, tmp_path, only=None):
    changed, ended, unwatched = {}, {}, {}
    given = given_to_commands(town, tmp_path)
    for name in only or doors.commands():
        stand = doors.Stand()
        with doors.unwatched() as round_the_watch:
            ended[name] = doors.run(name, given)
        if round_the_watch and name not in BEFORE_ANYBODY:
            unwatched[name] = round_the_watch
        if found := stand.changed():
            changed[name] = found
        stand.restore()
    return changed, ended, unwatched


def test_no_command_makes_or_moves_one_while_a_rule_says_no(
    town, shut, tmp_path, settings, monkeypatch
):
    settings.DEMO = True
    monkeypatch.setattr(diary, "PATIENTS", diary.PATIENTS[:3])  # or it takes long
    # The tests' transaction is open, and this would close its connection.
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)

    changed, ended, unwatched = try_commands(town, tmp_path)

    assert changed == unwatched == {}
    assert (ended["slots"], ended["why"], ended["worker"]) == ("", "", "")


class Planted(BaseCommand):
    def handle(self, **options):
        factories.AppointmentFactory(starts_at=street.AT_TEN + 9 * DAY)


def test_a_command_round_the_gate_is_found(town, shut, tmp_path, monkeypatch):
    monkeypatch.setitem(get_commands(), "why", Planted())
    monkeypatch.setattr(doors, "load_command_class", lambda app, name: app)

    assert set(try_commands(town, tmp_path, only=["why"])[0]) == {"why"}


def test_while_a_rule_says_no_list_and_why_say_so_too(town, shut):
    words = StringIO()
    place = f"--place={town.place.slug}"
    call_command("slots", street.VARIANT, place, stdout=words, stderr=words)

    assert "No time is free." in words.getvalue()
    assert AvailableTime.objects.exists()
