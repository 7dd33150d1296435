"""What an edition's terms do to bookings, and which terms are refused."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings import actions as bookings
from bookings.models import RulebookStamp
from tests import worlds
from tests.factories import (
    AreaDepthFactory,
    BodyAreaFactory,
    DeviceFactory,
    LocationFactory,
    PatientFactory,
    RoomFactory,
    TreatmentVariantFactory,
)
from tests.treatments.drafts import draft_of, published, reviewer, through, writer
from treatments import actions
from treatments.models import TreatmentVariant

pytestmark = pytest.mark.django_db
MONDAY_NOON = worlds.MONDAY_10 + timedelta(hours=2)


def test_an_appointment_keeps_the_terms_on_which_it_was_booked():
    who, where = worlds.plain()
    variant = TreatmentVariant.objects.get(code="visit")
    treatment = published(code=variant.treatment.code, variants=["visit"])
    author = writer()

    def book(at):
        asked = worlds.asked("visit", where, who, patient=PatientFactory())
        return bookings.book(asked=asked, at=at, by=None, now=worlds.NOW)

    first = book(worlds.MONDAY_10)
    terms = {"label": "Long visit", "price_usd": Decimal(99), "duration_min": 60}
    edition = through(draft_of(treatment, author, **terms), author, reviewer())
    second = book(MONDAY_NOON)

    first.refresh_from_db()
    assert (first.label, first.price_usd) == (variant.label, variant.price_usd)
    assert first.ends_at - first.starts_at == timedelta(minutes=30)
    assert first.edition == treatment.edition
    assert (second.label, second.price_usd) == ("Long visit", 99)
    assert second.ends_at - second.starts_at == timedelta(minutes=60)
    assert second.edition == edition


def test_publishing_terms_changes_the_stamp_of_the_rulebook():
    treatment, author = published(), writer()
    draft = draft_of(treatment, author, duration_min=45)
    before = RulebookStamp.objects.get().stamp

    through(draft, author, reviewer())

    assert RulebookStamp.objects.get().stamp != before


def test_publishing_queues_with_bookings_on_the_practitioners():
    author = writer()
    draft = draft_of(published(), author, duration_min=45)

    with CaptureQueriesContext(connection) as asked:
        through(draft, author, reviewer())

    locks = [each["sql"] for each in asked if "FOR NO KEY UPDATE" in each["sql"]]
    if connection.vendor == "sqlite":  # each transaction is the only writer there
        assert locks == []
        return
    practitioners = [n for n, sql in enumerate(locks) if "clinic_practitioner" in sql]
    assert practitioners == [1]  # sending for review takes the treatment's row only
    assert "treatments_treatment" in locks[2]


def areas():
    BodyAreaFactory(code="nose")
    BodyAreaFactory(code="head", is_group=True)
    BodyAreaFactory(code="navel", never_treat=True)
    AreaDepthFactory(area="nose")


@pytest.mark.parametrize(
    ("code", "terms", "part"),
    [
        ("dry_needling", {"max_depth_mm": Decimal(1)}, "has no depth"),
        ("dry_needling", {"duration_min": 3}, "duration min"),
        ("dry_needling", {"prep_min": 121}, "prep min"),
        ("dry_needling", {"cleanup_min": 121}, "cleanup min"),
        ("dry_needling", {"price_usd": Decimal(-1)}, "below zero"),
        ("dry_needling", {"code": "taken"}, "Another treatment has this code"),
        ("dry_needling", {"default_areas": "tail"}, "no area “tail”"),
        ("dry_needling", {"default_areas": "nose, head"}, "Head is never treated"),
        ("dry_needling", {"default_areas": "navel"}, "Navel is never treated"),
        ("microneedling", {"max_depth_mm": None}, "Give a depth"),
        ("microneedling", {"max_depth_mm": Decimal(0)}, "Give a depth"),
        (
            "microneedling",
            {"max_depth_mm": Decimal(1), "default_areas": "nose"},
            "deeper than 0.75 mm",
        ),
    ],
)
def test_terms_on_which_nobody_could_be_treated_are_refused(code, terms, part):
    areas()
    TreatmentVariantFactory(code="taken", treatment__code="peel_light")
    author = writer()
    draft = draft_of(published(code=code), author, **terms)

    with pytest.raises(actions.RulesBroken, match=part):
        actions.submit(edition=draft, by=author, now=worlds.NOW)


def test_depth_within_the_cap_of_its_areas_is_taken():
    areas()
    author = writer()
    terms = {"max_depth_mm": Decimal("0.75"), "default_areas": "nose"}
    draft = draft_of(published(code="microneedling"), author, **terms)

    assert through(draft, author, reviewer()).number == 2


def told(draft):
    return [str(problem) for problem in actions.problems(draft)]


def test_kinds_that_no_room_and_no_device_is_of_are_refused():
    RoomFactory(kinds="treatment_room,consultation_room")
    DeviceFactory(kind="centrifuge", is_active=False)
    asks = {"needs_room": "treatment_room,bathroom", "needs_device": "centrifuge"}
    draft = draft_of(published(), writer(), **asks)

    room, device = told(draft)

    assert (
        "No room here is a “bathroom”. There are: consultation_room, treatment_room."
        in room
    )
    assert "No device here is a “centrifuge”. There are: none yet." in device


def test_kinds_that_are_published_stand_in_the_way_of_nothing_else():
    treatment = published()
    treatment.variants.update(needs_room="grotto")
    treatment.edition.variants.update(needs_room="grotto")

    assert told(draft_of(treatment, writer(), price_usd=Decimal(99))) == []


def test_a_room_of_a_new_kind_is_put_up_while_the_draft_is_written(client):
    author = writer()
    draft = draft_of(published(), author, needs_room="sauna")
    place = LocationFactory(equipment=False)
    client.force_login(author)

    client.post(
        reverse("admin:clinic_room_add"),
        {"location": place.pk, "name": "Sage", "slug": "sage", "kinds": "sauna"}
        | {"is_active": "on"},
    )

    assert told(draft) == []
