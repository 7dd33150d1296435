"""What a change has put at risk: the desk's list of it, and whom to ring."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings import actions, rulebook
from bookings.calendar import clock
from bookings.models import AtRisk, Status
from bookings.question import UnknownName
from bookings.sweep import takers
from bookings.timeline import to_minute
from clinic.access import front_desk_required
from clinic.by_post import by_post
from clinic.models import PractitionerRole

MOST_SHOWN = 50


@dataclass(frozen=True)
class Line:
    """An appointment at risk, in the time of its place, and who could take it."""

    flag: AtRisk
    day: date
    time: str
    takers: Sequence[PractitionerRole]

    @property
    def can_be_moved(self) -> bool:
        return self.flag.appointment.status == Status.BOOKED


@require_safe
@front_desk_required
def at_risk(request: HttpRequest) -> HttpResponse:
    """Everything at risk that is to come, by date, with what can be done about it."""
    now = timezone.now()
    flags = list(_flags(now))
    shown = [flag.appointment for flag in flags[:MOST_SHOWN]]
    could_take = takers(shown, now, rulebook.current()) if shown else {}
    lines = [_line(flag, could_take) for flag in flags[:MOST_SHOWN]]
    context = {"lines": lines, "count": len(flags)}
    return render(request, "bookings/at_risk.html", context)


@require_safe
@front_desk_required
def to_ring(request: HttpRequest) -> HttpResponse:
    """The patients to ring, each with all that is theirs, as a page that prints."""
    patients: dict[int, dict[str, Any]] = {}
    for flag in _flags(timezone.now()).filter(rung_at=None):
        patient = flag.appointment.patient
        mine = patients.setdefault(patient.pk, {"patient": patient, "lines": []})
        mine["lines"].append(_line(flag, {}))
    return render(request, "bookings/to_ring.html", {"patients": patients.values()})


def _flags(now: datetime) -> Any:
    rows = AtRisk.objects.to_do(now).select_related(
        *("appointment__patient", "appointment__practitioner", "appointment__place"),
        *("appointment__variant__treatment", "by", "rung_by"),
    )
    return rows.order_by("appointment__starts_at", "pk")


def _line(flag: AtRisk, could_take: dict[int, list[PractitionerRole]]) -> Line:
    row = flag.appointment
    zone = row.place.tz
    return Line(
        flag,
        row.starts_at.astimezone(zone).date(),
        clock(to_minute(row.starts_at), zone),
        could_take.get(row.pk, ()),
    )


@by_post("bookings:at_risk")
@front_desk_required
def rung(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The patient has been rung; or, sent with `undo`, has not."""
    flag = _flag_or_404(uid)
    has_been = "undo" not in request.POST
    actions.mark_rung(flag=flag, rung=has_been, by=request.user, now=timezone.now())
    said = "is marked as rung" if has_been else "is still to be rung"
    messages.success(request, f"{flag.appointment.patient.name} {said}.")
    return redirect("bookings:at_risk")


@by_post("bookings:at_risk")
@front_desk_required
def give(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Give an appointment to another practitioner at the same time."""
    flag, slug = _flag_or_404(uid), request.POST.get("practitioner", "")
    appointment = flag.appointment
    if slug not in rulebook.current().practitioners:
        raise Http404("There is no such practitioner.")
    try:
        given = actions.reassign(
            appointment=appointment,
            practitioner=slug,
            by=request.user,
            now=timezone.now(),
        )
    except actions.NotBookable as refused:
        why = " ".join(finding.message for finding in refused.findings)
        messages.error(request, f"It stays where it is. {why}")
    except (actions.NotPossible, UnknownName) as refused:
        messages.error(request, str(refused))
    else:
        who, patient = given.practitioner.name, appointment.patient.name
        messages.success(request, f"{patient} is with {who} now, at the same time.")
    return redirect("bookings:at_risk")


def _flag_or_404(uid: UUID) -> AtRisk:
    flags = AtRisk.objects.open().select_related(
        "appointment__patient", "appointment__practitioner", "appointment__place"
    )
    return get_object_or_404(flags, appointment__uid=uid)
