"""What the demo clinic says about cancelling, and what became of some of its fees."""

from bookings import actions
from bookings.models import CancellationPolicy, Fee
from clinic.models import User
from records.demo.people import Opening

TEXT = (
    "Please tell us at least a day before if you cannot come, so that somebody else "
    "can have the time. If we have to cancel, you pay nothing."
)
HOURS, LATE_USD, NOSHOW_USD = 24, 40, 80


def say(opening: Opening) -> None:
    """The policy of all places, where there is none yet."""
    if CancellationPolicy.objects.exists():
        return
    CancellationPolicy.objects.create(
        valid_from=opening.filed.date(),
        cut_off_hours=HOURS,
        late_fee_usd=LATE_USD,
        noshow_fee_usd=NOSHOW_USD,
        text=TEXT,
    )


def settle(opening: Opening, desk: User) -> None:
    """The first late fee is waived and the first no-show's paid; others are owed."""
    first: dict[str, Fee] = {}
    for fee in Fee.objects.order_by("charged_at", "pk"):
        first.setdefault(fee.reason, fee)
    late, missed = first.get(Fee.Reason.LATE), first.get(Fee.Reason.NOSHOW)
    if late and late.state == Fee.State.OWED:
        reason = "The first time, and a call at once."
        actions.waive(fee=late, by=desk, now=opening.now, reason=reason)
    if missed and missed.state == Fee.State.OWED:
        actions.mark_paid(fee=missed, by=desk, now=opening.now)
