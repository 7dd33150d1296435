"""Who performs a treatment here: from the evaluator, in a fixed number of queries."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from bookings import slots
from bookings.models import AvailableTime
from tests import factories, worlds
from treatments.models import Privilege, TreatmentVariant

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 2, 2, 15, tzinfo=UTC)
DAY = timedelta(days=1)
PART = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def utah(place):
    return worlds.place("US-UT", "America/Denver", name="Utah")


def read(client, place, **more):
    page = client.get(f"/treatments/microneedling/who/?place={place.slug}", **more)
    assert page.status_code == 200
    return page.content.decode()


def test_who_may_is_named_with_role_variants_and_first_free_time(
    client, place, dermatologist
):
    first = slots.first_open(worlds.asked("mn_face_05", place, dermatologist), now=NOW)

    shown = read(client, place)

    assert f"/practitioners/{dermatologist.slug}/" in shown
    assert "Dermatologist" in shown
    day = first.start.astimezone(place.tz).date()
    assert f"first={day}&amp;day={day}" in shown
    assert f"/book/mn_face_05/?place={place.slug}&amp;practitioner=" in shown


def test_the_first_free_time_is_one_for_somebody_new(client, place, dermatologist):
    """A follow-up that begins earlier is of no use to them."""
    TreatmentVariant.objects.filter(code="mn_face_05").update(visit="follow_up")

    shown = read(client, place)

    of = shown.partition('class="next-free"')[2].partition("</p>")[0]
    assert "/book/mn_" in of
    assert "/book/mn_face_05/" not in of


def test_variant_without_privilege_is_not_among_them(client, place, dermatologist):
    Privilege.objects.filter(variant__code="mn_face_05").delete()

    shown = read(client, place)

    assert dermatologist.name in shown
    assert "/book/mn_face_05/" not in shown


def test_who_has_no_time_soon_is_still_told(client, place, dermatologist):
    AvailableTime.objects.all().delete()

    shown = read(client, place)

    assert dermatologist.name in shown
    assert "No free time in the next 4 weeks" in shown


def test_who_may_from_next_week_is_told_with_a_time_then(client, place, dermatologist):
    Privilege.objects.update(valid_from=date(2026, 2, 9))

    shown = read(client, place)

    assert "Mon, Feb 9" in shown


def test_nobody_here_says_where_somebody_does_and_offers_a_talk(
    client, place, dermatologist, utah
):
    shown = read(client, utah)

    assert "Nobody at Utah performs this at the moment." in shown
    assert f"At {place.name}: {dermatologist.name}." in shown
    assert "?family=consultation" in shown


def test_nobody_anywhere_is_said_too(client, place, utah):
    assert "Nor does anybody at our other places" in read(client, utah)


def test_part_for_the_treatments_page_is_no_whole_page(client, place, dermatologist):
    part, whole = read(client, place, **PART), read(client, place)

    assert "<html" not in part
    assert "<h1" in whole
    assert dermatologist.name in part


def test_the_place_that_is_read_is_the_one_whose_times_are_seen(
    client, place, dermatologist, utah
):
    """Whoever chooses a place here is not asked for it again above."""
    part, whole = read(client, utah, **PART), read(client, utah)

    link = re.search(r'<a [^>]*id="times-mn_face_05".*?>', part)[0]
    assert f'href="/book/mn_face_05/?place={utah.slug}"' in link
    assert 'hx-swap-oob="true"' in link
    assert f'hx-replace-url="/treatments/microneedling/?place={utah.slug}"' in part
    assert "hx-" not in whole.partition("<main")[2].partition("</main>")[0]


def test_what_is_not_offered_gets_no_link_to_its_times(client, place, dermatologist):
    TreatmentVariant.objects.filter(code="mn_face_05").update(is_offered=False)

    assert 'id="times-mn_face_05"' not in read(client, place, **PART)


def test_a_place_keeps_its_name_and_says_what_changed(
    client, place, dermatologist, utah
):
    """The tab is found again by its id; what changed is said without being read out."""
    at_home, away = read(client, place, **PART), read(client, utah, **PART)

    for part in (at_home, away):
        assert f'id="performs-at-{place.slug}"' in part
        assert f'id="performs-at-{utah.slug}"' in part
    assert f"1 person performs it at {place.name}." in at_home
    assert "Nobody at Utah performs it." in away
    first = client.get("/treatments/microneedling/who/", **PART).content.decode()
    assert 'id="performs-said"' not in first


def test_who_has_been_here_begins_at_the_place_of_their_last_visit(
    client, place, dermatologist, utah
):
    patient = factories.PatientFactory()
    client.force_login(patient.user)
    path = "/treatments/microneedling/who/"
    first = min(place, utah, key=lambda each: each.name)
    later = utah if first == place else place
    assert f"at {first.name}</h1>" in client.get(path).content.decode()

    factories.AppointmentFactory(
        patient=patient, place=later, status="fulfilled", starts_at=NOW - DAY
    )
    factories.AppointmentFactory(
        patient=patient, place=first, status="fulfilled", starts_at=NOW - 9 * DAY
    )

    assert f"at {later.name}</h1>" in client.get(path).content.decode()
    chosen = client.get(f"{path}?place={first.slug}").content.decode()
    assert f"at {first.name}</h1>" in chosen


def test_caches_keep_part_and_page_apart(client, place):
    assert "HX-Request" in client.get("/treatments/microneedling/who/")["Vary"]


def test_unknown_and_unpublished_are_not_found(client, place):
    draft = factories.TreatmentVariantFactory(treatment__code="draft_only")

    for code in ("nothing", draft.treatment.code):
        assert client.get(f"/treatments/{code}/who/").status_code == 404
    answer = client.get("/treatments/microneedling/who/?place=nowhere")
    assert answer.status_code == 400


def test_more_people_are_no_more_queries(
    client, place, dermatologist, django_assert_num_queries
):
    def grow(slug):
        papers = (
            worlds.licence("dermatologist", "US-AZ"),
            worlds.paper("device_training"),
        )
        worlds.somebody("dermatologist", place, *papers, slug=slug)

    read(client, place)
    with django_assert_num_queries(2):  # the rulebook's stamp, and the claims
        read(client, place)
    for number in range(3):
        grow(f"more-{number}")
    read(client, place)
    with django_assert_num_queries(2):
        assert read(client, place).count('class="performer"') == 4
