"""Factories of hours, leave, appointments, claims and notices.

They write rows as they are told and ask no rule: what is booked through the rules
is booked through `bookings.actions`.
"""

from datetime import UTC, date, datetime, time, timedelta

import factory
from factory.django import DjangoModelFactory

from bookings import models
from tests.factories.clinic import (
    LocationFactory,
    PatientFactory,
    PractitionerRoleFactory,
)
from tests.factories.treatments import CoursePlanFactory, TreatmentVariantFactory

MONDAY_10 = datetime(2026, 2, 2, 17, tzinfo=UTC)  # ten o'clock in Denver
BOOKED = datetime(2026, 1, 5, 16, tzinfo=UTC)


class AvailableTimeFactory(DjangoModelFactory):
    """Mondays from nine to five, local time, from no day and to no day."""

    class Meta:
        model = models.AvailableTime

    role = factory.SubFactory(PractitionerRoleFactory)
    weekday = 0
    start_time = time(9)
    end_time = time(17)


class SingleDayFactory(DjangoModelFactory):
    """Nine to one on Saturday 7 February 2026, besides the weekly hours."""

    class Meta:
        model = models.SingleDay

    role = factory.SubFactory(PractitionerRoleFactory)
    day = date(2026, 2, 7)
    start_time = time(9)
    end_time = time(13)


class NotAvailableTimeFactory(DjangoModelFactory):
    """Leave on Monday 2 February 2026, ten to noon in Denver."""

    class Meta:
        model = models.NotAvailableTime

    practitioner = factory.SubFactory("tests.factories.PractitionerFactory")
    starts_at = MONDAY_10
    ends_at = factory.LazyAttribute(lambda n: n.starts_at + timedelta(hours=2))


class AppointmentFactory(DjangoModelFactory):
    """A booked appointment at ten in Denver on Monday 2 February 2026.

    `claims=False` leaves out its claims, which it has while its status occupies.
    `rooms=[...]` and `devices=[...]` are what it takes; by itself nothing.
    """

    class Meta:
        model = models.Appointment
        skip_postgeneration_save = True

    patient = factory.SubFactory(PatientFactory)
    role = factory.SubFactory(PractitionerRoleFactory)
    practitioner = factory.SelfAttribute("role.practitioner")
    place = factory.SelfAttribute("role.location")
    variant = factory.SubFactory(TreatmentVariantFactory)
    starts_at = MONDAY_10
    ends_at = factory.LazyAttribute(lambda a: a.starts_at + a.variant.duration)
    label = factory.SelfAttribute("variant.label")
    price_usd = factory.SelfAttribute("variant.price_usd")
    created_at = BOOKED
    booked_by = factory.SelfAttribute("patient.user")

    @factory.post_generation
    def claims(self, create, wanted, **kwargs):
        occupies = self.status in models.appointments.OCCUPYING
        if create and occupies and wanted is not False:
            ClaimFactory(appointment=self, practitioner=self.practitioner)
            ClaimFactory(appointment=self, patient=self.patient)

    @factory.post_generation
    def rooms(self, create, wanted, **kwargs):
        for room in (wanted or ()) if create else ():
            ClaimFactory(appointment=self, room=room)

    @factory.post_generation
    def devices(self, create, wanted, **kwargs):
        for device in (wanted or ()) if create else ():
            ClaimFactory(appointment=self, device=device)


class CourseFactory(DjangoModelFactory):
    """A course of three sessions that has no appointment yet."""

    class Meta:
        model = models.Course

    patient = factory.SubFactory(PatientFactory)
    variant = factory.SubFactory(TreatmentVariantFactory)
    plan = factory.SubFactory(
        CoursePlanFactory, treatment=factory.SelfAttribute("..variant.treatment")
    )
    place = factory.SubFactory(LocationFactory)
    label = factory.SelfAttribute("variant.label")
    sessions = factory.SelfAttribute("plan.sessions_usual")
    least_days = factory.SelfAttribute("plan.least_days")
    most_days = factory.SelfAttribute("plan.most_days")
    created_at = BOOKED
    booked_by = factory.SelfAttribute("patient.user")


class ClaimFactory(DjangoModelFactory):
    """The time of an appointment, as its practitioner's, patient's, room's or device's.

    All but the patient's hold preparation and clean-up. Give one of them; the
    practitioner's is made otherwise.
    """

    class Meta:
        model = models.Claim

    appointment = factory.SubFactory(AppointmentFactory, claims=False)
    patient = room = device = None
    practitioner = factory.LazyAttribute(
        lambda c: (
            None if c.patient or c.room or c.device else c.appointment.practitioner
        )
    )
    starts_at = factory.LazyAttribute(
        lambda c: c.appointment.starts_at - timedelta(minutes=_around(c)[0])
    )
    ends_at = factory.LazyAttribute(
        lambda c: c.appointment.ends_at + timedelta(minutes=_around(c)[1])
    )


def _around(claim):
    """The minutes before and after for which its owner is taken."""
    variant = claim.appointment.variant
    if claim.patient:
        return 0, 0
    if claim.room:
        return variant.around_rooms
    if claim.device:
        return variant.around_devices
    return variant.prep_min, variant.cleanup_min


class CancellationPolicyFactory(DjangoModelFactory):
    """Everywhere: a day before online, forty dollars later, eighty for not coming."""

    class Meta:
        model = models.CancellationPolicy

    valid_from = date(2026, 1, 1)
    cut_off_hours = 24
    late_fee_usd = 40
    noshow_fee_usd = 80
    text = "Please tell us a day before if you cannot come."


class FeeFactory(DjangoModelFactory):
    """Forty dollars owed for what was cancelled late."""

    class Meta:
        model = models.Fee

    appointment = factory.SubFactory(AppointmentFactory, status="cancelled")
    amount_usd = 40
    reason = "late"
    charged_at = MONDAY_10


class NoticeFactory(DjangoModelFactory):
    """A message about a booking that waits to be sent."""

    class Meta:
        model = models.Notice

    appointment = factory.SubFactory(AppointmentFactory)
    kind = "booked"
    key = factory.LazyAttribute(lambda n: f"{n.kind}-{n.appointment.uid}")
    due_at = BOOKED
    created_at = BOOKED
