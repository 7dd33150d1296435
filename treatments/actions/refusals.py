"""Why an edition was not started, changed or published."""

from clinic.actions import Refused


class DraftOpen(Refused):
    """Somebody writes a draft of the treatment already."""


class NotOpen(Refused):
    """It is published, or not in the state that the step begins from."""


class MayNot(Refused):
    """Somebody without the right to write or publish."""


class OwnWork(Refused):
    """Somebody publishes what they wrote."""


class NoReason(Refused):
    """A draft is sent back without a word to whoever wrote it."""


class Incomplete(Refused):
    """A required field without a text."""


class RulesBroken(Refused):
    """Terms on which nothing could be booked, or not safely."""


class NothingChanged(Refused):
    """An edition that says what is published already."""


class Stale(Refused):
    """Another version was published after the draft was begun."""
