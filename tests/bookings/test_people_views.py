"""The practitioners' pages: what each performs and where, and nothing of their papers."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from clinic.models import PractitionerRole, Qualification
from tests import factories, worlds

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 2, 2, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def read(client, path):
    page = client.get(path)
    assert page.status_code == 200
    return page.content.decode()


def test_everybody_is_listed_with_what_they_perform_and_where(
    client, place, dermatologist
):
    shown = read(client, "/practitioners/")

    assert f"/practitioners/{dermatologist.slug}/" in shown
    assert "Dermatologist" in shown
    assert f"{place.name}:" in shown
    assert "Micro-needling" in shown
    assert "Dry needling" not in shown.partition("<footer")[0]


def test_what_papers_do_not_allow_today_is_not_performed(client, place, dermatologist):
    Qualification.objects.update(valid_until=date(2026, 2, 1))

    listed = read(client, "/practitioners/")
    own = read(client, f"/practitioners/{dermatologist.slug}/")

    assert "Micro-needling" not in listed
    assert "nothing to book at the moment" in listed
    assert "There is nothing to book with" in own


def test_page_leads_to_times_of_each_variant(client, place, dermatologist):
    shown = read(client, f"/practitioners/{dermatologist.slug}/")

    assert "/treatments/microneedling/" in shown
    link = f"/book/mn_face_05/?place={place.slug}&amp;practitioner=dermatologist"
    assert link in shown
    assert "Next free:" in shown


def test_nothing_of_licences_is_told(client, place, dermatologist):
    Qualification.objects.update(issuer="Board of Somewhere", number="PX-77")

    for path in ("/practitioners/", f"/practitioners/{dermatologist.slug}/"):
        shown = read(client, path)

        assert "PX-77" not in shown
        assert "Board of Somewhere" not in shown
        assert "2030" not in shown
        assert "checked for the day of your appointment" in shown


def test_who_left_is_not_found(client, place, dermatologist):
    dermatologist.is_active = False
    dermatologist.save()

    assert client.get(f"/practitioners/{dermatologist.slug}/").status_code == 404
    assert dermatologist.name not in read(client, "/practitioners/")
    assert client.get("/practitioners/nobody/").status_code == 404


def test_who_no_longer_works_at_a_place_is_not_said_to(client, place, dermatologist):
    PractitionerRole.objects.update(valid_until=date(2026, 2, 1))

    assert dermatologist.name not in read(client, "/practitioners/")
    own = read(client, f"/practitioners/{dermatologist.slug}/")
    assert "Not at one of our places at the moment" in own


def test_nothing_unpublished_is_named(client, place, dermatologist):
    draft = factories.TreatmentVariantFactory(treatment__code="draft_only")
    factories.PrivilegeFactory(practitioner=dermatologist, variant=draft)

    shown = read(client, f"/practitioners/{dermatologist.slug}/")

    assert draft.label not in shown


def test_more_people_and_places_are_no_more_queries(
    client, place, dermatologist, django_assert_num_queries
):
    paths = {"/practitioners/": 1, "/practitioners/dermatologist/": 2}
    utah = worlds.place("US-UT", "America/Denver")
    factories.PractitionerRoleFactory(
        practitioner=dermatologist,
        role=dermatologist.roles.get().role,
        location=utah,
    )
    for number in range(3):
        worlds.somebody("dermatologist", utah, slug=f"more-{number}")
    read(client, "/practitioners/")

    for path, queries in paths.items():
        with django_assert_num_queries(queries):
            read(client, path)
