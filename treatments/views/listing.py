"""The list of treatments, with search and filters whose state is in the address.

Only words of the catalogue travel there: what to look for, a concern, a family.
"""

import csv
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from treatments import published, search
from treatments.models import Concern, Family, Treatment
from treatments.views.families import by_family
from treatments.views.kept import kept

LONGEST_QUERY = 100
WORDS = Path(__file__).parents[1] / "data" / "search_words.csv"


class ListForm(forms.Form):
    q = forms.CharField(
        required=False,
        max_length=LONGEST_QUERY,
        error_messages={
            "max_length": f"Look for {LONGEST_QUERY} letters or fewer at a time."
        },
    )
    concern = forms.ChoiceField(
        required=False,
        error_messages={"invalid_choice": "We do not know that concern. Choose one."},
    )
    family = forms.ChoiceField(
        required=False,
        choices=Family.choices,
        error_messages={"invalid_choice": "There is no such family. Choose one."},
    )

    def __init__(self, *args, concerns: Iterable[Concern], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["concern"].choices = [(each.code, each.label) for each in concerns]


@require_safe
@login_not_required
@kept
def treatments(request: HttpRequest) -> HttpResponse:
    concerns = published.concerns()
    form = ListForm(request.GET, concerns=concerns)
    form.is_valid()
    asked = form.cleaned_data
    chosen = next((c for c in concerns if c.code == asked.get("concern")), None)
    offered = list(published.offered())
    shown = found(offered, concerns, asked.get("q") or "")
    shown = narrowed(shown, chosen, asked.get("family") or "")
    context = {
        "form": form,
        "asked": asked,
        "is_narrowed": any(asked.values()),
        "families": by_family(shown),
        "how_many": len(shown),
        "chosen": chosen,
        "saying": saying(chosen) if chosen else "",
        "concerns": by_family(concerns),
        "all_families": Family.choices,
        "is_sample": published.holds_sample([*offered, *concerns]),
    }
    status = 400 if form.errors else 200
    return render(request, "treatments/list.html", context, status=status)


def found(
    offered: Sequence[Treatment], concerns: Sequence[Concern], query: str
) -> list[Treatment]:
    """What the query finds, each with the parts in which its words stand."""
    if not query:
        return list(offered)
    of_code = {each.code: each for each in offered}
    hits = search.find(query, said(of_code, concerns), synonyms())
    for hit in hits:
        of_code[hit.code].places = hit.places
    return [of_code[hit.code] for hit in hits]


@cache
def synonyms() -> dict[str, str]:
    """Other words for those that stand in the catalogue: not claims, only names."""
    with WORDS.open(encoding="utf-8", newline="") as handle:
        return {row["asked"]: row["stands"] for row in csv.DictReader(handle)}


def said(
    of_code: dict[str, Treatment], concerns: Sequence[Concern]
) -> dict[str, list[tuple[str, str]]]:
    """All that is said of each treatment; its names come first, then its concerns."""
    texts = {
        code: [
            ("Name", each.name),
            ("Family", each.get_family_display()),
            ("Summary", each.summary),
        ]
        for code, each in of_code.items()
    }
    for concern in concerns:
        for code in published.strengths(concern).keys() & texts.keys():
            texts[code].append(
                (concern.label, f"{concern.label} {concern.description}")
            )
    of_edition = {each.edition_id: code for code, each in of_code.items()}
    for edition, label, text in published.texts_in(of_edition):
        texts[of_edition[edition]].append((label, text))
    return texts


def saying(concern: Concern) -> str:
    """What may be said of all that is listed: nothing where there are several."""
    return concern.wording if len(published.strengths(concern)) == 1 else ""


def narrowed(
    treatments: list[Treatment], concern: Concern | None, family: str
) -> list[Treatment]:
    if concern:
        helpful = published.strengths(concern)
        treatments = [each for each in treatments if each.code in helpful]
    return [each for each in treatments if family in ("", each.family)]
