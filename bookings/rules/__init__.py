"""The booking rules. Each closes starts and says why; none knows another.

A rule is a class with `read` and `closures` (see `bookings.evaluator.Rule`), named
in the setting BOOKING_RULES.
"""
