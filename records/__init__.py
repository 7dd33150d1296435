"""What took place."""
