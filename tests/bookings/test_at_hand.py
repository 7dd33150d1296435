"""What is sent is read by the rulebook at hand, and refused by none but that of now."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from bookings import rulebook, slots
from bookings.models import Appointment, Status
from bookings.question import UnknownName
from clinic.models import Qualification
from tests import factories, holding, worlds
from treatments.models import BodyArea, Treatment, TreatmentVariant

pytestmark = pytest.mark.django_db

VARIANT = "mn_face_05"


@pytest.fixture
def patient(db):
    return factories.PatientFactory(user=factories.UserFactory())


def somebody(place, slug):
    papers = [worlds.licence("dermatologist", "US-AZ"), worlds.paper("device_training")]
    return worlds.somebody("dermatologist", place, *papers, slug=slug)


def free(place, who, variant=VARIANT):
    now = timezone.now()
    day = now.astimezone(place.tz).date() + timedelta(days=2)
    asked = worlds.asked(variant, place, who)
    return slots.open_slots(asked, first_day=day, days=1, now=now)[0].start


class Elsewhere:
    """Another process of the web server: it has not heard of what is done meanwhile."""

    def __enter__(self):
        rulebook.current()
        self.known = dict(rulebook._kept)
        return self

    def __exit__(self, *failure):
        self.forget()

    def forget(self):
        """Know no more than before."""
        rulebook._kept.update(self.known)


def booked(desk, patient, place, who, at, variant=VARIANT, **more):
    sent = {
        "for": patient.uid,
        "place": place.slug,
        "practitioner": who.slug,
        "at": at.astimezone(place.tz).isoformat(),
        "submission": uuid4(),
        **more,
    }
    return desk.post(f"/book/{variant}/confirm/", sent)


def test_who_came_meanwhile_is_booked_at_once(desk, place, dermatologist, patient):
    with Elsewhere():
        new = somebody(place, "new-here")
        at = free(place, new)

    assert booked(desk, patient, place, new, at).status_code == 302
    assert patient.appointments.get().practitioner == new


def test_a_treatment_that_came_meanwhile_is_booked_at_once(
    desk, place, dermatologist, patient
):
    with Elsewhere():
        variant = TreatmentVariant.objects.get(code=VARIANT)
        TreatmentVariant.objects.filter(code=VARIANT).update(code="mn_renamed")
        variant.refresh_from_db()
        at = free(place, dermatologist, variant.code)

    answer = booked(desk, patient, place, dermatologist, at, variant.code)
    assert answer.status_code == 302
    assert patient.appointments.get().variant == variant


def test_what_nobody_knows_is_not_found(desk, place, dermatologist, patient):
    at = free(place, dermatologist)
    answer = booked(desk, patient, place, dermatologist, at, "no_such_thing")
    assert answer.status_code == 404


def test_what_was_closed_meanwhile_is_refused(desk, place, dermatologist, patient):
    at = free(place, dermatologist)
    with Elsewhere():
        Qualification.objects.filter(practitioner=dermatologist).delete()

    answer = booked(desk, patient, place, dermatologist, at)
    assert answer.status_code == 409
    assert not Appointment.objects.exists()


def test_a_name_that_stands_for_somebody_else_meanwhile_books_them(
    desk, place, dermatologist, patient
):
    with Elsewhere() as there:
        other = somebody(place, "other")
        slug, dermatologist.slug = dermatologist.slug, "once-so-called"
        dermatologist.save()
        other.slug = slug
        other.save()
        at = free(place, other)

    # Not for somebody else behind the locks of whom it once stood for.
    before = worlds.asked(VARIANT, place, other, book=rulebook.at_hand())
    assert before.practitioner == dermatologist
    with pytest.raises(UnknownName):
        before.afresh(rulebook.current())
    there.forget()
    assert booked(desk, patient, place, other, at).status_code == 302
    assert patient.appointments.get().practitioner == other


def test_areas_and_depth_are_those_of_the_treatment_by_now(
    desk, place, dermatologist, patient
):
    with Elsewhere():
        variants = TreatmentVariant.objects.filter(code=VARIANT)
        variants.update(max_depth_mm="0.25", default_areas="cheeks")
        at = free(place, dermatologist)
        now = worlds.asked(VARIANT, place, dermatologist)

    before = worlds.asked(VARIANT, place, dermatologist, book=rulebook.at_hand())
    assert before.areas != now.areas
    assert before.afresh(now.book).areas == now.areas
    assert booked(desk, patient, place, dermatologist, at).status_code == 302
    appointment = patient.appointments.get()
    assert appointment.depth_mm == Decimal("0.25")
    assert appointment.areas == "cheeks:both"


def test_what_was_opened_meanwhile_is_held_and_booked(client, place, patient):
    with Elsewhere() as there:
        who = somebody(place, "new-here")
        at = free(place, who)
    client.force_login(patient.user)

    held = client.post(f"/book/{VARIANT}/hold/", holding.form(place, who, at))
    assert held.status_code == 302
    there.forget()
    answer = client.post(f"{held['Location']}confirm/")
    assert answer.status_code == 302
    appointment = patient.appointments.get()
    assert (appointment.practitioner, appointment.status) == (who, Status.BOOKED)


def opens_elsewhere(who, start):
    """A place that opens, and somebody who works there and is booked at once."""
    role = who.roles.get().role
    new = factories.LocationFactory(slug="new-place", start_grid_min=5)
    there = factories.PractitionerRoleFactory(practitioner=who, role=role, location=new)
    factories.AppointmentFactory(role=there, starts_at=start)


@pytest.mark.parametrize("door", ["hold", "confirm"])
def test_whoever_is_booked_at_a_place_that_opened_meanwhile_has_a_way(
    client, patient, door
):
    who, where = worlds.plain(slug="dana", notice_min=0)
    factories.TravelTimeFactory(from_location=where)
    at = free(where, who, "visit")
    with Elsewhere():
        opens_elsewhere(who, at + timedelta(hours=2))

    if door == "hold":
        client.force_login(patient.user)
        sent = holding.form(where, who, at + timedelta(minutes=90))
        answer = client.post("/book/visit/hold/", sent)
    else:
        client.force_login(factories.FrontDeskUserFactory())
        at += timedelta(hours=2)
        answer = booked(client, patient, where, who, at, "visit")
    assert answer.status_code == 409
    assert not patient.appointments.exists()


def test_an_area_that_is_treated_no_more_is_not_booked(client, patient):
    who, where = worlds.plain(notice_min=0)
    Treatment.objects.update(family="musculoskeletal")
    area = factories.BodyAreaFactory(family="both", side_applies=False)
    at = free(where, who, "visit")
    with Elsewhere():
        BodyArea.objects.filter(pk=area.pk).update(never_treat=True)
    client.force_login(factories.FrontDeskUserFactory())

    answer = booked(client, patient, where, who, at, "visit", areas=[area.code])
    assert answer.status_code == 400
    assert not patient.appointments.exists()
