"""Times as the clocks of a place show them, and money."""

from datetime import date, datetime
from decimal import Decimal

from django import template

from bookings.calendar import clock, from_to
from bookings.timeline import minute_from, to_minute
from clinic.models import Location
from clinic.zones import zone_name, zone_words

register = template.Library()


@register.filter
def clock_at(moment: datetime, place: Location) -> str:
    """9:00 AM"""
    return clock(to_minute(moment), place.tz)


@register.filter
def day_at(moment: datetime, place: Location) -> str:
    """Tuesday, November 24, 2026"""
    return day_words(moment.astimezone(place.tz).date())


@register.filter
def short_day_at(moment: datetime, place: Location) -> str:
    """Tue, Nov 24"""
    day = moment.astimezone(place.tz)
    return f"{day:%a}, {day:%b} {day.day}"


@register.filter
def zone_at(moment: datetime, place: Location) -> str:
    """Mountain Time (MST)"""
    return zone_words(moment, place.tz)


@register.filter
def zone_of(place: Location) -> str:
    """Mountain Time"""
    return zone_name(place.zone)


@register.filter
def span(appointment) -> str:  # type: ignore[no-untyped-def]  # anything with a start, an end and a place
    """9:00 to 9:45 AM"""
    first, until = to_minute(appointment.starts_at), minute_from(appointment.ends_at)
    return from_to(first, until, appointment.place.tz)


@register.filter
def day_words(day: date) -> str:
    return f"{day:%A}, {day:%B} {day.day}, {day.year}"


@register.filter
def money(amount: Decimal) -> str:
    """$120, or $120.50"""
    whole = amount == amount.to_integral_value()
    return f"${amount:,.0f}" if whole else f"${amount:,.2f}"
