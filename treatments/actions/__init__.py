"""What can be done to the catalogue and to privileges."""

from treatments.actions.privileges import (
    PrivilegeImpossible,
    change_privilege,
    check_privilege,
    end_privilege,
    grant_privilege,
)

__all__ = [
    "PrivilegeImpossible",
    "change_privilege",
    "check_privilege",
    "end_privilege",
    "grant_privilege",
]
