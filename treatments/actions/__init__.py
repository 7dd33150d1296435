"""What can be done to the catalogue and to privileges."""

from treatments.actions.changes import Change, Group, base_of, changes
from treatments.actions.checks import check_may_publish, problems, to_review, writers
from treatments.actions.conditions import Conditions, conditions_of
from treatments.actions.editions import (
    begin_change,
    discard,
    note_change,
    publish,
    send_back,
    sent_back,
    start_draft,
    submit,
)
from treatments.actions.orders import (
    OrderImpossible,
    change_order,
    check_order,
    end_order,
    record_order,
)
from treatments.actions.privileges import (
    PrivilegeImpossible,
    change_privilege,
    check_privilege,
    end_privilege,
    grant_privilege,
)
from treatments.actions.refusals import (
    DraftOpen,
    Incomplete,
    MayNot,
    NoReason,
    NothingChanged,
    NotOpen,
    OwnWork,
    RulesBroken,
    Stale,
)
from treatments.actions.supervision import (
    AgreementImpossible,
    change_agreement,
    check_agreement,
    end_agreement,
    make_agreement,
)
from treatments.actions.supervision import said as agreement_said

__all__ = [
    "AgreementImpossible",
    "Change",
    "Conditions",
    "DraftOpen",
    "Group",
    "Incomplete",
    "MayNot",
    "NoReason",
    "NotOpen",
    "NothingChanged",
    "OrderImpossible",
    "OwnWork",
    "PrivilegeImpossible",
    "RulesBroken",
    "Stale",
    "agreement_said",
    "base_of",
    "begin_change",
    "change_agreement",
    "change_order",
    "change_privilege",
    "changes",
    "check_agreement",
    "check_may_publish",
    "check_order",
    "check_privilege",
    "conditions_of",
    "discard",
    "end_agreement",
    "end_order",
    "end_privilege",
    "grant_privilege",
    "make_agreement",
    "note_change",
    "problems",
    "publish",
    "record_order",
    "send_back",
    "sent_back",
    "start_draft",
    "submit",
    "to_review",
    "writers",
]
