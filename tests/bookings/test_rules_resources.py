"""Rooms and devices: each asked by itself, and never their free times joined."""

from datetime import timedelta

import pytest

from bookings import actions, evaluator, seating, slots
from bookings.actions import turn
from bookings.models import AtRisk, Claim
from bookings.rules.claims import OfClaims
from clinic import changes
from clinic.models import AuditEvent, Device, OutOfService, Room
from tests import factories, worlds
from tests.worlds import MONDAY, MONDAY_10, NOW
from treatments.models import TreatmentVariant

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def clinic():
    """Somebody who works from eight to six; a visit needs a quiet room, and no more."""
    who, where = worlds.plain()
    OutOfService.objects.all().delete()
    Room.objects.all().delete()
    Device.objects.all().delete()
    TreatmentVariant.objects.update(needs_room="quiet", prep_min=0, cleanup_min=0)
    return who, where


def room(clinic, kinds="quiet", **more):
    return factories.RoomFactory(location=clinic[1], kinds=kinds, **more)


def device(clinic, kind="pen", **more):
    return factories.DeviceFactory(location=clinic[1], kind=kind, **more)


def taken(clinic, start=MONDAY_10, minutes=30, **what):
    """Somebody else is in a room, or has a device, for so long."""
    visit = TreatmentVariant.objects.get(code="visit")
    return factories.AppointmentFactory(
        role=factories.PractitionerRoleFactory(location=clinic[1]),
        variant=visit,
        starts_at=start,
        ends_at=start + minutes * MINUTE,
        **what,
    )


def why(clinic, at=MONDAY_10, **more):
    who, where = clinic
    return worlds.why("visit", where, who, at=at, **more)


def offered(clinic):
    who, where = clinic
    found = worlds.starts(worlds.asked("visit", where, who), MONDAY)
    return {f"{start:%H:%M}" for start in found}


def book(clinic, at=MONDAY_10):
    who, where = clinic
    question = worlds.asked("visit", where, who, patient=factories.PatientFactory())
    return actions.book(asked=question, at=at, by=None, now=NOW)


def rooms_of(appointment):
    claims = appointment.claims.filter(room__isnull=False).order_by("pk")
    return [claim.room for claim in claims]


def test_a_place_without_such_a_room_has_no_times(clinic):
    room(clinic, kinds="loud")
    elsewhere = factories.LocationFactory(slug="elsewhere", equipment=False)
    factories.RoomFactory(location=elsewhere, kinds="quiet")
    room(clinic, is_active=False)

    assert why(clinic) == {"NO_SUCH_ROOM"}
    assert offered(clinic) == set()


def test_a_room_that_is_taken_closes_its_time_and_no_more(clinic):
    only = room(clinic)
    taken(clinic, rooms=[only])

    assert why(clinic) == {"ROOM_TAKEN"}
    assert why(clinic, at=MONDAY_10 - 15 * MINUTE) == {"ROOM_TAKEN"}
    assert {"09:30", "10:30"} <= offered(clinic)
    assert not {"09:45", "10:00", "10:15"} & offered(clinic)


def test_one_of_several_rooms_is_enough(clinic):
    taken(clinic, rooms=[room(clinic)])
    second = room(clinic)

    assert why(clinic) == set()
    taken(clinic, rooms=[second])
    assert why(clinic) == {"ROOM_TAKEN"}


def test_free_times_of_two_rooms_are_never_joined(clinic):
    """One is free until a quarter past ten, one from then on: no half hour at ten."""
    early, late = room(clinic), room(clinic)
    taken(clinic, start=MONDAY_10 + 15 * MINUTE, rooms=[early])
    taken(clinic, start=MONDAY_10 - 15 * MINUTE, rooms=[late])

    assert why(clinic) == {"ROOM_TAKEN"}
    assert why(clinic, at=MONDAY_10 - 15 * MINUTE) == set()
    assert why(clinic, at=MONDAY_10 + 15 * MINUTE) == set()


def test_a_room_has_minutes_of_its_own(clinic):
    only = room(clinic)
    TreatmentVariant.objects.update(prep_min=5, cleanup_min=10)
    taken(clinic, rooms=[only])  # from 9:55 to 10:40

    assert why(clinic, at=MONDAY_10 + 30 * MINUTE) == {"ROOM_TAKEN"}
    assert why(clinic, at=MONDAY_10 + 45 * MINUTE) == set()
    TreatmentVariant.objects.update(room_prep_min=10)
    assert why(clinic, at=MONDAY_10 + 45 * MINUTE) == {"ROOM_TAKEN"}
    assert why(clinic, at=MONDAY_10 - 45 * MINUTE) == set()
    TreatmentVariant.objects.update(room_cleanup_min=20)
    assert why(clinic, at=MONDAY_10 - 45 * MINUTE) == {"ROOM_TAKEN"}
    TreatmentVariant.objects.update(room_prep_min=0, room_cleanup_min=0)
    assert why(clinic, at=MONDAY_10 + 40 * MINUTE) - {"OFF_GRID"} == set()


def test_minutes_of_none_are_none_and_not_the_practitioners(clinic):
    only = room(clinic)
    TreatmentVariant.objects.update(prep_min=5, cleanup_min=10)
    TreatmentVariant.objects.update(room_prep_min=0, room_cleanup_min=0)
    taken(clinic, rooms=[only])

    assert why(clinic, at=MONDAY_10 + 30 * MINUTE) == set()
    assert why(clinic, at=MONDAY_10 - 30 * MINUTE) == set()


def test_long_minutes_of_a_room_reach_claims_far_from_the_window(clinic):
    only = room(clinic)
    TreatmentVariant.objects.update(room_prep_min=120)
    taken(clinic, start=MONDAY_10 - 2 * HOUR, rooms=[only])

    assert why(clinic) == {"ROOM_TAKEN"}


@pytest.mark.parametrize("hours", [2, None])
def test_out_of_service_closes_and_says_when_it_is_back(clinic, hours):
    who, where = clinic
    until = hours and MONDAY_10 + hours * HOUR
    factories.OutOfServiceFactory(room=room(clinic), ends_at=until)

    [finding] = slots.why_not(worlds.asked("visit", where, who), at=MONDAY_10, now=NOW)

    assert finding.code == "ROOM_OUT_OF_SERVICE"
    assert finding.first_possible == until
    assert finding.message
    assert finding.remedy


def test_out_of_service_and_taken_at_once_is_taken(clinic):
    factories.OutOfServiceFactory(room=room(clinic))
    taken(clinic, rooms=[room(clinic)])

    assert why(clinic) == {"ROOM_TAKEN"}


def test_devices_are_asked_as_rooms_are(clinic):
    room(clinic)
    TreatmentVariant.objects.update(needs_device="pen")
    assert why(clinic) == {"NO_SUCH_DEVICE"}
    pen = device(clinic)
    assert why(clinic) == set()
    taken(clinic, devices=[pen])
    assert why(clinic) == {"DEVICE_TAKEN"}
    factories.OutOfServiceFactory(device=pen)
    assert why(clinic) == {"DEVICE_OUT_OF_SERVICE"}


def test_several_needs_are_met_by_rooms_of_their_own(clinic):
    TreatmentVariant.objects.update(needs_room="quiet, loud")
    both = room(clinic, kinds="quiet,loud")
    assert why(clinic) == {"NO_SUCH_ROOM"}
    quiet = room(clinic)
    assert why(clinic) == set()
    taken(clinic, start=MONDAY_10, rooms=[both])
    taken(clinic, start=MONDAY_10 + 2 * HOUR, rooms=[quiet])

    assert why(clinic) == {"ROOM_TAKEN"}
    assert why(clinic, at=MONDAY_10 + 2 * HOUR) == {"ROOM_TAKEN"}
    assert why(clinic, at=MONDAY_10 + HOUR) == set()


def test_a_matching_is_found_where_the_first_choice_would_not_do(clinic):
    """The least capable serves as the first kind; the other kind then has none left."""
    TreatmentVariant.objects.update(needs_room="quiet,loud")
    one, two = room(clinic, kinds="quiet,loud"), room(clinic, kinds="quiet,loud,dark")
    taken(clinic, start=MONDAY_10 - HOUR, rooms=[one])

    made = book(clinic)

    assert rooms_of(made) == [one, two]


def test_the_least_capable_free_room_is_taken(clinic):
    able = room(clinic, kinds="quiet,loud")
    plain, other = room(clinic), room(clinic)
    where, made = clinic[1], []
    for _ in range(3):
        colleague = worlds.somebody(
            "physical_therapist",
            where,
            worlds.licence("physical_therapist", where.jurisdiction),
            slug=f"colleague-{len(made)}",
        )
        made.append(book((colleague, where)))

    assert [rooms_of(each) for each in made] == [[plain], [other], [able]]
    assert why(clinic) == {"ROOM_TAKEN"}


def test_what_a_booking_takes_is_claimed_for_its_own_minutes(clinic):
    quiet, pen = room(clinic), device(clinic)
    TreatmentVariant.objects.update(
        prep_min=5, cleanup_min=10, room_prep_min=15, needs_device="pen"
    )
    TreatmentVariant.objects.update(device_prep_min=0, device_cleanup_min=30)

    made = book(clinic)

    of_room, of_device = made.claims.get(room=quiet), made.claims.get(device=pen)
    assert of_room.starts_at == MONDAY_10 - 15 * MINUTE
    assert of_room.ends_at == made.ends_at + 10 * MINUTE
    assert of_device.starts_at == MONDAY_10
    assert of_device.ends_at == made.ends_at + 30 * MINUTE
    assert made.claims.count() == 4


def test_moving_chooses_again_and_may_keep_the_room(clinic):
    plain, able = room(clinic), room(clinic, kinds="quiet,loud")
    made = book(clinic)
    assert rooms_of(made) == [plain]
    later = MONDAY_10 + 15 * MINUTE
    taken(clinic, start=later + 30 * MINUTE, rooms=[plain])

    moved = actions.move(
        appointment=made, asked=actions.to_move(made), at=later, by=None, now=NOW
    )

    assert rooms_of(moved) == [plain]
    latest = later + 15 * MINUTE
    moved = actions.move(
        appointment=moved, asked=actions.to_move(moved), at=latest, by=None, now=NOW
    )
    assert rooms_of(moved) == [able]


def test_cancelling_frees_room_and_device(clinic):
    room(clinic)
    made = book(clinic)
    assert why(clinic) >= {"ROOM_TAKEN"}

    actions.cancel(appointment=made, by=None, now=NOW)

    assert why(clinic) == set()
    assert not Claim.objects.exists()


def test_a_room_put_up_after_the_rows_were_locked_is_not_taken(clinic, monkeypatch):
    room(clinic)
    taken(clinic, rooms=[Room.objects.get()], start=MONDAY_10 + 4 * HOUR)
    where = clinic[1]

    def lock(*ids, **others):
        Room.objects.all().update(is_active=False)
        factories.RoomFactory(location=where, kinds="quiet")

    monkeypatch.setattr(turn, "lock", lock)

    with pytest.raises(actions.NotBookable, match="ROOM_TAKEN"):
        book(clinic)


def test_who_may_says_no_where_there_is_no_room_and_yes_while_one_is_taken(clinic):
    who, where = clinic
    minute = slots.minute_asked(MONDAY_10)

    def codes():
        wanteds = worlds.asked("visit", where, who).wanteds(minute, minute + 1)
        [closures] = evaluator.who_may(wanteds, NOW)
        return worlds.codes(evaluator.findings_at(closures, minute))

    assert codes() == {"NO_SUCH_ROOM"}
    taken(clinic, rooms=[room(clinic)])
    assert codes() == set()


def test_a_question_that_needs_nothing_reads_nothing_of_rooms(
    clinic, django_assert_num_queries
):
    room(clinic)
    TreatmentVariant.objects.update(needs_room="")
    who, where = clinic
    question = worlds.asked("visit", where, who)
    [wanted] = question.wanteds(0, 60)
    with django_assert_num_queries(1) as captured:
        OfClaims().read([wanted], NOW)
    assert "room_id IN" not in captured[0]["sql"]


def test_a_patients_message_names_nobody_and_no_room(clinic):
    only = room(clinic, name="The Blue Room")
    made = taken(clinic, rooms=[only], patient__given_name="Wilhelmina")
    who, where = clinic

    [finding] = slots.why_not(worlds.asked("visit", where, who), at=MONDAY_10, now=NOW)

    told = finding.message + finding.remedy
    assert "Wilhelmina" not in repr(finding)
    assert made.patient.family_name not in repr(finding)
    assert "Blue" not in told


# Out of service, when somebody was to have it.


def put_out(room, **more):
    return actions.put_out_of_service(
        **{
            "what": room,
            "starts_at": MONDAY_10 - HOUR,
            "ends_at": None,
            "by": None,
            "now": NOW,
            **more,
        }
    )


def at_risk():
    return list(AtRisk.objects.open().values_list("appointment", flat=True))


def test_whoever_had_it_is_given_another_that_is_free(clinic):
    first, second = room(clinic), room(clinic)
    made = book(clinic)
    claim = made.claims.get(room=first)

    put_out(first)

    assert rooms_of(made) == [second]
    moved = made.claims.get(room=second)
    assert (moved.starts_at, moved.ends_at) == (claim.starts_at, claim.ends_at)
    assert AuditEvent.objects.filter(verb="took a room or device anew").count() == 1
    assert at_risk() == []
    assert not actions.having(first, NOW, None).exists()


def test_whoever_cannot_be_given_another_stays_and_is_flagged(clinic):
    only, second = room(clinic), room(clinic)
    made = book(clinic)
    taken(clinic, rooms=[second])

    out = put_out(only)

    assert rooms_of(made) == [only]
    assert at_risk() == [made.pk]
    assert list(actions.having(only, NOW, None)) == [made]

    actions.put_back_in_service(out=out, by=None, now=NOW)

    assert at_risk() == []


def test_what_lies_outside_the_time_keeps_its_room(clinic):
    first, _ = room(clinic), room(clinic)
    made = book(clinic)

    put_out(first, starts_at=MONDAY_10 + 30 * MINUTE)
    put_out(first, starts_at=NOW, ends_at=MONDAY_10)

    assert rooms_of(made) == [first]


def test_a_room_that_is_taken_while_others_look_for_one_is_not_given_twice(
    clinic, monkeypatch
):
    """A booking commits between the first look at the free rooms and the writing."""
    first, second, third = room(clinic), room(clinic), room(clinic)
    made = book(clinic)
    taken(clinic, rooms=[second])
    looks = []

    class TooSoon(OfClaims):
        def read(self, wanteds, now):
            facts = super().read(wanteds, now)
            if not looks:
                del facts.taken["room"][second.pk]
            looks.append(facts)
            return facts

    monkeypatch.setattr(seating, "OfClaims", TooSoon)
    put_out(first)

    assert len(looks) == 2
    assert rooms_of(made) == [third]
    assert at_risk() == []


def test_a_hold_that_is_over_gives_its_room_to_who_has_none(clinic):
    first, second = room(clinic), room(clinic)
    made = book(clinic)
    over = taken(clinic, rooms=[second])
    over.claims.update(held_until=NOW - MINUTE)

    put_out(first)

    assert rooms_of(made) == [second]
    assert not over.claims.filter(room=second).exists()
    assert at_risk() == []


# What a treatment needs, when more is needed than was booked.


def needs(**fields):
    with changes.watching(by=None, now=NOW):
        TreatmentVariant.objects.update(**fields)


def test_whoever_is_booked_is_given_what_is_needed_by_now(clinic):
    TreatmentVariant.objects.update(needs_room="")
    made, later = book(clinic), book(clinic, at=MONDAY_10 + HOUR)
    assert rooms_of(made) == rooms_of(later) == []
    free = room(clinic)
    taken(clinic, start=MONDAY_10 + HOUR, rooms=[free])

    needs(needs_room=free.kinds)

    assert rooms_of(made) == [free]
    assert rooms_of(later) == []
    assert at_risk() == [later.pk]

    needs(needs_room="")

    assert at_risk() == []


def test_what_serves_as_either_does_not_do_for_both(clinic):
    """It has two rooms, and two are needed; but of the second kind it has none."""
    loud, both = room(clinic, kinds="loud"), room(clinic, kinds="loud,quiet")
    TreatmentVariant.objects.update(needs_room="loud,quiet")
    made = book(clinic)
    assert set(rooms_of(made)) == {loud, both}

    needs(needs_room="loud,dark")

    assert set(rooms_of(made)) == {loud, both}
    assert at_risk() == [made.pk]

    dark = room(clinic, kinds="dark")
    needs(needs_room="dark,loud")

    assert dark in rooms_of(made)
    assert at_risk() == []


def test_a_second_kind_is_found_beside_the_first(clinic):
    first = room(clinic)
    made = book(clinic)
    second = room(clinic, kinds="quiet_room")

    needs(needs_room=f"{first.kinds},quiet_room")

    assert set(rooms_of(made)) == {first, second}
    assert at_risk() == []
