"""Papers count to their last day, at the place's clock, through every door."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bookings import actions, slots
from bookings.models import Appointment, AvailableTime, Claim, Notice
from clinic.models import AuditEvent, Qualification
from tests import factories, worlds
from tests.worlds import MONDAY, MONDAY_10, NOW, course, licence

pytestmark = pytest.mark.django_db

PT = "physical_therapist"


@pytest.fixture(autouse=True)
def _shipped():
    worlds.load_shipped()


def pt(where, **fields):
    return licence("physical_therapist", where, **fields)


MARCH = date(2026, 3, 31)


@pytest.fixture(params=[("US-UT", "America/Denver"), ("US-AZ", "America/Phoenix")])
def ending(request):
    """A physical therapist whose licence is good to 31 March, and the place."""
    jurisdiction, zone = request.param
    where = worlds.place(jurisdiction, zone)
    who = worlds.somebody(
        PT,
        where,
        pt(jurisdiction, valid_until=MARCH),
        course(60),
    )
    return who, where


def test_valid_to_31_march_is_that_day_and_not_the_next(ending):
    who, where = ending
    question = worlds.asked("dn_first", where, who)

    days = {
        start.date()
        for start in worlds.starts(question, MARCH - timedelta(days=1), days=4)
    }

    assert days == {MARCH - timedelta(days=1), MARCH}
    assert worlds.starts(question, MARCH)[-1].strftime("%H:%M") == "17:15"


def test_the_renewed_licence_opens_the_next_day_with_no_other_change(ending):
    who, where = ending
    april = MARCH + timedelta(days=1)
    question = worlds.asked("dn_first", where, who)
    assert worlds.starts(question, april) == []

    worlds.file(
        who,
        [pt(where.jurisdiction, valid_from=april)],
        factories.UserFactory(is_staff=True),
    )

    assert worlds.starts(worlds.asked("dn_first", where, who), april)


def test_a_forged_booking_for_1_april_writes_nothing_anywhere(ending):
    who, where = ending
    patient = factories.PatientFactory()
    question = worlds.asked("dn_first", where, who, patient=patient)
    at = datetime(2026, 4, 1, 10, tzinfo=where.tz)
    tables = (Appointment, Claim, AuditEvent, Notice)
    before = [list(model.objects.values()) for model in tables]

    with pytest.raises(actions.NotBookable) as refusal:
        actions.book(asked=question, at=at, by=patient.user, now=NOW)

    assert worlds.codes(refusal.value.findings) == {"CREDENTIAL_NOT_VALID_ON_DATE"}
    assert [list(model.objects.values()) for model in tables] == before
    yesterday = at - timedelta(days=1)
    assert actions.book(asked=question, at=yesterday, by=patient.user, now=NOW)


def test_what_decides_is_the_end_of_the_appointment_at_the_places_clock(ending):
    who, where = ending
    AvailableTime.objects.update(start_time="20:00", end_time="00:00")
    AvailableTime.objects.bulk_create(
        AvailableTime(
            role=row.role, weekday=row.weekday, start_time="00:00", end_time="02:00"
        )
        for row in AvailableTime.objects.all()
    )

    found = worlds.starts(worlds.asked("dn_first", where, who), MARCH)

    # 45 minutes: from 23:15 it ends at midnight, which is still the last day.
    assert [f"{start:%H:%M}" for start in found][-1] == "23:15"


def test_a_reason_says_when_it_lets_go(ending):
    who, where = ending
    Qualification.objects.filter(kind__kind="licence").update(
        valid_from=MONDAY + timedelta(days=2)
    )
    question = worlds.asked("dn_first", where, who)

    [finding] = slots.why_not(question, at=MONDAY_10, now=NOW)

    assert finding.code == "CREDENTIAL_NOT_VALID_ON_DATE"
    opens = finding.first_possible.astimezone(where.tz) + timedelta(minutes=44)
    assert (opens.date(), opens.hour, opens.minute) == (
        MONDAY + timedelta(days=2),
        0,
        0,
    )


def test_messages_for_patients_tell_nothing_of_papers():
    where = worlds.place("US-UT")
    who = worlds.somebody(PT, where, pt("US-UT", valid_until=MARCH), course(10))
    question = worlds.asked("dn_first", where, who)

    at = datetime(2026, 4, 3, 17, tzinfo=UTC)
    findings = slots.why_not(question, at=at, now=NOW)

    assert len(findings) == 2
    for finding in findings:
        said = f"{finding.message} {finding.remedy}".lower()
        assert not any(
            word in said for word in ("licen", "hours", "expire", "verif", "2026-03")
        )
        assert finding.desk
        assert finding.detail
