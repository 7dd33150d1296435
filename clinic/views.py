"""Pages about oneself: where to go after signing in, and one's own details."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clinic import access, actions
from clinic.forms import OwnDetailsForm


@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """Send whoever signed in to the page that their day begins with."""
    if access.is_practitioner(request.user):
        return redirect("/schedule/")
    if access.is_admin(request.user) and request.user.is_staff:
        return redirect("/admin/")
    if access.is_front_desk(request.user):
        return redirect("/desk/")
    if access.is_patient(request.user):
        return redirect("/appointments/")
    return redirect("clinic:me")


@require_http_methods(["GET", "HEAD", "POST"])
@access.patient_required
def me(request: HttpRequest) -> HttpResponse:
    """One's own details, to read and to correct."""
    patient = request.user.patient
    form = OwnDetailsForm(request.POST or None, patient=patient)
    if form.is_valid():
        try:
            actions.change_patient(
                patient=patient,
                **form.cleaned_data,
                by=request.user,
                now=timezone.now(),
            )
        except actions.Refused as refused:
            field = "birth_date" if "birth_date" in form.fields else None
            form.add_error(field, str(refused))
        else:
            messages.success(request, "Your details are saved.")
            return redirect("clinic:me")
    status = 422 if form.is_bound else 200
    context = {"form": form, "patient": patient}
    return render(request, "clinic/me.html", context, status=status)
