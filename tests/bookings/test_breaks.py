"""What a change breaks: the preview, the flags that follow, and when they are lifted."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from bookings import actions, breaks, rulebook
from bookings.models import (
    Appointment,
    AtRisk,
    AvailableTime,
    Claim,
    NotAvailableTime,
    Status,
)
from clinic import actions as papers
from clinic import changes
from clinic.models import (
    AuditEvent,
    Device,
    Location,
    Practitioner,
    PractitionerRole,
    Qualification,
    Room,
)
from tests import breaking, factories, worlds
from tests.breaking import DEVICE, NURSE, booked, person
from tests.worlds import MONDAY, MONDAY_10, NOW
from treatments import actions as treating
from treatments.models import (
    Order,
    Privilege,
    ScopeOfPractice,
    SupervisionAgreement,
    Treatment,
    TreatmentVariant,
)

pytestmark = pytest.mark.django_db

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LAST_WEEK = MONDAY - timedelta(days=7)
WHO = {"by": None, "now": NOW}


@pytest.fixture
def clinic():
    return breaking.clinic()


def licence_of(slug):
    return Qualification.objects.get(practitioner__slug=slug, kind__kind="licence")


def end_licence(slug="nurse", day=LAST_WEEK):
    return papers.end_qualification(
        qualification=licence_of(slug), valid_until=day, **WHO
    )


def correct_licence():
    papers.change_qualification(
        qualification=licence_of("nurse"), jurisdiction="US-AZ", **WHO
    )


def end_privilege():
    row = Privilege.objects.get(practitioner__slug="nurse", variant__code="mn_face_05")
    treating.end_privilege(privilege=row, valid_until=LAST_WEEK, **WHO)


def narrow_privilege():
    row = Privilege.objects.get(practitioner__slug="nurse", variant__code="mn_face_05")
    treating.change_privilege(
        privilege=row,
        location=None,
        max_depth_mm=Decimal("0.2"),
        valid_from=None,
        valid_until=None,
        **WHO,
    )


def end_agreement():
    row = SupervisionAgreement.objects.get()
    treating.end_agreement(agreement=row, valid_until=LAST_WEEK, **WHO)


def end_order(day=MONDAY):
    treating.end_order(order=Order.objects.get(), valid_until=day, **WHO)


def drop_shift(slug):
    actions.set_hours(
        role=PractitionerRole.objects.get(practitioner__slug=slug),
        weekday=0,
        spans=[(time(8), time(9))],
        **WHO,
    )


def take_leave(slug):
    actions.take_leave(
        practitioner=person(slug),
        starts_at=MONDAY_10 - HOUR,
        ends_at=MONDAY_10 + HOUR,
        **WHO,
    )


def change(model, wanted, **fields):
    """A change of rows as a page of the back office makes it."""
    with changes.watching(**WHO, what=f"changed {model._meta.verbose_name}"):
        for row in model.objects.filter(**wanted):
            for name, value in fields.items():
                setattr(row, name, value)
            row.save()


def out_of_service(model):
    """Every one of them, on the first of the two Mondays."""
    for what in model.objects.all():
        actions.put_out_of_service(
            what=what,
            starts_at=MONDAY_10 - HOUR,
            ends_at=MONDAY_10 + HOUR,
            **WHO,
        )


RULE = {"rule_id": "MN-US-RN"}
KINDS = {
    "licence ended": end_licence,
    "licence ends later": lambda: end_licence(day=MONDAY),
    "licence corrected": correct_licence,
    "privilege ended": end_privilege,
    "privilege narrowed": narrow_privilege,
    "agreement ended": end_agreement,
    "licence of the supervisor ended": lambda: end_licence("doctor"),
    "order ended": lambda: end_order(LAST_WEEK),
    "order ends later": end_order,
    "shift": lambda: drop_shift("nurse"),
    "shift of the supervisor": lambda: drop_shift("doctor"),
    "leave": lambda: take_leave("nurse"),
    "leave of the supervisor": lambda: take_leave("doctor"),
    "rooms out of service": lambda: out_of_service(Room),
    "devices out of service": lambda: out_of_service(Device),
    "rooms out of use": lambda: change(Room, {}, is_active=False),
    "devices out of use": lambda: change(Device, {}, is_active=False),
    "practitioner left": lambda: change(
        Practitioner, {"slug": "nurse"}, is_active=False
    ),
    "role ended": lambda: change(
        PractitionerRole, {"practitioner__slug": "nurse"}, valid_until=LAST_WEEK
    ),
    "rule withdrawn": lambda: change(ScopeOfPractice, RULE, review_state="withdrawn"),
    "rule asks for more": lambda: change(ScopeOfPractice, RULE, min_years_licensed=30),
    "place closed": lambda: change(Location, {}, is_open=False),
    "not offered": lambda: change(
        TreatmentVariant, {"code": "mn_face_05"}, is_offered=False
    ),
    "less deep": lambda: change(
        TreatmentVariant, {"code": "mn_face_05"}, max_depth_mm=Decimal("0.1")
    ),
    "treatment withdrawn": lambda: change(
        Treatment, {"variants__code": "mn_face_05"}, review_state="withdrawn"
    ),
}


EVERYBODY = {
    *("rooms out of service", "devices out of service"),
    *("rooms out of use", "devices out of use"),
    *("place closed", "not offered", "less deep", "treatment withdrawn"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_preview_says_what_saving_flags_and_changes_nothing(clinic, kind):
    stamp = rulebook.current_stamp()
    audited = AuditEvent.objects.count()

    _, preview = changes.tried(KINDS[kind], **WHO)

    assert preview.count
    assert rulebook.current_stamp() == stamp
    assert (AtRisk.objects.count(), AuditEvent.objects.count()) == (0, audited)

    KINDS[kind]()

    flagged = AtRisk.objects.select_related("appointment")
    assert {str(flag.appointment.uid) for flag in flagged} == {
        each.key for each in preview.broken
    }
    assert all(flag.findings and flag.changed for flag in flagged)
    whose = {flag.appointment.practitioner.slug for flag in flagged}
    assert whose == ({"nurse", "other"} if kind in EVERYBODY else {"nurse"})
    assert set(Appointment.objects.values_list("status", flat=True)) == {"booked"}


def flags():
    rows = AtRisk.objects.select_related("appointment").order_by("pk")
    return [(flag.appointment.starts_at, flag.resolved_how) for flag in rows]


def test_only_what_lies_behind_the_end_is_flagged(clinic):
    _, preview = changes.tried(lambda: end_licence(day=MONDAY), **WHO)

    [broken] = preview.broken
    assert broken.when == "Mon, Feb 9, 2026, 10:00 AM"
    assert broken.practitioner == "Nurse"
    assert broken.could_take == ("Doctor", "Other")
    assert any("licence" in why.lower() for why in broken.why)


def test_somebody_who_is_booked_then_or_may_not_cannot_take_it(clinic):
    worlds.somebody(NURSE, clinic, DEVICE, slug="without-a-licence")

    _, preview = changes.tried(lambda: end_licence(), **WHO)

    assert [each.could_take for each in preview.broken] == [
        ("Doctor",),
        ("Doctor", "Other"),
    ]


def test_who_is_there_only_because_of_the_change_can_take_it(clinic):
    take_leave("doctor")
    leave = NotAvailableTime.objects.get()

    def swap():
        actions.end_leave(leave=leave, **WHO)
        end_licence()

    _, preview = changes.tried(swap, **WHO)

    assert preview.lifted == 0
    [worse] = preview.broken
    assert worse.could_take == ("Doctor", "Other")


def test_a_renewed_licence_lifts_the_flags(clinic):
    end_licence()
    assert flags() == [(MONDAY_10, ""), (MONDAY_10 + 7 * DAY, "")]

    papers.add_qualification(
        practitioner=person("nurse"),
        kind=licence_of("nurse").kind,
        role=licence_of("nurse").role,
        jurisdiction="US-UT",
        valid_from=LAST_WEEK,
        valid_until=MONDAY,
        verified_by=factories.UserFactory(is_staff=True),
        **WHO,
    )

    assert flags() == [(MONDAY_10, "allowed"), (MONDAY_10 + 7 * DAY, "")]


def test_what_is_broken_twice_is_lifted_when_both_are_mended(clinic):
    end_licence()
    take_leave("nurse")
    first = AtRisk.objects.get(appointment__starts_at=MONDAY_10, resolved_at=None)
    assert {each["code"] for each in first.findings} == {
        "CREDENTIAL_NOT_VALID_ON_DATE",
        "PRACTITIONER_ON_LEAVE",
    }
    assert AtRisk.objects.count() == 2

    renewed = licence_of("nurse")
    papers.add_qualification(
        practitioner=renewed.practitioner,
        kind=renewed.kind,
        role=renewed.role,
        jurisdiction=renewed.jurisdiction,
        valid_from=LAST_WEEK + DAY,
        verified_by=factories.UserFactory(is_staff=True),
        **WHO,
    )
    assert flags() == [(MONDAY_10, ""), (MONDAY_10 + 7 * DAY, "allowed")]

    actions.end_leave(leave=NotAvailableTime.objects.get(), **WHO)
    assert flags()[0] == (MONDAY_10, "allowed")


def test_cancelling_and_moving_lift_the_flag(clinic):
    take_leave("nurse")
    appointment = AtRisk.objects.get().appointment

    moved = actions.move(
        appointment=appointment,
        asked=actions.to_move(appointment),
        at=MONDAY_10 + 2 * HOUR,
        **WHO,
    )
    assert flags() == [(MONDAY_10 + 2 * HOUR, "moved")]

    end_licence()
    actions.cancel(appointment=moved, **WHO)
    assert [how for at, how in flags() if at == MONDAY_10 + 2 * HOUR] == [
        "moved",
        "over",
    ]


def test_giving_it_to_another_lifts_the_flag(clinic):
    end_licence()
    later = AtRisk.objects.get(appointment__starts_at=MONDAY_10 + 7 * DAY).appointment

    actions.move(
        appointment=later,
        asked=actions.to_move(later, practitioner="other"),
        at=later.starts_at,
        **WHO,
    )

    assert flags()[1] == (MONDAY_10 + 7 * DAY, "given")


def test_what_was_closed_before_and_unnoticed_is_flagged_for_more(clinic):
    AvailableTime.objects.filter(role__practitioner__slug="nurse").delete()

    _, preview = changes.tried(end_licence, **WHO)

    assert preview.count == 2


def test_what_was_closed_before_is_not_put_down_to_a_change_that_adds_nothing(clinic):
    AvailableTime.objects.filter(role__practitioner__slug="nurse").delete()

    _, preview = changes.tried(lambda: take_leave("other"), **WHO)

    assert {each.practitioner for each in preview.broken} == {"Other"}


def test_what_speaks_of_booking_only_is_not_asked_of_what_stands(clinic):
    """Notice, horizon, the grid, and time that is given away to itself."""

    def tighten():
        change(Location, {}, notice_min=60 * 24 * 59, horizon_days=1, start_grid_min=35)

    _, preview = changes.tried(tighten, **WHO)

    assert preview.count == 0


def test_what_stands_keeps_the_length_it_was_booked_with(clinic):
    def lengthen():
        change(TreatmentVariant, {"code": "mn_face_05"}, duration_min=9 * 60)

    _, preview = changes.tried(lengthen, **WHO)

    assert preview.count == 0


def test_what_is_over_held_or_cancelled_is_not_asked(clinic):
    now = MONDAY_10 + HOUR
    Appointment.objects.filter(starts_at=MONDAY_10 + 7 * DAY).update(
        status=Status.PENDING, held_until=MONDAY_10 + 8 * DAY
    )

    assert breaks.standing(now) == []
    with changes.watching(by=None, now=now):
        end_licence()
    assert AtRisk.objects.count() == 0


def test_an_area_that_is_gone_is_a_reason_and_no_fault(clinic):
    Appointment.objects.filter(practitioner__slug="other").update(areas="nowhere")

    _, preview = changes.tried(lambda: take_leave("other"), **WHO)

    assert preview.count == 1


def test_a_change_is_taken_back_unless_its_preview_was_seen(clinic):
    _, shown = changes.made(end_licence, **WHO, seen="")
    assert not changes.is_seen(shown, "")
    assert licence_of("nurse").valid_until == date(2030, 12, 31)

    _, again = changes.made(end_licence, **WHO, seen=shown.seal)
    assert changes.is_seen(again, shown.seal)
    assert licence_of("nurse").valid_until == LAST_WEEK
    assert AtRisk.objects.count() == 2


def test_a_change_that_breaks_more_than_was_seen_is_shown_again(clinic):
    _, shown = changes.made(end_licence, **WHO, seen="")
    nurse, patient = person("nurse"), Order.objects.get().patient
    booked(nurse, clinic, patient, MONDAY_10 + 14 * DAY)

    _, again = changes.made(end_licence, **WHO, seen=shown.seal)

    assert again.count == 3
    assert AtRisk.objects.count() == 0


def test_a_change_that_breaks_nothing_is_made_at_once(clinic):
    _, outcome = changes.made(lambda: take_leave("doctor"), **WHO, seen="")
    assert outcome.count == 1  # the nurse's, who has nobody over her then

    _, outcome = changes.made(lambda: end_licence(day=date(2029, 1, 1)), **WHO, seen="")
    assert outcome.count == 0
    assert licence_of("nurse").valid_until == date(2029, 1, 1)


def test_removing_the_supervisors_shift_closes_half_past_ten_and_flags_it(clinic):
    """Hours of eight to eleven and eleven to twelve; the second is taken away."""
    doctor = PractitionerRole.objects.get(practitioner__slug="doctor")
    for start, end in ((time(8), time(11)), (time(11), time(12))):
        factories.AvailableTimeFactory(
            role=doctor, weekday=1, start_time=start, end_time=end
        )
    AvailableTime.objects.filter(role=doctor, weekday=1, end_time=time(18)).delete()
    TreatmentVariant.objects.filter(code="mn_face_05").update(duration_min=60)
    nurse, patient = person("nurse"), Order.objects.get().patient
    tuesday = MONDAY_10 + DAY
    ends_at_eleven = booked(nurse, clinic, patient, tuesday - HOUR)
    half_past = tuesday + HOUR / 2
    question = worlds.asked("mn_face_05", clinic, nurse, patient=patient)
    late = booked(nurse, clinic, patient, half_past)
    actions.cancel(appointment=late, **WHO)
    offered = worlds.starts(question, MONDAY + DAY)
    assert half_past in offered
    late = booked(nurse, clinic, patient, half_past)

    actions.set_hours(role=doctor, weekday=1, spans=[(time(8), time(11))], **WHO)

    assert [flag.appointment for flag in AtRisk.objects.all()] == [late]
    assert AtRisk.objects.get().findings[0]["code"] == "SUPERVISOR_NOT_ON_SITE"
    actions.cancel(appointment=late, **WHO)
    actions.cancel(appointment=ends_at_eleven, **WHO)
    question = worlds.asked("mn_face_05", clinic, nurse, patient=patient)
    offered = worlds.starts(question, MONDAY + DAY)
    assert half_past not in offered
    assert tuesday - HOUR / 2 in offered


def taken(key):
    """Who has which room or device on the first Monday."""
    return {
        claim.appointment.practitioner.slug: getattr(claim, key)
        for claim in Claim.objects.exclude(**{key: None}).filter(
            appointment__starts_at=MONDAY_10
        )
    }


@pytest.mark.parametrize("key", ["room", "device"])
def test_what_has_lost_its_room_or_device_takes_another_that_is_free(clinic, key):
    was, other = taken(key)["nurse"], taken(key)["other"]

    actions.put_out_of_service(
        what=was, starts_at=MONDAY_10 - HOUR, ends_at=None, **WHO
    )

    assert AtRisk.objects.count() == 0
    now = taken(key)["nurse"]
    assert now not in {was, other}
    assert now.kind_codes == was.kind_codes
    assert AuditEvent.objects.filter(verb="took a room or device anew").count() == 2
    claim, others = (Claim.objects.filter(**{key: each})[0] for each in (now, other))
    assert (claim.starts_at, claim.ends_at) == (others.starts_at, others.ends_at)


def duplicate(what):
    """Another one that can serve as the same."""
    what = type(what).objects.get(pk=what.pk)
    what.pk, what.slug = None, "spare"
    what.save()
    return what


def test_two_that_lose_their_room_do_not_both_take_the_only_one_left(clinic):
    both = set(taken("room").values())
    Room.objects.exclude(pk__in=[room.pk for room in both]).delete()
    spare = duplicate(next(iter(both)))

    with changes.watching(**WHO):
        for room in both:
            actions.put_out_of_service(
                what=room,
                starts_at=MONDAY_10 - HOUR,
                ends_at=MONDAY_10 + HOUR,
                **WHO,
            )

    [flag] = AtRisk.objects.all()
    assert spare in taken("room").values()
    assert taken("room")[flag.appointment.practitioner.slug] != spare
    assert {each["code"] for each in flag.findings} <= {
        *("ROOM_OUT_OF_SERVICE", "ROOM_TAKEN"),
    }

    actions.put_back_in_service(
        out=taken("room")[flag.appointment.practitioner.slug].out_of_service.get(),
        **WHO,
    )
    flag.refresh_from_db()
    assert flag.resolved_how == "allowed"
