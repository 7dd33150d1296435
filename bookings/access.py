"""Which appointments somebody may see. A stranger's is 404."""

from uuid import UUID

from django.db.models import Q
from django.http import Http404

from bookings.models import Appointment
from bookings.models.appointments import AppointmentQuerySet
from clinic import access
from clinic.models import User


def appointments_of(user: User) -> AppointmentQuerySet:
    """The front desk's are all; a practitioner's and a patient's their own."""
    everything = Appointment.objects.with_people()
    if access.is_front_desk(user):
        return everything
    own = Q(pk__in=[])
    patient = access.patient_of(user)
    if patient is not None:
        own |= Q(patient=patient)
    if access.is_practitioner(user):
        own |= Q(practitioner=user.practitioner)
    return everything.filter(own)


def appointment_or_404(user: User, uid: UUID) -> Appointment:
    appointment = appointments_of(user).filter(uid=uid).first()
    if appointment is None:
        raise Http404("There is no such appointment.")
    return appointment
