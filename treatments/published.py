"""What anybody may read of the catalogue: published, offered, and not withdrawn."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Max, Min, Q, QuerySet

from clinic.models import ReviewState, Source, Sourced
from treatments.models import (
    Concern,
    Edition,
    EditionText,
    Effect,
    Privilege,
    Treatment,
    TreatmentVariant,
)

NOT_WITHDRAWN = ~Q(review_state=ReviewState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Passage:
    """What one field of the catalogue says of a treatment."""

    code: str
    label: str
    shown: str
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """How sure it is that a treatment helps with a concern, and what may be said."""

    concern: Concern
    strength: Concern.Strength
    wording: str


def offered() -> QuerySet[Treatment]:
    """What is published and can be booked, with its least price and its lengths."""
    live = Q(variants__is_offered=True) & ~Q(
        variants__review_state=ReviewState.WITHDRAWN
    )
    return (
        Treatment.objects.filter(NOT_WITHDRAWN, edition__isnull=False)
        .annotate(
            from_price=Min("variants__price_usd", filter=live),
            to_price=Max("variants__price_usd", filter=live),
            shortest=Min("variants__duration_min", filter=live),
            longest=Max("variants__duration_min", filter=live),
        )
        .exclude(from_price=None)
        .order_by("position", "name")
    )


def passages(edition: Edition) -> list[Passage]:
    """All that an edition says, in the order of the fields."""
    rows = (
        EditionText.objects.filter(~Q(field__review_state=ReviewState.WITHDRAWN))
        .filter(edition=edition.pk)
        .order_by("field__position", "field__code")
    )
    return [
        Passage(*row)
        for row in rows.values_list(
            "field__code", "field__label", "field__shown", "text"
        )
    ]


def texts_in(editions: Iterable[int]) -> list[tuple[int, str, str]]:
    """Edition, label and text of all that these editions say, in the fields' order."""
    rows = (
        EditionText.objects.filter(~Q(field__review_state=ReviewState.WITHDRAWN))
        .filter(edition__in=list(editions))
        .order_by("field__position", "field__code")
    )
    return list(rows.values_list("edition_id", "field__label", "text"))


def comparison(editions: Iterable[int]) -> dict[tuple[str, str], dict[int, str]]:
    """The text by edition of each compared field, by the field's code and label."""
    compared: dict[tuple[str, str], dict[int, str]] = {}
    rows = (
        EditionText.objects.filter(~Q(field__review_state=ReviewState.WITHDRAWN))
        .filter(edition__in=list(editions), field__is_compared=True)
        .order_by("field__position", "field__code")
    )
    for edition, code, label, text in rows.values_list(
        "edition_id", "field__code", "field__label", "text"
    ):
        compared.setdefault((code, label), {})[edition] = text
    return compared


def variants(treatment: Treatment) -> list[TreatmentVariant]:
    """What can be booked of a treatment, first visits first as they were made."""
    return list(
        TreatmentVariant.objects.filter(
            NOT_WITHDRAWN, treatment=treatment.pk, is_offered=True
        ).order_by("pk")
    )


def talks_about(
    helpful: Iterable[Treatment], talks: list[Treatment]
) -> list[Treatment]:
    """The consultations that most of those may hold who may do what helps."""
    doing: dict[int, set[int]] = {}
    rows = Privilege.objects.values_list("variant__treatment", "practitioner")
    for treatment, practitioner in rows:
        doing.setdefault(treatment, set()).add(practitioner)
    able = {who for each in helpful for who in doing.get(each.pk, ())}
    holders = [len(able & doing.get(talk.pk, set())) for talk in talks]
    most = max(holders, default=0)
    return [talk for talk, held in zip(talks, holders, strict=True) if held == most]


def effects(treatment: Treatment) -> list[Effect]:
    """What may happen, how often, and how grave it is."""
    return list(Effect.objects.filter(NOT_WITHDRAWN, treatment=treatment.code))


def sources(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Title and place of sources, in the order of their codes."""
    rows = Source.objects.filter(code__in=list(codes)).order_by("code")
    return list(rows.values_list("what", "where"))


def concerns() -> list[Concern]:
    """Everything that people come with."""
    return list(Concern.objects.filter(NOT_WITHDRAWN))


def strengths(concern: Concern) -> dict[str, Concern.Strength]:
    """How sure the benefit is by treatment code; nothing where the row is unreadable."""
    try:
        return concern.strengths
    except ValueError:
        return {}


def surest(concern: Concern) -> str | None:
    """The treatment of which the concern's sentence speaks: the first of the surest."""
    order, named = list(Concern.Strength), strengths(concern)
    return min(named, key=lambda code: order.index(named[code]), default=None)


def evidence(code: str, among: Iterable[Concern]) -> list[Evidence]:
    """The concerns for which a treatment is named, surest first."""
    order = list(Concern.Strength)
    found = [
        Evidence(
            concern,
            strength,
            concern.wording if code == surest(concern) else strength.meaning,
        )
        for concern in among
        if (strength := strengths(concern).get(code))
    ]
    return sorted(found, key=lambda each: order.index(each.strength))


def span(least: Decimal | int, most: Decimal | int) -> tuple[Decimal | int, ...]:
    """One value where both are the same, else both."""
    return (least,) if least == most else (least, most)


def holds_sample(rows: Iterable[Sourced]) -> bool:
    """Whether this clinic has not yet reviewed all of these itself."""
    return any(row.review_state == ReviewState.SAMPLE for row in rows)
