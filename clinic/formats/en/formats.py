"""In English. A moment that is not told by the clock of a place is UTC, and says it."""

DATETIME_FORMAT = "M j, Y, g:i A T"
