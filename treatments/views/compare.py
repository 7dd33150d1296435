"""Two to four treatments side by side, made of what the catalogue says of them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from treatments import published
from treatments.models import Concern, Treatment
from treatments.views.kept import kept

FEWEST, MOST = 2, 4


# The field beside which it is told how sure it is, and the one that only a choice
# of treatments has which all say the same: it is about exactly these.
BENEFIT, COMMON = "benefit", "common_ground"

Sure = list[tuple[Concern.Strength, list[str]]]  # a strength, the concerns that have it


class Cell(NamedTuple):
    """What a row says of a treatment, and how sure that is where it tells."""

    treatment: Treatment
    text: str
    sure: Sure


class Row(NamedTuple):
    """A line of the comparison; `shared` where all say the same."""

    label: str
    cells: list[Cell]
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
        "lonely": chosen[0] if len(chosen) == 1 and not problem else None,
        "is_sample": published.holds_sample(offered),
    }
    if not problem and len(chosen) >= FEWEST:
        concerns = published.concerns()
        context |= {"chosen": chosen, "rows": rows_of(chosen, concerns)}
        context["is_sample"] = published.holds_sample([*offered, *concerns])
    status = 400 if problem else 200
    return render(request, "treatments/compare.html", context, status=status)


def wrong_with(asked: list[str], chosen: list[Treatment]) -> str:
    """What is wrong with the choice, in words; nothing if it is just too small."""
    if len(asked) > MOST:
        return f"At most {MOST} treatments fit side by side. Choose up to {MOST}."
    if len(chosen) < len(asked):
        return "One of these treatments is not in our catalogue. Choose again."
    return ""


def rows_of(chosen: list[Treatment], concerns: Sequence[Concern] = ()) -> list[Row]:
    """The compared fields, then what follows from the variants."""
    rows = []
    texts = published.comparison(each.edition_id for each in chosen)
    for (code, label), of_edition in texts.items():
        said = [(each, of_edition.get(each.edition_id, "")) for each in chosen]
        told = row(label, said, concerns if code == BENEFIT else ())
        if code != COMMON or told.shared:
            rows.append(told)
    lengths = row("Length of a visit", [(each, length_of(each)) for each in chosen])
    prices = row("Price", [(each, price_of(each)) for each in chosen])
    return [*rows, lengths._replace(shared=""), prices._replace(shared="")]


def row(
    label: str, said: list[tuple[Treatment, str]], concerns: Sequence[Concern] = ()
) -> Row:
    cells = [Cell(each, text, sure(each, concerns)) for each, text in said]
    texts = {cell.text for cell in cells}
    is_shared = len(texts) == 1 and not any(cell.sure for cell in cells)
    return Row(label, cells, texts.pop() if is_shared else "")


def sure(treatment: Treatment, concerns: Sequence[Concern]) -> Sure:
    """How sure it is that a treatment helps, with what; the surest first."""
    found: dict[Concern.Strength, list[str]] = {}
    for each in published.evidence(treatment.code, concerns):
        found.setdefault(each.strength, []).append(each.concern.label)
    return list(found.items())


def length_of(treatment: Any) -> str:
    return (
        " to ".join(map(str, published.span(treatment.shortest, treatment.longest)))
        + " minutes"
    )


def price_of(treatment: Any) -> str:
    span = published.span(treatment.from_price, treatment.to_price)
    return " to ".join(f"${price:,.2f}".removesuffix(".00") for price in span)
