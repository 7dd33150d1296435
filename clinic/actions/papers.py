"""What may be done to practitioners' qualifications.

Whoever books takes the practitioner's row first; so does every action here, so that
a booking sees a paper either before a change or after it.
"""

import re
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError

from clinic import access, audit, qualifications
from clinic.actions.locks import lock
from clinic.actions.refusals import MayNotVerify, PaperImpossible
from clinic.changes import watched
from clinic.models import (
    CredentialKind,
    Location,
    Practitioner,
    Qualification,
    Role,
    User,
)
from clinic.qualifications import COUNTED

JURISDICTION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
# What a paper says. If any of it changes, somebody has to look at the paper again.
SAID = (
    "kind",
    "role",
    "number",
    "jurisdiction",
    "issuer",
    "valid_from",
    "valid_until",
    *COUNTED,
    "exclusions",
)


@watched("added qualification")
def add_qualification(
    *,
    practitioner: Practitioner,
    kind: CredentialKind,
    by: User | None,
    now: datetime,
    verified_by: User | None = None,
    **fields: Any,
) -> Qualification:
    """Put a paper on file. It counts once verified, here by `verified_by` or later."""
    lock(practitioner.pk)
    paper = Qualification(practitioner=practitioner, kind=kind, **fields)
    check_paper(paper)
    paper.save()
    audit.record(
        by=by, verb="added qualification", subject=paper, now=now, **said(paper)
    )
    if verified_by is not None:
        return verify_qualification(qualification=paper, by=verified_by, now=now)
    return paper


@watched("changed qualification")
def change_qualification(
    *, qualification: Qualification, by: User | None, now: datetime, **fields: Any
) -> Qualification:
    """Correct what a paper says; it then counts only once it is verified again.

    An earlier last day is no new claim: the verification stands.
    """
    paper = _locked(qualification)
    before = said(paper)
    for name, value in fields.items():
        setattr(paper, name, value)
    check_paper(paper)
    after = said(paper)
    changed = [name for name in SAID if before[name] != after[name]]
    if changed:
        if changed != ["valid_until"] or not _sooner(before, after):
            paper.verified_by = paper.verified_on = None
        paper.save()
        audit.record(
            by=by,
            verb="changed qualification",
            subject=paper,
            now=now,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
    return paper


@watched("verified qualification")
def verify_qualification(
    *, qualification: Qualification, by: User, now: datetime
) -> Qualification:
    """Say that `by` has looked at the paper, or asked whoever issued it."""
    paper = _locked(qualification)
    if not (by.is_active and (by.is_staff or access.is_front_desk(by))):
        raise MayNotVerify(f"{by.email} is not staff. Only staff verify papers.")
    if paper.practitioner.user_id == by.pk:
        raise MayNotVerify("Nobody verifies their own papers. Ask a colleague to.")
    paper.verified_by = by
    paper.verified_on = day_at(paper.jurisdiction, now)
    paper.save(update_fields=["verified_by", "verified_on"])
    audit.record(by=by, verb="verified qualification", subject=paper, now=now)
    return paper


@watched("ended qualification")
def end_qualification(
    *, qualification: Qualification, valid_until: date, by: User | None, now: datetime
) -> Qualification:
    """Let a paper end; `valid_until` is the last day on which it counts.

    Nobody has verified that it counts for longer than it says. Raises PaperImpossible.
    """
    paper = _locked(qualification)
    if paper.valid_until is not None and valid_until > paper.valid_until:
        raise PaperImpossible(
            f"It ends on {paper.valid_until} already. For a later end change what the "
            "paper says, and verify it again; or put the renewed paper on file."
        )
    before, paper.valid_until = paper.valid_until, valid_until
    check_paper(paper)
    paper.save(update_fields=["valid_until"])
    audit.record(
        by=by,
        verb="ended qualification",
        subject=paper,
        now=now,
        before=before,
        after=valid_until,
    )
    return paper


def _locked(qualification: Qualification) -> Qualification:
    """The paper as it is now, with its practitioner's row locked."""
    lock(qualification.practitioner_id)
    return Qualification.objects.select_related("kind", "role", "practitioner").get(
        pk=qualification.pk
    )


def said(paper: Qualification) -> dict[str, Any]:
    """What a paper says, as codes, days and numbers."""
    return {
        **{name: getattr(paper, name) for name in SAID},
        "kind": paper.kind.code,
        "role": paper.role.code if paper.role else None,
        "practitioner": paper.practitioner.slug,
    }


def _sooner(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether a paper ends sooner than it did."""
    then, now = before["valid_until"], after["valid_until"]
    return now is not None and (then is None or now <= then)


def day_at(jurisdiction: str, now: datetime) -> date:
    """Today at a place under `jurisdiction`; the UTC day where we have none."""
    place = Location.objects.filter(jurisdiction=jurisdiction).order_by("pk").first()
    return now.astimezone(place.tz).date() if place else now.date()


def check_paper(paper: Qualification) -> None:
    """Refuse a paper that could never count, with a sentence that says what to do."""
    _check_shape(paper)
    if paper.valid_from and paper.valid_until and paper.valid_until < paper.valid_from:
        raise PaperImpossible(
            f"It would end on {paper.valid_until}, before it begins on "
            f"{paper.valid_from}. Give an end that is not before the beginning."
        )
    if paper.jurisdiction and not JURISDICTION.fullmatch(paper.jurisdiction):
        raise PaperImpossible(
            f"“{paper.jurisdiction}” is no jurisdiction. Use a code such as US-UT."
        )
    _check_role(paper)


def _check_shape(paper: Qualification) -> None:
    try:
        paper.clean_fields(exclude={"practitioner", "kind", "role", "verified_by"})
    except ValidationError as refused:
        name, texts = next(iter(refused.message_dict.items()))
        raise PaperImpossible(f"{name.replace('_', ' ')}: {texts[0]}") from None
    for name in COUNTED:
        if (getattr(paper, name) or 0) < 0:
            raise PaperImpossible(f"{name.replace('_', ' ')}: Give 0 or more.")


def _check_role(paper: Qualification) -> None:
    kind = paper.kind
    roles = [] if kind.roles.strip() == "*" else kind.roles.split(",")
    if paper.role is not None and not qualifications.listed(
        paper.role.code, kind.roles
    ):
        raise PaperImpossible(
            f"{kind.code} is not issued to the role {paper.role.code}. "
            f"Choose one of: {', '.join(sorted(roles))}."
        )
    if kind.kind != "licence":
        return
    if paper.role is None and len(roles) == 1:
        paper.role = Role.objects.filter(code=roles[0].strip()).first()
    if paper.role is None:
        raise PaperImpossible(
            "A licence names the one role it was issued for. "
            f"Give a role: {', '.join(sorted(roles)) or 'any'}."
        )
    if not paper.jurisdiction:
        raise PaperImpossible(
            "A licence holds in one place. Give its jurisdiction, such as US-UT."
        )
