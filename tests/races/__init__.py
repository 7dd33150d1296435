"""Many at once for one time: exactly one gets it, and the others are told."""
