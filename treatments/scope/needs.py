"""What a rule asks for besides papers: supervision, and orders.

The check refuses what it needs; whoever knows agreements and orders answers the need.
Source: sections 4.1 and 4.6a of the domain notes.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from treatments.scope import tokens as token_rows
from treatments.scope.questions import Asked, Needs, OrderNeed, Refusal

SUPERVISED = frozenset({"AGREEMENT_REQUIRED", "SUPERVISION_REQUIRED"})
ORDERED = frozenset({"ORDER_REQUIRED", "REFERRAL_REQUIRED"})
# A duty to tell a physician is recorded with the session and blocks nothing.
BLOCKS_NOTHING = frozenset({"", "physician_communication"})
GENERAL, DIRECT, DELEGATED = "general", "direct", "delegated"


def needs_of(asked: Asked, rule: Any, tokens: Sequence[Any]) -> Needs:
    """What agreements and orders have to meet, if anything."""
    word = _presence(asked, rule)
    rows = list(_tokens(asked, rule, tokens))
    if word == DELEGATED or not word:
        agreed = any(row.type == "agreement" for _, row in rows)
        supervision = GENERAL if agreed else ""
    else:
        # A word that nobody knows asks for the most.
        supervision = GENERAL if word == GENERAL else DIRECT
    orders = [
        *(
            OrderNeed(_name(name), frozenset(token_rows.codes(row)), own=False)
            for name, row in rows
            if row.type == "order"
        ),
        *_column(rule),
    ]
    if word == DELEGATED:
        # "A specific written order": one for this patient.
        orders.append(OrderNeed("order", frozenset({"order"}), own=True))
    return Needs(supervision, tuple(dict.fromkeys(orders)))


def refusals(asked: Asked, rule: Any, tokens: Sequence[Any]) -> Iterable[Refusal]:
    """The same, as what speaks against it while nothing is on file."""
    for name, row in _tokens(asked, rule, tokens):
        if row.type == "agreement":
            yield Refusal("AGREEMENT_REQUIRED", name, rule.rule_id)
        else:
            yield Refusal(code_of(_name(name)), name, rule.rule_id)
    word = _presence(asked, rule)
    if word:
        code = "ORDER_REQUIRED" if word == DELEGATED else "SUPERVISION_REQUIRED"
        yield Refusal(code, rule.rule_id, f"{rule.rule_id}: {word} supervision")
    for need in _column(rule):
        detail = f"{rule.rule_id}: {rule.referral_or_order}"
        yield Refusal(code_of(need.name), rule.rule_id, detail)


def code_of(name: str) -> str:
    """The code of a refusal for want of an order of this name."""
    return "REFERRAL_REQUIRED" if name == "referral" else "ORDER_REQUIRED"


def _presence(asked: Asked, rule: Any) -> str:
    """The supervision asked for; empty is none.

    Empty in the rule means that no duty was seen in the text; its status speaks then.
    """
    word = str(rule.supervision)
    if word == "per_state_np_rule":
        word = "none" if asked.np_independent else GENERAL
    return "" if word == "none" else word


def _tokens(
    asked: Asked, rule: Any, tokens: Sequence[Any]
) -> Iterable[tuple[str, Any]]:
    """The rule's tokens that an agreement or an order meets, each with its row."""
    for name in dict.fromkeys(filter(None, rule.credential_kind.split("+"))):
        row = token_rows.fitting(name, asked, tokens)
        if row is not None and row.type in {"agreement", "order"}:
            yield name, row


def _column(rule: Any) -> Iterable[OrderNeed]:
    if rule.referral_or_order not in BLOCKS_NOTHING:
        name = _name(rule.referral_or_order)
        yield OrderNeed(name, frozenset({name}), own=False)


def _name(word: str) -> str:
    return "referral" if word == "referral" else "order"
