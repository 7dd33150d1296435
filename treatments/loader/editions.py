"""Publishes the shipped texts with the terms that the tables hold by now.

The loader's own editions have neither author nor reviewer. Once a person has published
a treatment, or changed or reviewed its row, the shipped words are only compared.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Max

from clinic import audit
from clinic.models import ReviewState
from treatments.actions.terms import (
    Said,
    said_by,
    terms_of,
    variant_terms_of,
    write_down,
)
from treatments.loader.files import Line
from treatments.loader.report import Difference, Report
from treatments.loader.shipped import Shipped
from treatments.models import CatalogueField, Edition, Treatment

MOST_SOURCES = 400  # what the column holds
EDITIONS, TEXTS = "editions", "texts.csv"


def load_editions(shipped: Shipped, report: Report, *, now: datetime) -> None:
    """Publish the next number of each treatment whose shipped words are new here."""
    texts: dict[str, list[Line]] = defaultdict(list)
    for line in shipped[TEXTS]:
        texts[line.cells["treatment"]].append(line)
    days = {line.cells["code"]: checked_on(line) for line in shipped["treatments.csv"]}
    new: list[tuple[Edition, Said]] = []
    for treatment in treatments():
        if treatment.code not in days:
            continue
        lines = texts[treatment.code]
        wanted = wanted_of(treatment, lines)
        current = treatment.edition
        if current is None or (is_ours(treatment) and said_by(current) != wanted):
            edition = next_edition(treatment, lines, wanted, now=now)
            edition.reviewed_on = days[treatment.code]
            new.append((edition, wanted))
        elif not is_ours(treatment):
            report.differences += differences(treatment, wanted)
    publish([edition for edition, _ in new], new, now=now)
    report.rows[EDITIONS] = len(days)
    report.created[EDITIONS] = len(new)
    report.updated[EDITIONS] = 0


def treatments() -> list[Treatment]:
    """Every treatment with all that its edition says, and its highest number."""
    return list(
        Treatment.objects.select_related("edition")
        .prefetch_related("edition__texts__field", "edition__variants", "variants")
        .annotate(highest=Max("editions__number"))
        .order_by("position")
    )


def checked_on(line: Line) -> date | None:
    """The day on which all that is shipped of a treatment was last looked at."""
    cell = line.cells["checked_on"]
    try:
        return date.fromisoformat(cell) if cell else None
    except ValueError:
        raise line.refused(f"checked_on is “{cell}”; write 2026-11-22.") from None


def wanted_of(treatment: Treatment, lines: list[Line]) -> Said:
    variants = sorted(treatment.variants.all(), key=lambda variant: variant.pk)
    return Said(
        terms_of(treatment),
        {line.cells["field"]: line.cells["text"] for line in lines},
        {variant.code: variant_terms_of(variant) for variant in variants},
    )


def is_ours(treatment: Treatment) -> bool:
    """Whether no person has published, changed or reviewed the treatment."""
    edition = treatment.edition
    by_nobody = edition and edition.author_id is None and edition.reviewer_id is None
    return (
        bool(by_nobody)
        and treatment.review_state == ReviewState.SAMPLE
        and all(
            getattr(treatment, name) == treatment.shipped.get(name)
            for name in terms_of(treatment)
        )
    )


def next_edition(
    treatment: Treatment, lines: list[Line], said: Said, *, now: datetime
) -> Edition:
    sources = [*treatment.source_codes, *(s for each in lines for s in each.sources)]
    source = "+".join(dict.fromkeys(sources))
    if len(source) > MOST_SOURCES:
        raise lines[-1].refused(
            f"with it the texts of {treatment.code} name more sources than a version "
            f"can, {MOST_SOURCES} characters."
        )
    return Edition(
        treatment=treatment,
        number=(treatment.highest or 0) + 1,  # type: ignore[attr-defined]  # annotated
        state=Edition.State.PUBLISHED,
        source=source,
        created_at=now,
        published_at=now,
        **said.terms,
    )


def publish(
    editions: list[Edition], contents: list[tuple[Edition, Said]], *, now: datetime
) -> None:
    if not editions:
        return
    Edition.objects.bulk_create(editions)
    ids = dict(CatalogueField.objects.values_list("code", "pk"))
    write_down(contents, ids)
    for edition in editions:
        edition.treatment.edition = edition
    Treatment.objects.bulk_update([each.treatment for each in editions], ["edition"])
    audit.record_each(
        by=None,
        verb="loaded",
        subjects=[edition for edition in editions if (edition.number or 0) > 1],
        now=now,
        file=TEXTS,
    )


def differences(treatment: Treatment, wanted: Said) -> Iterator[Difference]:
    """Where what a person published says something else than the files."""
    here = said_by(treatment.edition).texts if treatment.edition else {}
    for code, text in wanted.texts.items():
        if here.get(code) != text:
            key = f"{treatment.code} {code}"
            yield Difference(TEXTS, key, "text", here.get(code, ""), text)
