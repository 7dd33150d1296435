"""What may be done to people and their papers: one verb, one transaction, audited."""

from clinic.actions.locks import lock, lock_everybody
from clinic.actions.papers import (
    add_qualification,
    change_qualification,
    check_paper,
    end_qualification,
    verify_qualification,
)
from clinic.actions.patients import (
    change_patient,
    check_birth_date,
    digits_of,
    register_patient,
)
from clinic.actions.refusals import (
    BirthDateImpossible,
    BirthDateOnFile,
    MayNotVerify,
    PaperImpossible,
    Refused,
)

__all__ = [
    "BirthDateImpossible",
    "BirthDateOnFile",
    "MayNotVerify",
    "PaperImpossible",
    "Refused",
    "add_qualification",
    "change_patient",
    "change_qualification",
    "check_birth_date",
    "check_paper",
    "digits_of",
    "end_qualification",
    "lock",
    "lock_everybody",
    "register_patient",
    "verify_qualification",
]
