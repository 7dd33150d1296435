"""Public pages are kept as drawn, never longer than they are true, and for strangers only."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.rulebook import SHOWN
from tests import factories
from tests.treatments.catalogue import concern, effect, publish
from treatments.models import EditionText, Treatment
from treatments.views import kept

pytestmark = pytest.mark.django_db
PAGE = "/treatments/rolling/"
PAGES = [
    "/",
    "/treatments/",
    "/treatments/?q=roll",
    PAGE,
    f"{PAGE}versions/1/",
    "/compare/",
    "/compare/?t=rolling&t=needling",
    "/dry-or-micro/",
    "/concerns/scars/",
]


@pytest.fixture(autouse=True)
def shop():
    publish("needling", purpose="For muscles.")
    publish("rolling", purpose="For skin.", source="PAPER")
    concern("scars", "rolling:limited")


def statements(client, path):
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_that_is_kept_takes_one_statement(client, path):
    first = client.get(path)

    assert statements(client, path) == 1
    again = client.get(path)
    assert again.content == first.content
    assert "Cookie" in again["Vary"]


@pytest.mark.parametrize(
    "change",
    [
        lambda: factories.CatalogueFieldFactory(code="new"),
        lambda: concern("pores", "rolling:limited"),
        lambda: EditionText.objects.update(text="Otherwise."),
        lambda: effect("E", "rolling", "Redness", "often"),
        lambda: factories.SourceFactory(code="PAPER"),
        lambda: Treatment.objects.update(name="Other"),
        lambda: factories.LocationFactory(),
        lambda: factories.EditionVariantFactory(edition=publish("x").edition),
    ],
)
def test_every_change_of_what_is_shown_draws_it_anew(client, change):
    client.get(PAGE)
    assert statements(client, PAGE) == 1

    change()

    assert statements(client, PAGE) > 1


def test_all_that_pages_show_is_watched():
    names = {model.__name__ for model in SHOWN}

    assert {"CatalogueField", "Concern", "EditionText", "Effect", "Source"} <= names


def test_the_clinics_own_words_are_never_those_of_before(client, settings):
    client.get(PAGE)
    settings.CLINIC_NAME = "Rowan & Rye"

    assert "Rowan &amp; Rye" in client.get(PAGE).content.decode()


def test_who_is_signed_in_gets_their_own_page_and_leaves_none_behind(client):
    client.get(PAGE)
    client.force_login(factories.PatientFactory().user)
    theirs = client.get(PAGE).content.decode()
    client.logout()

    assert "Sign out" in theirs
    assert "Sign out" not in client.get(PAGE).content.decode()


def test_refusals_are_not_kept(client):
    before = dict(kept._pages)
    for path in ("/treatments/nothing/", "/compare/?t=x", f"/treatments/?{'q' * 400}"):
        client.get(path)

    assert kept._pages == before


def test_no_more_is_kept_than_there_is_room_for(client, monkeypatch):
    monkeypatch.setattr(kept, "MOST_KEPT", 3)
    monkeypatch.setattr(kept, "_pages", {})

    for number in range(9):
        client.get(f"/treatments/?q={number}")

    assert 0 < len(kept._pages) <= 3


def test_templates_under_a_developers_hands_are_drawn_each_time(client, settings):
    client.get(PAGE)
    settings.DEBUG = True

    assert statements(client, PAGE) > 1
