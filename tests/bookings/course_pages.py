"""The pages of a course as its owner goes through them, in `tests.street`."""

import re

from bookings.models import Appointment, Course
from tests import street

BOOK = f"/book/{street.AGAIN}/course/{street.PLAN}/"


def owner(town, client):
    """Signed in; has been for a first visit on Monday, and has no course yet."""
    Appointment.objects.update(course=None, session=None)
    Course.objects.all().delete()
    client.force_login(town.users["owner"])
    return client


def sent(page):
    """What the form of dates sends."""
    html = page.content.decode()
    pairs = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', html)
    data = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    return data


def dates(client, town, **query):
    first = query.pop("on", "2026-02-05T10:00-07:00 practitioner")
    given = {"place": town.place.slug, "on": first, **query}
    return client.get(f"{BOOK}dates/", given)


def booked(client, town):
    client.post(f"{BOOK}dates/", sent(dates(client, town)))
    return Course.objects.get()
