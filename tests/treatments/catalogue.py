"""A small catalogue for tests of the public pages."""

from datetime import UTC, date, datetime
from decimal import Decimal

from tests import factories
from treatments.models import Concern, Edition, Effect, Treatment

PUBLISHED_AT = datetime(2026, 1, 3, 16, tzinfo=UTC)
FIELDS = {
    "what_it_is": ("What it is", "text", True, False),
    "who_should_not": ("Who should not have it", "text", True, True),
    "purpose": ("What it is for", "glance", True, True),
    "technique": ("Technique", "comparison", True, True),
}


def fields():
    """The fields, in this order."""
    return {
        code: factories.CatalogueFieldFactory(
            code=code,
            label=label,
            shown=shown,
            is_required=required,
            is_compared=compared,
            position=position,
        )
        for position, (code, (label, shown, required, compared)) in enumerate(
            FIELDS.items()
        )
    }


def publish(code, number=1, family="skin", **texts) -> Treatment:
    """A published treatment with one variant of 45 minutes for 120 dollars."""
    treatment = factories.TreatmentFactory(code=code, family=family)
    factories.TreatmentVariantFactory(
        code=f"{code}_any",
        treatment=treatment,
        duration_min=45,
        price_usd=Decimal("120.00"),
    )
    treatment.edition = factories.EditionFactory(
        treatment=treatment,
        number=number,
        state=Edition.State.PUBLISHED,
        published_at=PUBLISHED_AT,
        reviewed_on=date(2026, 1, 2),
        summary=texts.pop("summary", f"All about {code}."),
        source=texts.pop("source", ""),
    )
    treatment.summary = treatment.edition.summary
    treatment.save()
    known = fields()
    for field, text in texts.items():
        factories.EditionTextFactory(
            edition=treatment.edition,
            field=known.get(field) or factories.CatalogueFieldFactory(code=field),
            text=text,
        )
    return treatment


def concern(code, treatments, **more) -> Concern:
    """A concern of the skin."""
    given = {
        "label": code.capitalize(),
        "family": "skin",
        "description": f"What {code} is.",
        "wording": f"What may be said of {code}.",
    }
    return Concern.objects.create(code=code, treatments=treatments, **(given | more))


def effect(code, treatment, event, rate, severity="mild") -> Effect:
    return Effect.objects.create(
        code=code, treatment=treatment, event=event, rate_text=rate, severity=severity
    )
