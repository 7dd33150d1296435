"""What can be done to the catalogue and to privileges."""

from treatments.actions.changes import Change, Group, base_of, changes
from treatments.actions.checks import check_may_publish, problems
from treatments.actions.conditions import Conditions, conditions_of
from treatments.actions.editions import (
    begin_change,
    discard,
    note_change,
    publish,
    send_back,
    start_draft,
    submit,
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
    NothingChanged,
    NotOpen,
    OwnWork,
    RulesBroken,
    Stale,
)

__all__ = [
    "Change",
    "Conditions",
    "DraftOpen",
    "Group",
    "Incomplete",
    "MayNot",
    "NotOpen",
    "NothingChanged",
    "OwnWork",
    "PrivilegeImpossible",
    "RulesBroken",
    "Stale",
    "base_of",
    "begin_change",
    "change_privilege",
    "changes",
    "check_may_publish",
    "check_privilege",
    "conditions_of",
    "discard",
    "end_privilege",
    "grant_privilege",
    "note_change",
    "problems",
    "publish",
    "send_back",
    "start_draft",
    "submit",
]
