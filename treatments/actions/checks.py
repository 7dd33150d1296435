"""What stands in the way of publishing an edition, each as a sentence."""

from collections.abc import Iterator
from decimal import Decimal

from django.core.exceptions import ValidationError

from clinic.actions import Refused
from clinic.models import AuditEvent, Device, ReviewState, Room, User
from treatments.actions.changes import changes
from treatments.actions.refusals import (
    Incomplete,
    MayNot,
    NothingChanged,
    OwnWork,
    RulesBroken,
    Stale,
)
from treatments.models import (
    AreaDepth,
    BodyArea,
    CatalogueField,
    Edition,
    EditionVariant,
    Treatment,
    TreatmentVariant,
)

WROTE = ("started draft", "changed draft")
MAY_WRITE, MAY_PUBLISH = "treatments.change_edition", "treatments.publish_edition"


def check_may_write(by: User) -> None:
    if not (by.is_active and by.has_perm(MAY_WRITE)):
        raise MayNot("Only clinic admins write the catalogue. Ask one of them.")


def check_may_publish(edition: Edition, by: User) -> None:
    """Raises MayNot, OwnWork."""
    if not (by.is_active and by.has_perm(MAY_PUBLISH)):
        raise MayNot(
            "Only clinic admins and clinicians with the override right publish. "
            "Ask one of them."
        )
    if by.pk in writers(edition):
        raise OwnWork(
            "You wrote in this draft. Ask a colleague to read and publish it."
        )


def writers(edition: Edition) -> set[int]:
    """The ids of all who had a hand in a draft: whoever began it, whoever saved it."""
    saved = AuditEvent.objects.filter(
        subject_kind=edition._meta.label_lower,
        subject_id=str(edition.pk),
        verb__in=WROTE,
        by__isnull=False,
    )
    ids = {edition.author_id, *saved.values_list("by_id", flat=True)}
    return {each for each in ids if each is not None}


def to_review(by: User) -> list[Edition]:
    """The drafts that wait for somebody to publish them, and that `by` may publish."""
    if not (by.is_staff and by.has_perm(MAY_PUBLISH)):
        return []
    waiting = Edition.objects.filter(state=Edition.State.IN_REVIEW)
    return [
        edition
        for edition in waiting.select_related("treatment").order_by("pk")
        if by.pk not in writers(edition)
    ]


def problems(edition: Edition) -> list[Refused]:
    """Everything that has to be mended before an edition is published."""
    found: list[Refused] = [*_stale(edition), *_missing(edition)]
    for variant in edition.variants.all():
        found += [
            RulesBroken(f"{variant.label} ({variant.code}): {sentence}")
            for sentence in wrong_with(variant, edition.treatment)
        ]
    if not changes(edition):
        found.append(
            NothingChanged(
                "It says what is published already. Change something, or discard it."
            )
        )
    return found


def _stale(edition: Edition) -> Iterator[Refused]:
    current = edition.treatment.edition
    if current and current.published_at and current.published_at > edition.created_at:
        yield Stale(
            f"Version {current.number} was published after this draft was begun. "
            "Discard the draft and begin a new one."
        )


def _missing(edition: Edition) -> Iterator[Refused]:
    said = {row.field_id for row in edition.texts.all() if row.text.strip()}
    fields = CatalogueField.objects.filter(is_required=True)
    lacking = [
        field.label
        for field in fields.exclude(review_state=ReviewState.WITHDRAWN)
        if field.pk not in said
    ]
    if not edition.summary.strip():
        lacking.insert(0, "Summary")
    if lacking:
        yield Incomplete(f"Still to be written: {', '.join(lacking)}.")


def wrong_with(variant: EditionVariant, treatment: Treatment) -> Iterator[str]:
    """Why nobody could be booked on these terms, or not safely."""
    try:
        variant.clean_fields(exclude=["edition"])
    except ValidationError as refused:
        for name, texts in refused.message_dict.items():
            yield f"{name.replace('_', ' ')}: {' '.join(texts)}"
        return
    if variant.price_usd < 0:
        yield "A price cannot be below zero."
    elsewhere = TreatmentVariant.objects.filter(code=variant.code)
    if elsewhere.exclude(treatment=treatment).exists():
        yield "Another treatment has this code. Give it one of its own."
    yield from _wrong_with_kinds(variant)
    yield from _wrong_with_areas(variant)
    yield from _wrong_with_depth(variant, treatment)


def kinds_of(model: type[Room] | type[Device]) -> list[str]:
    """The codes of kinds that the clinic has something of, at any place."""
    rows = model._default_manager.filter(is_active=True)
    return sorted({code for row in rows for code in row.kind_codes})


def _wrong_with_kinds(variant: EditionVariant) -> Iterator[str]:
    """What no place has a room or device for; what is published may stay as it is."""
    live = TreatmentVariant.objects.filter(code=variant.code).first()
    asked = (
        ("room", variant.rooms_needed, live.rooms_needed if live else (), Room),
        ("device", variant.devices_needed, live.devices_needed if live else (), Device),
    )
    for what, codes, before, model in asked:
        there = kinds_of(model)
        for code in codes:
            if code not in there and code not in before:
                yield (
                    f"No {what} here is a “{code}”. There are: "
                    f"{', '.join(there) or 'none yet'}. Use one of them, or add "
                    f"such a {what} first."
                )


def _wrong_with_areas(variant: EditionVariant) -> Iterator[str]:
    codes = variant.areas_planned
    known = {area.code: area for area in BodyArea.objects.filter(code__in=codes)}
    for code in codes:
        area = known.get(code)
        if area is None:
            yield f"There is no area “{code}”. Use the codes of body areas."
        elif area.is_group or area.never_treat:
            yield f"{area.label} is never treated as one area. Take it out."


def _wrong_with_depth(variant: EditionVariant, treatment: Treatment) -> Iterator[str]:
    depth = variant.max_depth_mm
    if not treatment.limited_by_depth:
        if depth is not None:
            yield "This treatment has no depth. Leave the depth empty."
        return
    if depth is None or not Decimal(0) < depth < Decimal(100):
        yield "Give a depth in millimetres, above 0."
        return
    caps = AreaDepth.objects.filter(area__in=variant.areas_planned, max_mm__lt=depth)
    for cap in caps.exclude(review_state=ReviewState.WITHDRAWN):
        yield (
            f"{depth} mm is deeper than {cap.max_mm} mm, the most for {cap.area}. "
            "Give less depth, or take the area out."
        )
