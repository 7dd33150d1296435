"""Which appointments somebody may see, and which findings let pass."""

from uuid import UUID

from django.db.models import Q
from django.http import Http404

from bookings.findings import CLINICAL, POLICY
from bookings.models import Appointment, Course
from bookings.models.appointments import AppointmentQuerySet
from clinic import access
from clinic.models import User


def appointments_of(user: User) -> AppointmentQuerySet:
    """The front desk's are all; a practitioner's and a patient's their own."""
    everything = Appointment.objects.with_people()
    if access.is_front_desk(user):
        return everything
    own = Q(pk__in=[])
    if access.is_patient(user):
        own |= Q(patient__user=user)
    if access.is_practitioner(user):
        own |= Q(practitioner__user=user)
    return everything.filter(own)


def is_theirs(user: User, found: Appointment | Course) -> bool:
    """Only the patient and the front desk book, let go, cancel, move or plan it."""
    return access.is_self(user, found.patient) or access.is_front_desk(user)


def may_move(user: User, found: Appointment) -> bool:
    """They, and a clinician with override right whose appointment it is.

    What is clinical only such a clinician lets pass, who need not be of the desk.
    """
    if is_theirs(user, found):
        return True
    mine = access.is_practitioner(user) and found.practitioner.user_id == user.pk
    return mine and access.is_clinician(user)


def may_override(user: access.Somebody | None, severity: str) -> bool:
    """Whether `user` may let a finding of this severity pass, with a reason.

    What is hard nobody may, and a note closes nothing. Nobody (a command) may nothing.
    """
    if user is None:
        return False
    if severity == POLICY:
        return access.is_front_desk(user)
    return severity == CLINICAL and access.is_clinician(user)


def course_or_404(user: User, uid: UUID) -> Course:
    """The front desk's are all; a patient's own, and those of whom one treats."""
    found = Course.objects.select_related("patient", "variant__treatment", "place")
    if not access.is_front_desk(user):
        own = Q(pk__in=[])
        if access.is_patient(user):
            own |= Q(patient__user=user)
        if access.is_practitioner(user):
            mine = Appointment.objects.filter(practitioner__user=user)
            own |= Q(pk__in=mine.exclude(course=None).values("course"))
        found = found.filter(own)
    course = found.filter(uid=uid).first()
    if course is None:
        raise Http404("There is no such course.")
    return course


def appointment_or_404(user: User, uid: UUID) -> Appointment:
    appointment = appointments_of(user).filter(uid=uid).first()
    if appointment is None:
        raise Http404("There is no such appointment.")
    return appointment
