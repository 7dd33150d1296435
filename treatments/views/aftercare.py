"""What to do after a treatment: on a page, and on a sheet of paper."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from treatments import paper, published
from treatments.models import Family, Treatment
from treatments.sheet import Sheet, sheet_of


def _sheet(code: str) -> Sheet:
    rows = Treatment.objects.filter(published.NOT_WITHDRAWN, edition__isnull=False)
    treatment = get_object_or_404(rows, code=code)
    if treatment.family == Family.CONSULTATION:
        raise Http404("Nothing is done that needs any.")
    return sheet_of(treatment)


@require_safe
@login_not_required
def aftercare(request: HttpRequest, code: str) -> HttpResponse:
    """By time since the session; when to call for help stands first."""
    sheet = _sheet(code)
    context = {"sheet": sheet, "treatment": sheet.treatment, "sources": sheet.sources}
    return render(request, "treatments/aftercare.html", context)


@require_safe
@login_not_required
def aftercare_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The same on one page of paper."""
    drawn = paper.aftercare(_sheet(code), settings.CLINIC_NAME, settings.CLINIC_PHONE)
    return paper.answer(drawn, f"aftercare-{code}.pdf")
