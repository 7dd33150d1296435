"""What of the findings on a page its reader may let pass, and how the page asks."""

from collections.abc import Sequence
from typing import Any

from bookings.access import may_override
from bookings.findings import CLINICAL, POLICY, Finding
from bookings.forms import OverridingForm
from clinic import access
from clinic.models import Location, User

WHO = {
    POLICY: "The front desk may let this pass, with a reason.",
    CLINICAL: "A clinician with that right may let this pass, with a reason.",
}
NOBODY = "Nobody can let this pass."


def may_pass(user: User, findings: Sequence[Finding]) -> bool:
    """Whether something closes the start, and `user` may let all of it pass."""
    return bool(findings) and all(
        may_override(user, finding.severity) for finding in findings
    )


def letting_pass(
    user: User,
    findings: Sequence[Finding],
    place: Location,
    form: OverridingForm | None = None,
    error: str = "",
) -> dict[str, Any]:
    """The findings as a page shows them, for staff with who may let each pass.

    A `form` that was sent gives back its ticks and its reason; `error` is what was
    wrong with that.
    """
    staff = access.is_front_desk(user) or access.is_clinician(user)
    given = form.cleaned_data if form else {}
    ticked = given.get("override", ())
    return {
        "findings": [
            {
                "finding": finding,
                "place": place,
                "who": WHO.get(finding.severity, NOBODY) if staff else "",
                "key": "|".join(finding.key),
                "is_ticked": finding.key in ticked,
            }
            for finding in findings
        ],
        "may_pass": may_pass(user, findings),
        "reason": given.get("reason", ""),
        "reason_error": error,
        "reason_words": place.override_words,
    }
