"""How moments are written where nothing else says so: with the zone beside them."""
