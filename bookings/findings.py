"""What a rule says when it closes a start: values, and the table of their codes.

Standard library only.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

HARD, CLINICAL, POLICY, NOTE = "hard", "clinical", "policy", "note"

# Every code there is, with its severity. Hard: nobody may override. Clinical: a
# clinician with that right. Policy: the front desk, with a reason. A note closes
# nothing.
CODES: dict[str, str] = {
    # what is offered
    "NOT_OFFERED": HARD,
    "PLACE_CLOSED": HARD,
    "PRACTITIONER_INACTIVE": HARD,
    "NOT_AT_PLACE": HARD,
    "ROLE_NOT_HELD": HARD,
    "AREA_NOT_IN_VARIANT": HARD,
    "AREA_NOT_FOR_TREATMENT": HARD,
    "AREA_TOO_WIDE": HARD,
    "AREA_SIDE_UNKNOWN": HARD,
    "AREA_NEVER_TREATED": HARD,
    # who may do it
    "NO_SCOPE_RULE": HARD,
    "SCOPE_NOT_ALLOWED": HARD,
    "SCOPE_PENDING_RULES": HARD,
    "SCOPE_SILENT": HARD,
    "SCOPE_UNKNOWN": HARD,
    "SCOPE_WITHOUT_CAP": HARD,
    "OUTSIDE_SCOPE": HARD,
    "DEPTH_UNKNOWN": HARD,
    "DEPTH_OVER_VARIANT": HARD,
    "DEPTH_OVER_AREA": HARD,
    "DEPTH_OVER_PRIVILEGE": HARD,
    "CREDENTIAL_MISSING": HARD,
    "CREDENTIAL_NOT_VERIFIED": HARD,
    "CREDENTIAL_NOT_VALID_ON_DATE": HARD,
    "TOKEN_UNMAPPED": HARD,
    "FOUNDATION_HOURS_SHORT": HARD,
    "SPECIFIC_HOURS_SHORT": HARD,
    "CLINIC_FLOOR_HOURS_SHORT": HARD,
    "IN_PERSON_HOURS_SHORT": HARD,
    "SUPERVISED_SESSIONS_SHORT": HARD,
    "YEARS_LICENSED_SHORT": HARD,
    "PREMISES_LICENCE_MISSING": HARD,
    "INSURANCE_EXCLUDES_AREA": HARD,
    "AGREEMENT_REQUIRED": HARD,
    "SUPERVISION_REQUIRED": HARD,
    "AGREEMENT_NOT_VALID_ON_DATE": HARD,
    "DEPTH_OVER_AGREEMENT": HARD,
    "SUPERVISOR_MAY_NOT": HARD,
    "SUPERVISOR_NOT_ON_SITE": HARD,
    "ORDER_REQUIRED": HARD,
    "REFERRAL_REQUIRED": HARD,
    "ORDER_NOT_VALID_ON_DATE": HARD,
    "DEPTH_OVER_ORDER": HARD,
    "NO_PRIVILEGE": HARD,
    "PRIVILEGE_NOT_VALID_ON_DATE": HARD,
    # when
    "IN_THE_PAST": HARD,
    "NOTICE_TOO_SHORT": POLICY,
    "BEYOND_HORIZON": POLICY,
    "OUTSIDE_HOURS": POLICY,
    "PLACE_CLOSED_THAT_DAY": POLICY,
    "OFF_GRID": POLICY,
    "PRACTITIONER_ON_LEAVE": HARD,
    "OVERLAP_PRACTITIONER": HARD,
    "OVERLAP_PATIENT": HARD,
    "TRAVEL_TOO_SHORT": HARD,
    # where, and with what
    "NO_SUCH_ROOM": HARD,
    "ROOM_OUT_OF_SERVICE": HARD,
    "ROOM_TAKEN": HARD,
    "NO_SUCH_DEVICE": HARD,
    "DEVICE_OUT_OF_SERVICE": HARD,
    "DEVICE_TAKEN": HARD,
    "COURSE_TOO_SOON": CLINICAL,
    "COURSE_TOO_LATE": POLICY,
    "NOT_A_FIRST_VISIT": POLICY,
    "FIRST_VISIT_NEEDED": POLICY,
    # how many at once
    "TOO_MANY_HOLDS": HARD,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason, and what to do about it.

    `message` is for the patient and names no other patient and nothing of a
    colleague's licence; `desk` is for the front desk and holds no health details;
    `detail` is for clinicians and admins. `first_possible` is aware, when known.
    """

    code: str
    subject: str
    message: str
    remedy: str
    desk: str = ""
    detail: str = ""
    first_possible: datetime | None = None
    severity: str = field(init=False, compare=False)  # looked at for each closure

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise KeyError(f"{self.code} has no severity in bookings.findings.CODES")
        object.__setattr__(self, "severity", CODES[self.code])

    @property
    def key(self) -> tuple[str, str]:
        """What an override names: the same for the same question, whenever asked."""
        return self.code, self.subject

    def possible_from(self, moment: datetime) -> "Finding":
        return replace(self, first_possible=moment)


class Closure(NamedTuple):
    """A stretch `[first, until)` of start minutes that a rule closes, and why.

    With a `step`, the minutes `first`, `first + step`, ... stay open: a grid closes
    what lies between its marks.
    """

    first: int
    until: int
    finding: Finding
    step: int = 0

    def closes(self, minute: int) -> bool:
        if not self.first <= minute < self.until:
            return False
        return not self.step or (minute - self.first) % self.step != 0
