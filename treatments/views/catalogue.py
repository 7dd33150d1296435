"""The catalogue, as anybody may read it."""

from collections.abc import Sequence

from django.contrib.auth.decorators import login_not_required
from django.db.models import Max, Min, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from clinic.models import Location, ReviewState, Source
from treatments.models import Family, Treatment, TreatmentVariant

OFFERED = ~Q(review_state=ReviewState.WITHDRAWN)


def _offered() -> Sequence[Treatment]:
    """What is offered, with the least price and the lengths of its variants."""
    of_variants = Q(variants__is_offered=True) & ~Q(
        variants__review_state=ReviewState.WITHDRAWN
    )
    return (
        Treatment.objects.filter(OFFERED)
        .annotate(
            from_price=Min("variants__price_usd", filter=of_variants),
            shortest=Min("variants__duration_min", filter=of_variants),
            longest=Max("variants__duration_min", filter=of_variants),
        )
        .exclude(from_price=None)
        .order_by("position", "name")
    )


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    context = {
        "treatments": _offered(),
        "places": Location.objects.filter(is_open=True).order_by("name"),
    }
    return render(request, "treatments/home.html", context)


@require_safe
@login_not_required
def treatments(request: HttpRequest) -> HttpResponse:
    offered = list(_offered())
    families = [
        (family, [each for each in offered if each.family == family])
        for family in Family
    ]
    return render(request, "treatments/list.html", {"families": families})


@require_safe
@login_not_required
def treatment(request: HttpRequest, code: str) -> HttpResponse:
    variants = TreatmentVariant.objects.filter(OFFERED, is_offered=True).order_by("pk")
    rows = Treatment.objects.filter(OFFERED).prefetch_related(
        Prefetch("variants", queryset=variants)
    )
    found = get_object_or_404(rows, code=code)
    context = {
        "treatment": found,
        "sources": Source.objects.filter(code__in=found.source_codes).order_by("code"),
    }
    return render(request, "treatments/treatment.html", context)
