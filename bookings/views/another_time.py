"""Any time that a patient asks the desk for, whether it is offered or not.

It leads to the page that asks all rules, books, or says what stands against it.
"""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bookings import rulebook
from bookings.access import appointment_or_404
from bookings.forms import AnotherTimeForm
from bookings.models import Appointment
from bookings.rulebook import Rulebook
from bookings.views import patient as pages
from clinic.access import front_desk_required


@require_safe
@front_desk_required
def another_time(request: HttpRequest) -> HttpResponse:
    """Ask for variant, place, practitioner, day and clock; then go and look."""
    moving = _moving(request)
    patient = moving.patient if moving else pages.whom(request)[0]
    if patient is None or not (moving or request.GET.get("for")):
        return redirect("bookings:patients")
    sent = request.GET if request.GET.get("day") or request.GET.get("time") else None
    form = _form(rulebook.current(), moving, sent, request.GET.dict())
    if sent and form.is_valid():
        return redirect(_address(form, moving, patient.uid))
    context = {"form": form, "patient": patient, "moving": moving, "on_behalf": True}
    status = 422 if sent else 200
    return render(request, "bookings/another_time.html", context, status=status)


def _moving(request: HttpRequest) -> Appointment | None:
    """The appointment that is to have another time, where one is named."""
    uid = request.GET.get("moving")
    if not uid:
        return None
    try:
        return appointment_or_404(request.user, UUID(uid))
    except ValueError:
        raise Http404("There is no such appointment.") from None


def _form(
    book: Rulebook, moving: Appointment | None, sent: Any, known: dict[str, Any]
) -> AnotherTimeForm:
    variants = [row for row in book.variants.values() if row.is_offered]
    if moving:
        known = {
            "place": moving.place.slug,
            "practitioner": moving.practitioner.slug,
            **known,
        }
    form = AnotherTimeForm(
        sent,
        initial=known,
        variants=[(row.code, f"{row.treatment.name}: {row.label}") for row in variants],
        zones={row.slug: (row.name, row.tz) for row in book.places.values()},
        people=[
            (row.slug, row.name) for row in book.practitioners.values() if row.is_active
        ],
    )
    if moving:
        del form.fields["variant"]
    return form


def _address(form: AnotherTimeForm, moving: Appointment | None, patient: UUID) -> str:
    """The page on which that one start is looked at and booked, or moved to."""
    asked = form.cleaned_data
    query = {
        "place": asked["place"],
        "practitioner": asked["practitioner"],
        "at": asked["at"].astimezone(form.zone).isoformat(timespec="minutes"),
    }
    if moving:
        path = reverse("bookings:move_confirm", args=[moving.uid])
    else:
        path = reverse("bookings:confirm", args=[asked["variant"]])
        query["for"] = patient
    return f"{path}?{urlencode(query)}"
