"""Which days are public holidays where a place is.

What the `holidays` package knows, by ISO 3166 code; no Django.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from holidays import country_holidays

ENGLISH = "en_US"  # where the package has other names for them


@lru_cache(maxsize=500)
def holidays_in(jurisdiction: str, year: int) -> Mapping[date, str]:
    """The public holidays of a country or a part of it, by day, with their names.

    A part that the package does not know has those of its country; a country that it
    does not know has none.
    """
    country, _, part = jurisdiction.partition("-")
    for subdivision in [part, None] if part else [None]:
        try:
            found = country_holidays(
                country, subdiv=subdivision, years=year, language=ENGLISH
            )
        except NotImplementedError:
            continue
        return dict(found)
    return {}
