"""A treatment that is published, and people who may write and publish."""

from datetime import UTC, datetime
from decimal import Decimal

from clinic import access
from tests.factories import (
    CatalogueFieldFactory,
    EditionFactory,
    EditionTextFactory,
    EditionVariantFactory,
    TreatmentFactory,
    TreatmentVariantFactory,
    UserFactory,
)
from treatments import actions
from treatments.actions.terms import variant_terms_of

NOW = datetime(2026, 1, 5, 16, tzinfo=UTC)
LATER = datetime(2026, 1, 6, 16, tzinfo=UTC)


def writer(**fields):
    return UserFactory(groups=[access.CLINIC_ADMIN], is_staff=True, **fields)


def reviewer(**fields):
    return UserFactory(groups=[access.CLINICIAN], is_staff=True, **fields)


def published(code="dry_needling", variants=("dn_any",), **fields):
    """A treatment with version 1: what it is, its risks, and its variants."""
    treatment = TreatmentFactory(code=code, **fields)
    treatment.summary = "Needles."
    edition = EditionFactory(
        treatment=treatment,
        summary=treatment.summary,
        state="published",
        number=1,
        published_at=NOW,
        created_at=NOW,
    )
    for position, name in enumerate(["what_it_is", "risks"]):
        field = CatalogueFieldFactory(
            code=name, position=position, is_required=name == "what_it_is"
        )
        EditionTextFactory(edition=edition, field=field, text=f"The {name}.")
    deep = Decimal("0.5") if treatment.limited_by_depth else None
    for name in variants:
        live = TreatmentVariantFactory(
            code=name, treatment=treatment, max_depth_mm=deep
        )
        EditionVariantFactory(edition=edition, code=name, **variant_terms_of(live))
    treatment.edition = edition
    treatment.save()
    return treatment


def draft_of(treatment, by, **terms):
    """A draft whose first variant has other terms."""
    draft = actions.start_draft(treatment=treatment, by=by, now=NOW)
    variant = draft.variants.first()
    for name, value in terms.items():
        setattr(variant, name, value)
    variant.save()
    return draft


def through(draft, by, reviewer):
    """Send a draft for review and publish it."""
    actions.submit(edition=draft, by=by, now=LATER)
    return actions.publish(edition=draft, by=reviewer, now=LATER)
