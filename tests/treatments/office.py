"""Addresses of the catalogue in the back office, and what its forms send."""

from django.urls import reverse

from treatments.actions.terms import variant_terms_of


def change(edition):
    return reverse("admin:treatments_edition_change", args=[edition.pk])


def review(edition):
    return reverse("admin:treatments_edition_review", args=[edition.pk])


def begin(treatment):
    return reverse("admin:treatments_treatment_draft", args=[treatment.pk])


def form_of(edition, **changes):
    """What the page of a draft sends when it is saved as it stands, but for `changes`."""
    sent = {name: getattr(edition, name) for name in ("name", "family", "summary")}
    sent |= {"source": edition.source, "change_note": edition.change_note}
    sent |= {f"text_{row.field.code}": row.text for row in edition.texts.all()}
    variants = list(edition.variants.all())
    sent |= {"variants-TOTAL_FORMS": len(variants)}
    sent |= {"variants-INITIAL_FORMS": len(variants)}
    for number, row in enumerate(variants):
        values = {
            name: "" if value is None else value
            for name, value in variant_terms_of(row).items()
        }
        values["is_offered"] = "on"
        values |= {"id": row.pk, "edition": edition.pk, "code": row.code}
        sent |= {f"variants-{number}-{name}": each for name, each in values.items()}
    return sent | {"_continue": "Save"} | changes
