"""Two to four treatments side by side, made of what the catalogue says of them."""

from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from treatments import published
from treatments.models import Treatment
from treatments.views.kept import kept

FEWEST, MOST = 2, 4


class Row(NamedTuple):
    """A line of the comparison; `shared` where all say the same."""

    label: str
    cells: list[tuple[Treatment, str]]
    shared: str = ""


@require_safe
@login_not_required
@kept
def compare(request: HttpRequest) -> HttpResponse:
    offered = list(published.offered())
    asked = list(dict.fromkeys(filter(None, request.GET.getlist("t"))))
    chosen = [each for each in offered if each.code in asked]
    problem = wrong_with(asked, chosen)
    context = {
        "offered": offered,
        "asked": asked,
        "problem": problem,
        "is_sample": published.holds_sample(offered),
    }
    if not problem and len(chosen) >= FEWEST:
        context |= {"chosen": chosen, "rows": rows_of(chosen)}
    status = 400 if problem else 200
    return render(request, "treatments/compare.html", context, status=status)


def wrong_with(asked: list[str], chosen: list[Treatment]) -> str:
    """What is wrong with the choice, in words; nothing if it is just too small."""
    if len(asked) > MOST:
        return f"At most {MOST} treatments fit side by side. Choose up to {MOST}."
    if len(chosen) < len(asked):
        return "One of these treatments is not in our catalogue. Choose again."
    return ""


def rows_of(chosen: list[Treatment]) -> list[Row]:
    """The compared fields, then what follows from the variants."""
    texts = published.comparison(each.edition_id for each in chosen)
    rows = [
        row(label, [(each, of_edition.get(each.edition_id, "")) for each in chosen])
        for label, of_edition in texts.items()
    ]
    lengths = [(each, length_of(each)) for each in chosen]
    prices = [(each, price_of(each)) for each in chosen]
    return [*rows, Row("Length of a visit", lengths), Row("Price", prices)]


def row(label: str, cells: list[tuple[Treatment, str]]) -> Row:
    texts = {text for _, text in cells}
    return Row(label, cells, texts.pop() if len(texts) == 1 else "")


def length_of(treatment: Any) -> str:
    return (
        " to ".join(map(str, published.span(treatment.shortest, treatment.longest)))
        + " minutes"
    )


def price_of(treatment: Any) -> str:
    span = published.span(treatment.from_price, treatment.to_price)
    return " to ".join(f"${price:,.2f}".removesuffix(".00") for price in span)
