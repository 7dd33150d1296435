"""Rooms and devices in the back office."""

import pytest
from django.urls import reverse

from clinic import access
from clinic.models import AuditEvent, Device, Room
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    admin = factories.UserFactory(is_staff=True, groups=[access.CLINIC_ADMIN])
    client.force_login(admin)
    factories.TreatmentVariantFactory(
        code="needing", needs_room="treatment_room", needs_device="pen,centrifuge"
    )
    return client


def room(place, **more):
    named = {"location": place.pk, "name": "Sage", "slug": "sage", "is_active": "on"}
    return {**named, "kinds": "treatment_room", **more}


def test_a_room_is_put_up_and_written_down(office):
    place = factories.LocationFactory(equipment=False)

    answer = office.post(reverse("admin:clinic_room_add"), room(place))

    assert answer.status_code == 302
    assert Room.objects.get().kind_codes == ("treatment_room",)
    assert AuditEvent.objects.filter(verb="added room").exists()


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        ("treatmentroom", "Did you mean treatment_room?"),
        ("sauna", "No treatment asks for “sauna”."),
        ("treatment_room, sauna", "No treatment asks for “sauna”."),
    ],
)
def test_a_kind_that_nothing_asks_for_is_refused_kindly(office, kinds, told):
    place = factories.LocationFactory(equipment=False)

    answer = office.post(reverse("admin:clinic_room_add"), room(place, kinds=kinds))

    assert told in answer.content.decode()
    assert not Room.objects.exists()


def test_a_device_is_of_one_kind(office):
    place = factories.LocationFactory(equipment=False)
    form = {"location": place.pk, "name": "Pen", "slug": "pen", "is_active": "on"}
    url = reverse("admin:clinic_device_add")

    two = office.post(url, {**form, "kind": "pen,centrifuge"})
    one = office.post(url, {**form, "kind": " pen "})

    assert "A device is of one kind." in two.content.decode()
    assert one.status_code == 302
    assert Device.objects.get().kind == "pen"


def test_place_and_slug_are_given_once(office):
    made = factories.RoomFactory(slug="sage")
    other = factories.LocationFactory(slug="other", equipment=False)
    url = reverse("admin:clinic_room_change", args=[made.pk])

    office.post(url, room(other, slug="new", name="Willow"))

    made.refresh_from_db()
    assert (made.name, made.slug) == ("Willow", "sage")
    assert made.location != other
