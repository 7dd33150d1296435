"""Aftercare of a session that took place: what holds now, what is over, what comes."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.access import appointment_or_404
from bookings.models import Appointment, Status
from bookings.templatetags.local import day_at
from clinic import access
from treatments import afterwards, paper
from treatments.models import Family
from treatments.sheet import at, sheet_of


def has_aftercare(appointment: Appointment) -> bool:
    return appointment.variant.treatment.family != Family.CONSULTATION


@require_safe
def aftercare(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A timeline that knows how long ago the session was."""
    found = _found(request, uid)
    context = {
        "appointment": found,
        "place": found.place,
        "treatment": found.variant.treatment,
        "is_done": found.status == Status.FULFILLED,
        "is_own": access.is_self(request.user, found.patient),
    }
    if context["is_done"]:
        now = timezone.now()
        ended = ended_at(found, now)
        sheet = sheet_of(found.variant.treatment)
        context |= {
            "sheet": sheet,
            "sources": sheet.sources,
            "ago": afterwards.ago(ended, now),
            "moment": at(sheet, ended, now),
        }
    return render(request, "bookings/aftercare.html", context)


@require_safe
def aftercare_pdf(request: HttpRequest, uid: UUID) -> HttpResponse:
    found = _found(request, uid)
    if found.status != Status.FULFILLED:
        raise Http404("There is no such page yet.")
    when = f"Your session was on {day_at(found.starts_at, found.place)}."
    sheet = sheet_of(found.variant.treatment)
    phone = found.place.phone or settings.CLINIC_PHONE
    drawn = paper.aftercare(sheet, settings.CLINIC_NAME, phone, when)
    return paper.answer(drawn, "aftercare.pdf")


def _found(request: HttpRequest, uid: UUID) -> Appointment:
    found = appointment_or_404(request.user, uid)
    if not has_aftercare(found):
        raise Http404("Nothing was done that needs any.")
    return found


def ended_at(appointment: Appointment, now: datetime) -> datetime:
    """When the session ended: as planned, or before now if it was done sooner."""
    return min(appointment.ends_at, now)
