"""What people do here from end to end, in a browser."""
