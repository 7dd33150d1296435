"""What every page shows: the clinic's name and phone, and where one can go."""

from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from clinic import access


class Link(NamedTuple):
    label: str
    url: str
    current: bool = False


TREATMENTS = Link("Treatments", "/treatments/")
WHICH = Link("Dry or micro?", "/dry-or-micro/")
COMPARE = Link("Compare", "/compare/")
PRACTITIONERS = Link("Practitioners", "/practitioners/")
PUBLIC = (TREATMENTS, WHICH, COMPARE, PRACTITIONERS)
APPOINTMENTS = Link("My appointments", "/appointments/")
SCHEDULE = Link("My schedule", "/schedule/")
DESK = (Link("Desk", "/desk/"), Link("Patients", "/desk/patients/"))
HOURS = Link("Hours", "/desk/hours/")
BACK_OFFICE = Link("Back office", "/admin/")


def clinic(request: HttpRequest) -> dict[str, Any]:
    # Pages that refuse a request are drawn before anybody is known.
    user = getattr(request, "user", None) or AnonymousUser()
    return {
        "clinic": {
            "name": settings.CLINIC_NAME,
            "phone": settings.CLINIC_PHONE,
            "is_demo": settings.DEMO,
            "is_patient": access.is_patient(user),
            "nav": with_current(nav_of(user), request.path),
            "public": PUBLIC,
        }
    }


def nav_of(user: access.Somebody) -> list[Link]:
    """The places that `user` has something to do at; one query if signed in.

    Three or four, so that they fit a phone: the footer holds all that is public.
    """
    links = [TREATMENTS]
    if not user.is_authenticated:
        links.append(WHICH)
    if not access.is_front_desk(user):
        links.append(PRACTITIONERS)
    if access.is_patient(user):
        links.append(APPOINTMENTS)
    if access.is_practitioner(user):
        links.append(SCHEDULE)
    if access.is_front_desk(user):
        links += [*DESK, HOURS]
    if access.has_back_office(user):
        links.append(BACK_OFFICE)
    return links


def with_current(links: list[Link], path: str) -> list[Link]:
    """Mark the one link whose page, or whose part of the site, `path` is."""
    fitting = [link.url for link in links if path.startswith(link.url)]
    here = max(fitting, key=len, default=None)
    return [link._replace(current=link.url == here) for link in links]
