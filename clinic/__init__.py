"""The clinic itself: people, places and what was done by whom."""
