"""What the evaluator reads out of closures."""

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from bookings import evaluator
from bookings.findings import CODES, Closure, Finding
from bookings.timeline import from_minute

CLOSED = Finding("OUTSIDE_HOURS", "somebody", "No.", "Choose another time.")
OFF = Finding("OFF_GRID", "somewhere", "No.", "Choose another time.")
AWAY = Finding("PRACTITIONER_ON_LEAVE", "somebody", "Away.", "Choose another day.")


def window(first, until):
    return SimpleNamespace(first=first, until=until)


closures = st.lists(
    st.builds(
        lambda first, length, finding, step: Closure(
            first, first + length, finding, step
        ),
        st.integers(-20, 60),
        st.integers(1, 50),
        st.sampled_from([CLOSED, OFF, AWAY]),
        st.sampled_from([0, 0, 0, 1, 5, 7, 15]),
    ),
    max_size=6,
)


@given(closures)
def test_open_is_what_no_closure_closes(some):
    opened = list(evaluator.open_starts(some, window(0, 60)))

    assert opened == [
        minute
        for minute in range(60)
        if not any(closure.closes(minute) for closure in some)
    ]


@given(closures, st.integers(0, 59))
def test_a_start_is_open_or_somebody_says_why(some, minute):
    opened = minute in set(evaluator.open_starts(some, window(0, 60)))

    assert opened == (not evaluator.findings_at(some, minute))


def test_without_closures_all_is_open():
    assert list(evaluator.open_starts([], window(3, 6))) == [3, 4, 5]


def test_nobody_asked_nothing_answered():
    assert evaluator.ask([], now=from_minute(0)) == []


def test_one_finding_for_each_code_and_subject():
    other = Finding("OUTSIDE_HOURS", "somebody else", "No.", "Choose another time.")
    some = [Closure(0, 9, CLOSED), Closure(0, 5, CLOSED), Closure(0, 5, other)]

    assert evaluator.findings_at(some, 2) == [CLOSED, other]


def test_a_note_closes_nothing_and_is_shown_when_asked_for(monkeypatch):
    monkeypatch.setitem(CODES, "A_NOTE", "note")
    note = Finding("A_NOTE", "somebody", "By the way.", "Nothing to do.")
    some = [Closure(0, 5, note)]

    assert list(evaluator.open_starts(some, window(0, 5))) == [0, 1, 2, 3, 4]
    assert evaluator.findings_at(some, 2) == []
    assert evaluator.findings_at(some, 2, notes=True) == [note]


def test_a_reason_lets_go_where_its_own_closures_end():
    some = [
        Closure(0, 10, CLOSED),
        Closure(10, 20, CLOSED),
        Closure(25, 30, CLOSED),
        Closure(0, 40, AWAY),
    ]

    assert evaluator.lets_go(some, CLOSED, 5, 60) == from_minute(20)
    assert evaluator.lets_go(some, AWAY, 5, 60) == from_minute(40)
    assert evaluator.lets_go(some, AWAY, 5, 40) is None
    assert evaluator.lets_go([Closure(0, 9, OFF, 5)], OFF, 1, 60) is None
