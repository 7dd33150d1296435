"""`make bench`: how fast questions and bookings are, beside what they must be."""
