"""Whatever happens in whatever order: the diary and the clinic say the same.

Hypothesis books, holds, confirms, lets go, moves, cancels, lets people arrive, sends
practitioners away, ends and renews licences, lets findings pass and turns the clock,
and after every step asks the rows: no two claims of anybody meet, and claims stand just
where a status occupies. What may be booked is told by a diary that shares no code with
the product.
"""

import os
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    consumes,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bookings import actions
from clinic import actions as people
from clinic.models import Qualification
from tests.properties.holding import Holding
from tests.properties.machine import NOW, practitioners, starts, tally

EXAMPLES = int(os.environ.get("EXAMPLES", "100"))
STEPS = 40


class Everything(Holding):
    """With practitioners who go away, and licences that end."""

    leaves = Bundle("leaves")

    @rule(target=leaves, who=practitioners, start=starts, hours=st.integers(1, 30))
    def goes_away(self, who, start, hours):
        ends = start + timedelta(hours=hours)
        leave = actions.take_leave(
            practitioner=self.clinic.practitioners[who],
            starts_at=start,
            ends_at=ends,
            by=self.desk,
            now=self.diary.now,
        )
        self.diary.away[leave.pk] = (who, start, ends)
        return leave

    @rule(leave=consumes(leaves))
    def comes_back(self, leave):
        del self.diary.away[leave.pk]
        actions.end_leave(leave=leave, by=self.desk, now=self.diary.now)

    @rule(who=practitioners, days=st.integers(-1, 3))
    def licence_ends(self, who, days):
        last = NOW.date() + timedelta(days=days)
        known = self.diary.licensed[who]
        if known is None or last <= known:  # a later day would have to be verified
            people.end_qualification(
                qualification=self.licence(who),
                valid_until=last,
                by=self.desk,
                now=self.diary.now,
            )
            self.diary.licensed[who] = last

    @precondition(lambda self: any(self.diary.licensed.values()))
    @rule()
    def licences_are_renewed(self):
        for who, last in self.diary.licensed.items():
            if last is not None:
                paper = people.change_qualification(
                    qualification=self.licence(who),
                    valid_until=None,
                    by=self.desk,
                    now=self.diary.now,
                )
                people.verify_qualification(
                    qualification=paper, by=self.desk, now=self.diary.now
                )
        self.diary.licensed = {0: None, 1: None}

    def licence(self, who):
        whose = self.clinic.practitioners[who]
        return Qualification.objects.get(practitioner=whose, kind__kind="licence")

    @rule(minutes=st.integers(1, 240))
    def time_passes(self, minutes):
        self.diary.now += timedelta(minutes=minutes)


@pytest.mark.django_db
def test_the_diary_and_the_clinic_say_the_same(capsys):
    tally.clear()
    run_state_machine_as_test(
        Everything,
        settings=settings(
            max_examples=max(EXAMPLES // 3, 10),
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            derandomize="EXAMPLES" not in os.environ,
            suppress_health_check=list(HealthCheck),
        ),
    )
    with capsys.disabled():
        told = ", ".join(f"{count} {what}" for what, count in tally.most_common())
        print(f"\n{told}")  # noqa: T201 -- says that something happened
    for what in ("booked", "refused", "moved", "held"):
        assert tally[what] >= EXAMPLES // 50, tally
    for what in (
        *("booked despite a rule", "cancelled", "replaced", "confirmed"),
        *("confirmed after it was over", "let go", "taken over"),
    ):
        assert tally[what], tally
