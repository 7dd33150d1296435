"""Factories of hours, leave, appointments, claims and notices.

They write rows as they are told and ask no rule: what is booked through the rules
is booked through `bookings.actions`.
"""

from datetime import UTC, datetime, time, timedelta

import factory
from factory.django import DjangoModelFactory

from bookings import models
from tests.factories.clinic import PatientFactory, PractitionerRoleFactory
from tests.factories.treatments import TreatmentVariantFactory

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


class ClaimFactory(DjangoModelFactory):
    """The time of an appointment, as its practitioner's or as its patient's.

    The practitioner's holds preparation and clean-up, the patient's does not. Give
    one of `practitioner` and `patient`; the practitioner's is made otherwise.
    """

    class Meta:
        model = models.Claim

    appointment = factory.SubFactory(AppointmentFactory, claims=False)
    patient = None
    practitioner = factory.LazyAttribute(
        lambda c: None if c.patient else c.appointment.practitioner
    )
    starts_at = factory.LazyAttribute(
        lambda c: (
            c.appointment.starts_at
            - timedelta(minutes=0 if c.patient else c.appointment.variant.prep_min)
        )
    )
    ends_at = factory.LazyAttribute(
        lambda c: (
            c.appointment.ends_at
            + timedelta(minutes=0 if c.patient else c.appointment.variant.cleanup_min)
        )
    )


class NoticeFactory(DjangoModelFactory):
    """A message about a booking that waits to be sent."""

    class Meta:
        model = models.Notice

    appointment = factory.SubFactory(AppointmentFactory)
    kind = "booked"
    key = factory.LazyAttribute(lambda n: f"{n.kind}-{n.appointment.uid}")
    due_at = BOOKED
    created_at = BOOKED
