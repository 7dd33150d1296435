"""`make drills`: rehearse what can go wrong, longer than the suite does."""
