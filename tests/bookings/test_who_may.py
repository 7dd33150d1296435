"""Who may do what at a place on a day: the table says what the booking would."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from bookings import evaluator, may, rulebook, slots
from bookings.findings import CODES
from bookings.models import AvailableTime
from bookings.question import ask
from bookings.rules import hours
from bookings.views import who_may as page
from clinic.models import Qualification
from tests import factories, worlds
from treatments.models import Privilege, TreatmentVariant

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 2, 2, 15, tzinfo=UTC)
DAY = date(2026, 2, 4)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def answers(place, day=DAY):
    found = may.who_may(rulebook.current(), place, day, now=NOW)
    return {(each.practitioner.slug, each.variant.code): each for each in found}


def read(desk, place, day=DAY):
    shown = desk.get(f"/desk/who-may/?place={place.slug}&date={day}")
    assert shown.status_code == 200
    return shown.content.decode()


def test_table_and_times_agree_about_every_cell(place, dermatologist):
    aide = worlds.somebody(
        "aesthetician", place, worlds.licence("aesthetician", "US-AZ"), slug="aide"
    )

    found = answers(place)

    for (slug, code), answer in found.items():
        question = ask(variant=code, place=place.slug, practitioner=slug)
        free = slots.open_slots(question, first_day=DAY, days=1, now=NOW)
        assert answer.may == bool(free), (slug, code, answer.findings)
    assert {answer.may for answer in found.values()} == {True, False}
    assert any(each.practitioner == aide for each in found.values())


def test_hours_and_appointments_do_not_matter(place, dermatologist):
    before = answers(place)
    AvailableTime.objects.all().delete()

    after = answers(place)

    assert {key for key, each in before.items() if each.may} == {
        key for key, each in after.items() if each.may
    }


def test_a_rule_of_the_clinics_own_is_asked_unless_it_is_about_time(
    settings, place, dermatologist
):
    settings.BOOKING_RULES = [
        *settings.BOOKING_RULES,
        f"{__name__}.NobodyEver",
    ]

    assert not any(each.may for each in answers(place).values())


class NobodyEver(hours.Leave):
    """Closes everything, and does not say that it is about time."""

    about_time = False

    def closures(self, facts, wanted):
        finding = evaluator.Finding("NOT_AT_PLACE", "x", "Nobody.", "Wait.")
        yield evaluator.Closure(wanted.first, wanted.until, finding)


def test_day_of_the_paper_is_what_counts(place, dermatologist):
    Qualification.objects.exclude(valid_until=None).update(valid_until=DAY)
    key = ("dermatologist", "mn_face_05")

    assert answers(place, DAY)[key].may
    assert not answers(place, DAY + timedelta(days=1))[key].may


def test_less_deep_is_said_where_only_that_is_granted(place, dermatologist):
    variant = TreatmentVariant.objects.get(code="mn_face_05")
    less = variant.max_depth_mm - Decimal("0.2")
    Privilege.objects.filter(variant=variant).update(max_depth_mm=less)

    answer = answers(place)["dermatologist", "mn_face_05"]

    assert not answer.may
    assert answer.only_to_mm == less


def test_no_depth_is_named_where_another_reason_stands(place, dermatologist):
    Privilege.objects.filter(variant__code="mn_face_05").delete()

    assert answers(place)["dermatologist", "mn_face_05"].only_to_mm is None


def test_cells_say_yes_with_depth_or_why_not(desk, place, dermatologist):
    Privilege.objects.filter(variant__code="mn_face_05").delete()

    shown = read(desk, place)

    assert 'href="#dermatologist-mn_face_05"' in shown
    assert 'id="dermatologist-mn_face_05"' in shown
    assert "No privilege" in shown
    assert "NO_PRIVILEGE" in shown
    assert "the clinic has granted no privilege for this" in shown
    assert " mm</small>" in shown


def test_figures_count_the_cells(desk, place, dermatologist):
    found = answers(place).values()
    can = sum(each.may for each in found)

    assert f"<strong>{can} of {len(found)}</strong> may" in read(desk, place)


def test_withdrawn_is_told_apart(desk, place, dermatologist):
    TreatmentVariant.objects.filter(code="mn_face_05").update(is_offered=False)

    shown = read(desk, place)

    assert "dermatologist-mn_face_05" not in shown
    assert "Not offered at the moment" in shown


def test_more_people_are_no_more_queries(
    desk, place, dermatologist, django_assert_num_queries
):
    read(desk, place)
    with django_assert_num_queries(3):  # session, user, stamp
        read(desk, place)
    for number in range(4):
        worlds.somebody("dermatologist", place, slug=f"more-{number}")
    read(desk, place)
    with django_assert_num_queries(3):
        assert read(desk, place).count('class="card by-person"') == 5


def test_what_is_no_place_or_day_is_refused(desk, place):
    assert desk.get("/desk/who-may/?place=nowhere").status_code == 400
    assert desk.get("/desk/who-may/?date=tomorrow").status_code == 400


def test_place_without_people_says_so(desk, place):
    assert f"Nobody works at {place.name}" in read(desk, place)


def test_desk_leads_there(desk, place, dermatologist):
    worlds.place("US-UT", "America/Denver")

    assert "/desk/who-may/" in desk.get("/desk/").content.decode()
    day = desk.get(f"/desk/places/{place.slug}/?day={DAY}").content.decode()
    assert f"/desk/who-may/?place={place.slug}&amp;date={DAY}" in day


def test_practitioners_and_patients_do_not_see_it(client, place):
    client.force_login(factories.PatientFactory(user=factories.UserFactory()).user)

    assert client.get("/desk/who-may/").status_code == 403


@pytest.mark.parametrize("code", CODES)
def test_every_reason_has_a_word_or_two(code):
    finding = evaluator.Finding(code, "x", "No.", "Ask.")

    assert 3 < len(page.short((finding,))) < 24


@pytest.mark.parametrize("code", page.SHORT)
def test_what_has_a_word_of_its_own_is_called_by_it(code):
    finding = evaluator.Finding(code, "x", "No.", "Ask.")

    assert page.short((finding,)) == page.SHORT[code]
