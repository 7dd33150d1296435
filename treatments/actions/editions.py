"""From a draft to a published edition: one writes, another publishes.

Every step queues on the treatment's row. Publishing first takes the practitioners'
rows, on which bookings queue: a booking sees the terms either before or after it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from clinic import audit
from clinic.actions import lock_everybody
from clinic.changes import watched
from clinic.days import first_place_day
from clinic.models import AuditEvent, ReviewState, User
from treatments.actions.changes import changes
from treatments.actions.checks import (
    MAY_PUBLISH,
    check_may_publish,
    check_may_write,
    problems,
    writers,
)
from treatments.actions.refusals import DraftOpen, NoReason, NotOpen
from treatments.actions.terms import (
    VARIANT_TERMS,
    Said,
    said_by,
    terms_of,
    variant_terms_of,
    write_down,
)
from treatments.models import CatalogueField, Edition, Treatment, TreatmentVariant

State = Edition.State
SENT, SENT_BACK = "sent draft for review", "sent draft back"
TOOK_BACK = "took draft back"


@transaction.atomic
def start_draft(*, treatment: Treatment, by: User, now: datetime) -> Edition:
    """Begin a draft with what is published. Raises DraftOpen, MayNot."""
    return start_draft_saying(treatment=treatment, said=None, by=by, now=now)


@transaction.atomic
def start_draft_saying(
    *, treatment: Treatment, said: Said | None, by: User, now: datetime
) -> Edition:
    """Begin a draft that says `said`; where that is None, what is published."""
    check_may_write(by)
    treatment = _locked(treatment.pk)
    current = treatment.edition
    if treatment.editions.exclude(state=State.PUBLISHED).exists():
        raise DraftOpen(
            f"{treatment.name} has an open draft. Go on with it, or discard it first."
        )
    said = said or (said_by(current) if current else _said_live(treatment))
    draft = Edition.objects.create(
        treatment=treatment,
        source=current.source if current else treatment.source,
        author=by,
        created_at=now,
        **said.terms,
    )
    write_down([(draft, said)], dict(CatalogueField.objects.values_list("code", "pk")))
    _record(draft, "started draft", by, now)
    return draft


def _said_live(treatment: Treatment) -> Said:
    variants = treatment.variants.order_by("pk")
    return Said(
        terms_of(treatment), {}, {row.code: variant_terms_of(row) for row in variants}
    )


@transaction.atomic
def begin_change(*, edition: Edition, by: User) -> Edition:
    """Take a draft to change it; queues until the transaction ends.

    Raises MayNot, NotOpen.
    """
    check_may_write(by)
    edition = _taken(edition)
    if edition.state != State.DRAFT:
        raise NotOpen(
            "It is not a draft any more. Send it back first, or begin a new draft."
        )
    return edition


@transaction.atomic
def note_change(
    *, edition: Edition, fields: Iterable[str], by: User, now: datetime
) -> None:
    """Write down who changed what of a draft; whoever did may not publish it."""
    begin_change(edition=edition, by=by)
    audit.record(
        by=by, verb="changed draft", subject=edition, now=now, fields=list(fields)
    )


@transaction.atomic
def submit(*, edition: Edition, by: User, now: datetime) -> Edition:
    """Send a draft for review. Raises what stands in the way of publishing it."""
    edition = begin_change(edition=edition, by=by)
    _check_publishable(edition)
    return _move(edition, State.IN_REVIEW, SENT, by, now)


@transaction.atomic
def send_back(
    *, edition: Edition, reason: str = "", by: User, now: datetime
) -> Edition:
    """Give a draft back to be written on, with what is to be mended.

    Who wrote in it takes it back without a word. Raises MayNot, NoReason, NotOpen.
    """
    edition = _taken(edition)
    if not by.has_perm(MAY_PUBLISH):
        check_may_write(by)
    if edition.state != State.IN_REVIEW:
        raise NotOpen("It is not in review.")
    if by.pk in writers(edition):
        return _move(edition, State.DRAFT, TOOK_BACK, by, now)
    reason = " ".join(reason.split())
    if not reason:
        raise NoReason("Say what is to be mended, so that it can be.")
    return _move(edition, State.DRAFT, SENT_BACK, by, now, reason=reason)


def sent_back(edition: Edition) -> AuditEvent | None:
    """Who sent a draft back last, when and why, until it is sent for review again."""
    last = (
        AuditEvent.objects.filter(
            subject_kind=edition._meta.label_lower,
            subject_id=str(edition.pk),
            verb__in=(SENT, SENT_BACK, TOOK_BACK),
        )
        .select_related("by")
        .order_by("-pk")
        .first()
    )
    return last if last and last.verb == SENT_BACK else None


@transaction.atomic
def discard(*, edition: Edition, by: User, now: datetime) -> None:
    """Throw a draft away. Raises MayNot, NotOpen."""
    check_may_write(by)
    edition = _taken(edition)
    _record(edition, "discarded draft", by, now)
    edition.delete()


@watched("published edition")
def publish(*, edition: Edition, by: User, now: datetime) -> Edition:
    """Publish what another wrote, and let its terms count from now on.

    Appointments that are booked keep theirs. Raises MayNot, OwnWork, NotOpen and
    whatever stands in the way.
    """
    check_may_publish(edition, by)
    lock_everybody()
    edition = _taken(edition)
    if edition.state != State.IN_REVIEW:
        raise NotOpen("It is not in review. Send the draft for review first.")
    check_may_publish(edition, by)  # again: it may have been written on meanwhile
    _check_publishable(edition)
    told = [f"{change.group} {change.key}" for change in changes(edition)]
    highest = edition.treatment.editions.aggregate(highest=Max("number"))["highest"]
    edition.number = (highest or 0) + 1
    edition.state = State.PUBLISHED
    edition.published_at = now
    edition.reviewer, edition.reviewed_on = by, first_place_day(now)
    edition.save()
    _apply(edition)
    audit.record(
        by=by,
        verb="published edition",
        subject=edition,
        now=now,
        treatment=edition.treatment.code,
        number=edition.number,
        changed=told,
    )
    return edition


def _check_publishable(edition: Edition) -> None:
    for problem in problems(edition):
        raise problem


def _locked(treatment_id: int) -> Treatment:
    Treatment.objects.select_for_update(no_key=True).get(pk=treatment_id)
    return Treatment.objects.select_related("edition").get(pk=treatment_id)


def _taken(edition: Edition) -> Edition:
    """The open edition as it is now, with its treatment's row locked."""
    treatment = _locked(edition.treatment_id)
    found = Edition.objects.filter(pk=edition.pk).exclude(state=State.PUBLISHED).first()
    if found is None:
        raise NotOpen(
            "It was published or discarded meanwhile. Begin a new draft to change it."
        )
    found.treatment = treatment
    return found


def _move(
    edition: Edition,
    state: Edition.State,
    verb: str,
    by: User,
    now: datetime,
    **detail: Any,
) -> Edition:
    edition.state = state
    edition.save(update_fields=["state"])
    _record(edition, verb, by, now, **detail)
    return edition


def _record(
    edition: Edition, verb: str, by: User, now: datetime, **detail: Any
) -> None:
    treatment = edition.treatment.code
    audit.record(
        by=by, verb=verb, subject=edition, now=now, treatment=treatment, **detail
    )


def _apply(edition: Edition) -> None:
    """Let the rows that bookings read say what the edition says."""
    treatment = edition.treatment
    for name, value in terms_of(edition).items():
        setattr(treatment, name, value)
    treatment.edition = edition
    _approve(treatment, edition)
    treatment.save()
    live = {row.code: row for row in treatment.variants.all()}
    for said in edition.variants.all():
        variant = live.pop(said.code, None) or TreatmentVariant(
            treatment=treatment, code=said.code
        )
        for name in VARIANT_TERMS:
            setattr(variant, name, getattr(said, name))
        _approve(variant, edition)
        variant.save()
    for variant in live.values():
        variant.is_offered = False
        variant.save(update_fields=["is_offered"])


def _approve(row: Treatment | TreatmentVariant, edition: Edition) -> None:
    """Mark a row as reviewed; what was withdrawn stays so until it is put back."""
    if row.review_state != ReviewState.WITHDRAWN:
        row.review_state = ReviewState.APPROVED
    row.reviewed_by, row.reviewed_on = edition.reviewer, edition.reviewed_on
