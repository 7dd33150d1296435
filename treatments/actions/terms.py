"""What an edition says, as values that can be compared and copied."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from treatments.models import (
    Edition,
    EditionText,
    EditionVariant,
    Treatment,
    TreatmentTerms,
    TreatmentVariant,
    VariantTerms,
)

TERMS = tuple(each.name for each in TreatmentTerms._meta.fields)
VARIANT_TERMS = tuple(each.name for each in VariantTerms._meta.fields)
Values = dict[str, Any]


@dataclass(slots=True)
class Said:
    """Name, family and summary; a text by field code; terms by variant code."""

    terms: Values
    texts: dict[str, str] = field(default_factory=dict)
    variants: dict[str, Values] = field(default_factory=dict)


def terms_of(row: Treatment | Edition) -> Values:
    return {name: getattr(row, name) for name in TERMS}


def variant_terms_of(row: TreatmentVariant | EditionVariant) -> Values:
    return {name: getattr(row, name) for name in VARIANT_TERMS}


def said_by(edition: Edition) -> Said:
    """What an edition says; two queries, or none where it was prefetched."""
    texts = edition.texts.all()
    if "texts" not in getattr(edition, "_prefetched_objects_cache", {}):
        texts = texts.select_related("field")
    return Said(
        terms_of(edition),
        {row.field.code: row.text for row in texts},
        {row.code: variant_terms_of(row) for row in edition.variants.all()},
    )


def write_down(
    contents: Iterable[tuple[Edition, Said]], field_ids: dict[str, int]
) -> None:
    """Give saved editions, which have none yet, their texts and variants."""
    contents = list(contents)
    EditionText.objects.bulk_create(
        EditionText(edition=edition, field_id=field_ids[code], text=text)
        for edition, said in contents
        for code, text in said.texts.items()
    )
    EditionVariant.objects.bulk_create(
        EditionVariant(edition=edition, code=code, **values)
        for edition, said in contents
        for code, values in said.variants.items()
    )
