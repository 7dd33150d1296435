"""The front desk finds, registers and corrects patients, and books for them."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bookings import rulebook
from bookings.models import Appointment
from bookings.staff_forms import PatientForm, PatientSearchForm
from bookings.views import daybook
from bookings.views.daybook import Line
from bookings.views.marks import with_moves
from clinic import actions
from clinic.access import front_desk_required, patient_or_404
from clinic.models import Patient, User
from clinic.names import folded
from treatments.models import Treatment, TreatmentVariant

SOUGHT = "patients_sought"  # where the session keeps the words
MOST = 50
MOST_PAST = 50
PAGE = ["GET", "HEAD", "POST"]


@require_http_methods(PAGE)
@front_desk_required
def patients(request: HttpRequest) -> HttpResponse:
    """Find somebody. The words come in the body of a form, never in an address.

    They stay with the session, so that whoever comes back from a patient's page finds
    the list again and sends nothing anew.
    """
    if request.method == "POST":
        form = PatientSearchForm(request.POST)
        if form.is_valid():
            request.session[SOUGHT] = form.cleaned_data["words"]
            return redirect(f"{reverse('bookings:patients')}?found")
    else:
        words = request.session.get(SOUGHT) if "found" in request.GET else None
        form = PatientSearchForm({"words": words} if words else None)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        found = list(_found(form)[: MOST + 1])
        context |= {"found": found[:MOST], "is_cut": len(found) > MOST, "most": MOST}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "bookings/patients.html", context, status=status)


def _found(form: PatientSearchForm) -> QuerySet[Patient]:
    found = Patient.objects.matching(form.cleaned_data["rest"])
    for born in form.cleaned_data["births"]:
        found = found.filter(birth_date=born)
    return found.select_related("user").order_by(
        "family_name", "given_name", "birth_date", "pk"
    )


@require_http_methods(PAGE)
@front_desk_required
def patient_new(request: HttpRequest) -> HttpResponse:
    """Register somebody; who looks like a person on file is shown first."""
    form = PatientForm(request.POST or None)
    alike: list[Patient] = []
    if form.is_valid():
        alike = _alike(form.cleaned_data)
        if not alike or "anyway" in request.POST:
            patient = _register(form, request.user)
            if patient is not None:
                messages.success(request, f"{patient.name} is registered.")
                return redirect("bookings:patient", patient.uid)
    status = 200
    if form.is_bound:
        status = 422 if form.errors else 409
    context = {"form": form, "alike": alike}
    return render(request, "bookings/patient_form.html", context, status=status)


def _alike(details: dict[str, Any]) -> list[Patient]:
    """People on file with the same name and date of birth."""
    name = folded("{given_name} {family_name}".format(**details))
    same = Patient.objects.filter(folded_name=name, birth_date=details["birth_date"])
    return list(same.select_related("user").order_by("pk")[:10])


def _register(form: PatientForm, by: User) -> Patient | None:
    """The patient, or None and the reason on the form."""
    try:
        return actions.register_patient(**form.cleaned_data, by=by, now=timezone.now())
    except actions.Refused as refused:
        form.add_error("birth_date", str(refused))
        return None


@require_http_methods(PAGE)
@front_desk_required
def patient_edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Correct a patient's details, the date of birth too."""
    patient = patient_or_404(request.user, uid)
    known = {name: getattr(patient, name) for name in PatientForm.base_fields}
    form = PatientForm(request.POST or None, initial=known)
    if patient.user:
        form.fields["email"].help_text = (
            "Where we write, if not to the address that the patient signs in with: "
            f"{patient.user.email}. Only the patient changes that one."
        )
    if form.is_valid():
        try:
            actions.change_patient(
                patient=patient,
                **form.cleaned_data,
                by=request.user,
                now=timezone.now(),
            )
        except actions.Refused as refused:
            form.add_error("birth_date", str(refused))
        else:
            messages.success(request, "The details are saved.")
            return redirect("bookings:patient", patient.uid)
    context = {"form": form, "patient": patient}
    status = 422 if form.is_bound else 200
    return render(request, "bookings/patient_form.html", context, status=status)


@require_safe
@front_desk_required
def patient(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A patient: details, appointments to come and past, and what can be booked."""
    somebody, now = patient_or_404(request.user, uid), timezone.now()
    rows = somebody.appointments.with_people().with_marks().order_by("starts_at")
    past = rows.past(now).reverse()[:MOST_PAST]
    context = {
        "patient": somebody,
        "upcoming": [_line(row, now) for row in rows.upcoming(now) | rows.held(now)],
        "past": [_line(row, now) for row in past],
        "treatments": _offered(),
    }
    return render(request, "bookings/patient.html", context)


def _line(appointment: Appointment, now: datetime) -> Line:
    place = appointment.place
    day = appointment.starts_at.astimezone(place.tz).date()
    line = daybook.line(appointment, place)
    return replace(with_moves(line, now), day=day)


def _offered() -> list[tuple[Treatment, list[TreatmentVariant]]]:
    """What can be booked, by treatment."""
    by_treatment: dict[Treatment, list[TreatmentVariant]] = {}
    for variant in rulebook.current().variants.values():
        if variant.is_offered:
            by_treatment.setdefault(variant.treatment, []).append(variant)
    return list(by_treatment.items())
