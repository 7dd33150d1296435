"""Papers of people and places that run out, for those who see to their renewal."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinic.access import front_desk_required
from clinic.running_out import ENDED, REMEMBERED, STEPS
from clinic.running_out import running_out as papers_running_out


@require_safe
@front_desk_required
def running_out(request: HttpRequest) -> HttpResponse:
    """By how soon, what has ended first; a paper that is renewed is not there."""
    found = papers_running_out(timezone.now())
    groups = [
        (_heading(step), step == ENDED, list(rows))
        for step, rows in groupby(found, key=lambda ending: ending.step)
    ]
    context = {"groups": groups, "count": len(found), "most": STEPS[-1]}
    return render(request, "bookings/running_out.html", context)


def _heading(step: int) -> str:
    if step == ENDED:
        return f"Ended in the last {REMEMBERED} days"
    return f"Within {step} days"
