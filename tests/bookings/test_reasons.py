"""Why a day has no times: the sentence, the ways on, and what staff read besides."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.module_loading import import_string

from bookings import actions, reasons
from bookings.findings import CODES
from bookings.models import AvailableTime, NotAvailableTime
from bookings.reason_words import OF_THE_PATIENT, Told, of_all, of_each, of_one
from clinic import access
from clinic.models import Location, PractitionerRole
from tests import factories, worlds
from tests.rule_codes import CLOSES
from tests.worlds import MONDAY, MONDAY_10, NOW
from treatments.models import Privilege, ScopeOfPractice

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TOLD = Told(
    what="Dry needling",
    place="Phoenix",
    when="on Monday, February 2",
    who="Anna Berg",
    until="until Tuesday, March 3",
    message="That rule says so.",
)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("sentence", [of_one, of_all, lambda c, t: of_each([c], t)[0]])
def test_every_code_has_a_sentence_for_people(code, sentence):
    said = sentence(code, TOLD)

    assert re.fullmatch(r"[A-Z][^{}_]+\.", said), said
    assert "  " not in said
    assert code not in said


def test_what_another_hour_or_an_empty_calendar_would_lift_is_known_as_such(settings):
    about_time = {
        code
        for path in settings.BOOKING_RULES
        if getattr(import_string(path), "about_time", False)
        for code in CLOSES[path.removeprefix("bookings.rules.")]
    }

    assert about_time == reasons.ABOUT_TIME


@pytest.mark.parametrize("code", sorted(OF_THE_PATIENT))
def test_what_speaks_against_a_patient_is_not_said_of_everybody(code):
    assert of_all(code, TOLD) == TOLD.message


@pytest.fixture
def somebody():
    """Dana, every day from eight to six, and the place."""
    who, where = worlds.plain(slug="dana")
    return who, where


def another(where, slug):
    """Somebody else who may do the same there, every day from eight to six."""
    known = PractitionerRole.objects.filter(location=where).first()
    who = factories.PractitionerFactory(slug=slug)
    role = factories.PractitionerRoleFactory(
        practitioner=who, role=known.role, location=where
    )
    factories.QualificationFactory(
        practitioner=who, role=known.role, jurisdiction=where.jurisdiction
    )
    for privilege in Privilege.objects.filter(practitioner=known.practitioner):
        factories.PrivilegeFactory(practitioner=who, variant=privilege.variant)
    for weekday in range(7):
        factories.AvailableTimeFactory(role=role, weekday=weekday)
    return who


def away(who, first=MONDAY_10 - DAY, days=3):
    return factories.NotAvailableTimeFactory(
        practitioner=who, starts_at=first, ends_at=first + days * DAY
    )


def full(who, day=MONDAY_10):
    """Claims of somebody's whole day."""
    role = who.roles.get()
    factories.AppointmentFactory(
        role=role,
        starts_at=day - timedelta(hours=3),
        ends_at=day + timedelta(hours=9),
        claims=True,
    )


def why(where, who=None, day=MONDAY, days=1, variant="visit", now=NOW, **more):
    asked = worlds.asked(variant, where, who, **more)
    return reasons.nothing(asked, first_day=day, days=days, now=now)


def test_who_is_away_says_until_when(somebody):
    who, where = somebody
    away(who)

    found = why(where, who)

    assert found.sentences == (f"{who.name} is away until Wednesday, February 4.",)


def test_who_is_away_for_the_day_only_is_away_on_that_day(somebody):
    who, where = somebody
    away(who, MONDAY_10 - timedelta(hours=4), days=0.5)

    assert why(where, who).sentences == (f"{who.name} is away on Monday, February 2.",)


def test_who_is_booked_all_day_is_fully_booked(somebody):
    who, where = somebody
    full(who)

    found = why(where, who)

    assert found.sentences == (f"{who.name} is fully booked on Monday, February 2.",)
    assert "another practitioner" in found.remedy


def test_who_does_not_work_that_day_does_not_see_patients(somebody):
    who, where = somebody
    AvailableTime.objects.filter(weekday=0).delete()

    assert why(where, who).sentences == (
        f"{who.name} does not see patients at {where.name} on Monday, February 2.",
    )


def test_a_week_is_named_by_its_days(somebody):
    who, where = somebody
    AvailableTime.objects.all().delete()

    [sentence] = why(where, who, days=7).sentences
    assert sentence.endswith("from February 2 to February 8.")


def test_what_closes_the_rest_is_told_second(somebody):
    """The afternoon is booked; the morning has passed."""
    who, where = somebody
    full(who, MONDAY_10 + timedelta(hours=6))

    found = why(where, who, now=MONDAY_10 + timedelta(hours=2))

    assert found.sentences == (
        f"{who.name} is fully booked on Monday, February 2.",
        "The times on Monday, February 2 have passed.",
    )


def test_a_holiday_is_named(somebody):
    who, where = somebody
    Location.objects.update(keeps_holidays=True)
    AvailableTime.objects.filter(weekday=0).delete()

    [sentence] = why(where, who, day=date(2026, 2, 16)).sentences
    assert "closed on Monday, February 16 (Washington and Lincoln Day)" in sentence


def test_too_far_ahead_says_how_far_one_can_book(somebody):
    who, where = somebody

    [sentence] = why(where, who, day=MONDAY + 200 * DAY).sentences
    assert sentence.endswith("takes bookings up to 90 days ahead.")


def test_who_may_not_do_it_is_told_before_anything_about_hours(somebody):
    who, where = somebody
    AvailableTime.objects.all().delete()
    Privilege.objects.all().delete()

    found = why(where, who)

    assert [finding.code for _, finding in found.told] == ["NO_PRIVILEGE"]
    assert who.name in found.sentences[0]


def test_who_is_not_at_the_place_is_told(somebody):
    who, _ = somebody
    elsewhere = worlds.place("US-AZ", "America/Phoenix")

    found = why(elsewhere, who)

    assert found.sentences == (
        f"{who.name} (Physical therapist) does not work at {elsewhere.name}.",
    )
    assert why(elsewhere).sentences == (f"Nobody works at {elsewhere.name} yet.",)


def test_everybody_kept_by_the_same_is_said_once(somebody):
    who, where = somebody
    full(who)
    full(another(where, "erin"))

    [sentence] = why(where).sentences
    assert sentence.startswith("Everybody who does ")
    assert sentence.endswith("is fully booked on Monday, February 2.")


def test_people_kept_by_different_things_are_said_in_one_sentence(somebody):
    who, where = somebody
    full(who)
    full(another(where, "erin"))
    away(another(where, "finn"))

    [sentence] = why(where).sentences
    assert "is fully booked or away on Monday, February 2." in sentence


def test_of_many_only_those_count_who_may_do_it(somebody):
    who, where = somebody
    other = another(where, "erin")
    Privilege.objects.filter(practitioner=other).delete()
    full(who)

    found = why(where)

    assert found.sentences == (f"{who.name} is fully booked on Monday, February 2.",)
    assert {person for person, _ in found.told} == {who, other}


def test_where_nobody_may_nobody_is_blamed(somebody):
    _, where = somebody
    another(where, "erin")
    Privilege.objects.all().delete()

    [sentence] = why(where).sentences
    assert sentence.startswith(f"Nobody at {where.name} can be booked for ")


def test_somebody_else_and_another_place_are_offered(somebody):
    who, where = somebody
    away(who, days=30)
    erin = another(where, "erin")
    park = factories.LocationFactory(slug="park-city", jurisdiction="US-UT")
    finn = another_at(park, erin)

    found = why(where, who)

    assert [(slot.place, slot.practitioner) for slot in found.others] == [
        (where, erin),
        (park, finn),
    ]
    assert found.others[0].start == MONDAY_10 - timedelta(hours=1)


def another_at(place, like):
    """Somebody at another place with the role and papers of `like`."""
    who = factories.PractitionerFactory(slug="finn")
    role = factories.PractitionerRoleFactory(
        practitioner=who, role=like.roles.get().role, location=place
    )
    factories.QualificationFactory(practitioner=who, role=role.role)
    for privilege in Privilege.objects.filter(practitioner=like):
        factories.PrivilegeFactory(practitioner=who, variant=privilege.variant)
    factories.AvailableTimeFactory(role=role, weekday=1)
    return who


def test_an_order_that_is_missing_leads_to_a_consultation(somebody):
    who, where = somebody
    another(where, "erin")
    ScopeOfPractice.objects.update(referral_or_order="order")

    assert "on a prescriber's order" in why(where, who).sentences[0]
    found = why(where)
    [sentence] = found.sentences
    assert sentence.endswith(f" at {where.name} needs a prescriber's order first.")
    assert {each.treatment.family for each in found.talks} == {"consultation"}
    assert not why(where, day=MONDAY + 200 * DAY, who=None).others


@pytest.mark.parametrize("people", [1, 5])
def test_the_answer_takes_the_same_statements_for_any_number(somebody, people):
    who, where = somebody
    full(who)
    for number in range(people - 1):
        full(another(where, f"other-{number}"))
    factories.LocationFactory(slug="park-city")
    asked = worlds.asked("visit", where)

    with CaptureQueriesContext(connection) as found:
        reasons.nothing(asked, first_day=MONDAY, days=7, now=NOW)

    assert len(found) == 1  # claims; nobody works at the other place


# On the page


@pytest.fixture
def page(somebody):
    who, where = somebody
    full(who)
    with time_machine.travel(datetime(2026, 1, 28, 17, tzinfo=UTC), tick=False):
        yield f"/book/visit/?place={where.slug}&first={MONDAY}&day={MONDAY}"


def test_a_patient_reads_why_and_no_code(client, page, somebody):
    text = client.get(page).content.decode()

    assert f"{somebody[0].name} is fully booked on Monday, February 2." in text
    assert "The next free time is Tuesday, February 3, 2026" in text
    assert "OVERLAP_PRACTITIONER" not in text


def test_staff_read_what_keeps_each_of_them(client, page, somebody):
    client.force_login(factories.UserFactory(groups=[access.FRONT_DESK]))

    text = client.get(page).content.decode()

    assert "what keeps each of them" in text
    assert "OVERLAP_PRACTITIONER" in text


def test_a_day_with_times_asks_for_no_reason(client, page):
    answer = client.get(page.replace(f"day={MONDAY}", f"day={MONDAY + DAY}"))

    assert "reason" not in answer.context


def test_the_way_to_another_place_keeps_the_day(client, page, somebody):
    who, where = somebody
    NotAvailableTime.objects.all().delete()
    erin = another(where, "erin")
    away(who, days=60)

    answer = client.get(page + f"&practitioner={who.slug}")

    [other] = answer.context["others"]
    assert other["slot"].practitioner == erin
    assert "practitioner=" not in other["url"]
    assert "Somebody else here" in answer.content.decode()
    assert client.get(other["url"]).status_code == 200


def test_moving_says_why_too(client, page, somebody):
    who, where = somebody
    patient = factories.PatientFactory()
    asked = worlds.asked("visit", where, who, patient=patient)
    at = MONDAY_10 + 2 * DAY
    made = actions.book(asked=asked, at=at, by=patient.user, now=NOW)
    client.force_login(patient.user)

    address = f"/appointments/{made.uid}/move/?first={MONDAY}&day={MONDAY}"
    assert "is fully booked on Monday" in client.get(address).content.decode()


def test_who_is_there_on_one_day_only_and_away_then_is_away_on_that_day(somebody):
    who, where = somebody
    AvailableTime.objects.exclude(weekday=2).delete()  # Wednesdays only
    away(who, MONDAY_10 + 2 * DAY - timedelta(hours=4), days=0.5)

    [sentence] = why(where, who, days=7).sentences

    assert sentence == f"{who.name} is away on Wednesday, February 4."


def test_somebody_else_is_never_the_one_who_was_asked_for(somebody):
    who, where = somebody
    away(who)

    assert why(where, who).others == ()
    other = another(where, "erin")
    assert [slot.practitioner for slot in why(where, who).others] == [other]
