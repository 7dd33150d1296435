"""The question, and what comes of it: values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """A code, what it is about, and the technical reason for staff."""

    code: str
    subject: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who wants to do what, where: the part of the question that has no date.

    `depth_mm` and `depth_caps` (by area) are millimetres; `is_talk` says that nothing
    is done but to talk.
    """

    role: str
    treatment: str
    jurisdiction: str
    limited_by_depth: bool
    needs_hours: bool
    floor_hours: Decimal
    np_independent: bool
    depth_mm: Decimal | None
    areas: tuple[Any, ...]
    depth_caps: Mapping[str, Decimal] = field(default_factory=dict)
    is_talk: bool = False


@dataclass(frozen=True, slots=True)
class OrderNeed:
    """An order that must be there: its name, the kinds that will do, and for whom.

    With `own` it must be the patient's; a standing one will not do.
    """

    name: str
    kinds: frozenset[str]
    own: bool


@dataclass(frozen=True, slots=True)
class Needs:
    """What the rule asks for that is no paper of the practitioner.

    `supervision` is empty, "general" (an agreement is current) or "direct" (one of
    its supervisors is there besides).
    """

    supervision: str = ""
    orders: tuple[OrderNeed, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The rule that decided, and all that speaks against it with nothing but papers.

    What agreements and orders would meet stands among the refusals (their codes are
    `SUPERVISED` and `ORDERED`), and as `needs` for whoever knows agreements and orders.
    """

    rule: Any | None
    refusals: tuple[Refusal, ...]
    needs: Needs = Needs()


def places_of(jurisdiction: str) -> list[str]:
    """Where to look for a rule, nearest first: the place, its country, anywhere."""
    return list(dict.fromkeys([jurisdiction, jurisdiction.split("-")[0], "*"]))
