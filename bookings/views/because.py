"""Why a booking was allowed, as it was kept then, in words; the codes stand beside."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.utils.formats import date_format

from bookings.models import Appointment
from clinic.models import Confidence, CredentialKind, Practitioner, ReviewState, Role
from treatments.models import OrderKind, ScopeStatus
from treatments.published import sources

HOURS = {
    "foundation_hours": "foundation hours",
    "specific_hours": "hours for this treatment",
    "in_person_hours": "of these hours in person",
}


class Line(NamedTuple):
    """A sentence, and the codes by which the back office knows what it speaks of."""

    words: str
    codes: str = ""


class Reason(NamedTuple):
    heading: str
    lines: list[Line]


def because(appointment: Appointment) -> list[Reason]:
    """What was kept with the booking; what is not on file any more keeps its code."""
    kept = appointment.allowed_because or {}
    found = [
        Reason("Role", _role(kept)),
        Reason("Rule", _rule(kept)),
        Reason("What the rule asks besides", _conditions(kept)),
        Reason("Papers", _papers(kept)),
        Reason("Supervision", _supervision(kept)),
        Reason("Orders", _orders(kept)),
    ]
    return [reason for reason in found if reason.lines]


def _role(kept: dict[str, Any]) -> list[Line]:
    code = kept.get("role")
    if not code:
        return []
    label = Role.objects.filter(code=code).values_list("label", flat=True).first()
    return [Line(label or _plain(code), code)]


def _rule(kept: dict[str, Any]) -> list[Line]:
    rule = kept.get("rule")
    if not rule:
        return []
    status = _label(ScopeStatus, rule.get("status"))
    where = kept.get("jurisdiction")
    codes = [code for code in (rule.get("source") or "").split("+") if code]
    confidence = _label(Confidence, rule.get("confidence")).lower()
    lines = [
        Line(f"{status}, by the rule for {where}.", rule.get("rule_id", "")),
        Line(
            f"{_label(ReviewState, rule.get('review_state'))}. Confidence: {confidence}."
        ),
    ]
    titles = [what for what, _ in sources(codes)]
    if codes:
        lines.append(Line(f"Source: {'; '.join(titles or codes)}", ", ".join(codes)))
    return lines


def _conditions(kept: dict[str, Any]) -> list[Line]:
    words = (kept.get("rule") or {}).get("other_conditions")
    return [Line(words)] if words else []


def _papers(kept: dict[str, Any]) -> list[Line]:
    papers = kept.get("papers") or []
    kinds = CredentialKind.objects.filter(code__in={paper["kind"] for paper in papers})
    labels = dict(kinds.values_list("code", "label"))
    return [_paper(paper, labels) for paper in papers]


def _paper(paper: dict[str, Any], labels: dict[str, str]) -> Line:
    words = labels.get(paper["kind"]) or _plain(paper["kind"])
    if paper.get("jurisdiction"):
        words += f", {paper['jurisdiction']}"
    for name, unit in HOURS.items():
        if paper.get(name):
            words += f", {_number(paper[name])} {unit}"
    words += _until(paper.get("valid_until"))
    if paper.get("verified_on"):
        words += f", verified on {_day(paper['verified_on'])}"
    return Line(words, " ".join(filter(None, (paper["kind"], paper.get("number")))))


def _supervision(kept: dict[str, Any]) -> list[Line]:
    under = kept.get("supervision")
    if not under:
        return []
    name = _names([under["supervisor"]]).get(under["supervisor"], under["supervisor"])
    words = f"Under {name}, by a supervision agreement{_until(under['valid_until'])}"
    return [Line(words, f"agreement {under['agreement']}")]


def _orders(kept: dict[str, Any]) -> list[Line]:
    orders = kept.get("orders") or []
    names = _names(order["prescriber"] for order in orders)
    lines = []
    for order in orders:
        kind = _label(OrderKind, order["kind"])
        whose = "standing" if order.get("standing") else "for this patient"
        by = names.get(order["prescriber"], order["prescriber"])
        words = f"{kind}, {whose}, by {by}{_until(order.get('valid_until'))}"
        lines.append(Line(words, f"{order['kind']} {order['order']}"))
    return lines


def _names(slugs: Iterable[str]) -> dict[str, str]:
    """The names of our own people; a prescriber from outside is no slug of ours."""
    wanted = set(slugs)
    if not wanted:
        return {}
    rows = Practitioner.objects.filter(slug__in=wanted)
    return dict(rows.values_list("slug", "name"))


def _label(choices: Any, code: str | None) -> str:
    return str(choices(code).label) if code in choices.values else _plain(code or "")


def _plain(code: str) -> str:
    return code.replace("_", " ").capitalize()


def _number(text: str) -> str:
    return text.removesuffix(".0")


def _until(day: str | None) -> str:
    return f", valid to {_day(day)}" if day else ""


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "F j, Y")
