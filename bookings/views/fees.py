"""What is owed for not coming: the desk's list, and settling one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings import actions
from bookings.models import Fee
from bookings.staff_forms import SettleForm
from clinic.access import front_desk_required
from clinic.by_post import by_post

MOST = 200
MOST_SETTLED = 50


@require_safe
@front_desk_required
def fees(request: HttpRequest) -> HttpResponse:
    """What is owed, the oldest first, then what was settled last."""
    return _page(request, 200)


@by_post("bookings:fees")
@front_desk_required
def settle(request: HttpRequest, fee_id: int) -> HttpResponse:
    """Waive a fee or take its payment; 409 where that is done already."""
    fee = get_object_or_404(Fee.objects.with_people(), pk=fee_id)
    form = SettleForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(errors))
        return _page(request, 422)
    given = {"fee": fee, "by": request.user, "now": timezone.now()}
    try:
        if form.cleaned_data["state"] == Fee.State.PAID:
            actions.mark_paid(**given)
        else:
            actions.waive(**given, reason=form.cleaned_data["reason"])
    except actions.NotPossible as refused:
        messages.error(request, str(refused))
        return _page(request, 409)
    word = form.cleaned_data["state"]
    messages.success(request, f"The fee of {fee.appointment.patient.name} is {word}.")
    return redirect("bookings:fees")


def _page(request: HttpRequest, status: int) -> HttpResponse:
    rows = Fee.objects.with_people()
    owed = list(rows.owed().order_by("charged_at", "pk")[: MOST + 1])
    context = {
        "owed": owed[:MOST],
        "is_cut": len(owed) > MOST,
        "settled": rows.exclude(state=Fee.State.OWED).order_by("-settled_at", "-pk")[
            :MOST_SETTLED
        ],
    }
    return render(request, "bookings/fees.html", context, status=status)
