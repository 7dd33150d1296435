"""What people call a time zone: Mountain Time (MST), not America/Denver."""

from datetime import datetime
from zoneinfo import ZoneInfo

# The names in everyday use in the United States. Arizona keeps to one time all year,
# so that it is named apart: for half of it its clocks are not those of Denver.
NAMES = {
    "America/New_York": "Eastern Time",
    "America/Detroit": "Eastern Time",
    "America/Indiana/Indianapolis": "Eastern Time",
    "America/Kentucky/Louisville": "Eastern Time",
    "America/Chicago": "Central Time",
    "America/Denver": "Mountain Time",
    "America/Boise": "Mountain Time",
    "America/Phoenix": "Arizona Time",
    "America/Los_Angeles": "Pacific Time",
    "America/Anchorage": "Alaska Time",
    "Pacific/Honolulu": "Hawaii Time",
    "America/Puerto_Rico": "Atlantic Time",
}


def zone_name(zone: str) -> str:
    """Mountain Time; where there is no such name, the zone's own: Europe/Zurich."""
    return NAMES.get(zone) or zone.replace("_", " ")


def zone_words(moment: datetime, zone: ZoneInfo) -> str:
    """Mountain Time (MST): the name, and what clocks there are set to at `moment`."""
    short = moment.astimezone(zone).tzname() or ""
    if short[:1] in "+-":  # a zone without letters of its own
        short = f"UTC{short}"
    return f"{zone_name(zone.key)} ({short})"
