"""How a patient books over HTTP: hold a time, then book it on the page that follows."""

from datetime import datetime
from typing import Any
from uuid import uuid4


def form(place: Any, practitioner: Any, at: datetime, **more: Any) -> dict[str, Any]:
    """What the button with a time sends."""
    start = at.astimezone(place.tz).isoformat()
    return {
        "place": place.slug,
        "start": f"{start} {practitioner.slug}",
        "submission": str(uuid4()),
        **more,
    }


def book(client: Any, variant: str, sent: dict[str, Any], areas: Any = ()) -> Any:
    """The answer to the second form; to the first, where that is refused."""
    held = client.post(f"/book/{variant}/hold/", sent)
    if held.status_code != 302:
        return held
    return client.post(f"{held['Location']}confirm/", {"areas": list(areas)})
