"""A treatment as it is published, as it was, and as it is about to be."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.views.decorators.http import require_safe

from clinic.models import Location
from treatments import published
from treatments.models import Edition, EditionVariant, Treatment, TreatmentVariant
from treatments.views.kept import kept

MAY_SEE_DRAFTS = ("treatments.change_edition", "treatments.publish_edition")


@require_safe
@login_not_required
@kept
def treatment(request: HttpRequest, code: str) -> HttpResponse:
    """The treatment as anybody may read it; what is not published yet, for editors."""
    rows = Treatment.objects.filter(published.NOT_WITHDRAWN).select_related("edition")
    found = get_object_or_404(rows, code=code)
    if found.edition is None:
        return preview(request, code)
    found.edition.treatment = found
    variants = published.variants(found)
    evidence = published.evidence(code, published.concerns())
    context = told(found.edition, variants, evidence) | {
        "is_current": True,
        "at": place_asked(request.GET.get("place", "")),
    }
    return render(request, "treatments/treatment.html", context)


def place_asked(slug: str) -> str:
    """The place that was chosen on this page before, if it is one of ours."""
    return slug if slug and Location.objects.filter(slug=slug).exists() else ""


@require_safe
@login_not_required
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """The draft, for those who write or review it; nobody else learns that it is."""
    if not any(map(request.user.has_perm, MAY_SEE_DRAFTS)):
        raise Http404("There is no such page.")
    drafts = Edition.objects.filter(published_at=None).select_related("treatment")
    draft = get_object_or_404(drafts, treatment__code=code)
    context = told(draft, offered_in(draft)) | {"is_draft": True}
    return render(request, "treatments/treatment.html", context)


@require_safe
@login_not_required
@kept
def version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """An edition as it was published; such a page never changes."""
    rows = Edition.objects.filter(state=Edition.State.PUBLISHED)
    found = get_object_or_404(
        rows.select_related("treatment"), treatment__code=code, number=number
    )
    now_current = found.treatment.edition_id == found.pk
    context = told(found, offered_in(found)) | {
        "is_version": True,
        "is_latest": now_current,
    }
    return render(request, "treatments/treatment.html", context)


def offered_in(edition: Edition) -> list[EditionVariant]:
    return [each for each in edition.variants.all() if each.is_offered]


def told(
    edition: Edition,
    variants: list[TreatmentVariant] | list[EditionVariant],
    evidence: Sequence[published.Evidence] = (),
) -> dict[str, Any]:
    """What every one of these pages shows of an edition."""
    treatment = edition.treatment
    passages = published.passages(edition)
    effects = published.effects(treatment)
    around = [*effects, *(each.concern for each in evidence)]
    return {
        "treatment": treatment,
        "edition": edition,
        "glance": [each for each in passages if each.shown == "glance"],
        "sections": [each for each in passages if each.shown == "text"],
        "effects": effects,
        "evidence": evidence,
        "is_part_sample": published.holds_sample(around),
        "sources": published.sources(edition.source_codes),
        "variants": variants,
        "begins_with_talk": any(each.begins_with_talk for each in variants),
        "prices": spanned([each.price_usd for each in variants]),
        "lengths": spanned([each.duration_min for each in variants]),
        "how": picture(f"how_{treatment.code}"),
        "where": picture(f"where_{treatment.code}"),
    }


def spanned(values: list[Any]) -> tuple[Any, ...]:
    """The least and the most, or the one there is, or nothing."""
    return published.span(min(values), max(values)) if values else ()


def picture(name: str) -> Any:
    """The template of a drawing of ours, where there is one."""
    try:
        return get_template(f"pictures/{name}.svg.html").template
    except TemplateDoesNotExist:
        return None
