"""Moments in the back office by the clock of the place where they are."""

from django.contrib import admin
from django.utils.formats import date_format


def told_at(moment, place):
    """Dec 21, 2026, 1:15 PM MST"""
    return date_format(moment.astimezone(place.tz), "DATETIME_FORMAT")


class AtPlace:
    """Shows `moments`, fields of a row, by the clock of `place_of` it; others are UTC."""

    moments: tuple[str, ...] = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.shown_at_place = {name: self.column(name) for name in self.moments}

    def place_of(self, obj):
        return obj.place

    def column(self, name):
        label = self.opts.get_field(name).verbose_name

        @admin.display(description=label, ordering=name)
        def shown(obj):
            moment = getattr(obj, name)
            return told_at(moment, self.place_of(obj)) if moment else "-"

        shown.__name__ = name
        return shown

    def get_list_display(self, request):
        names = super().get_list_display(request)
        return [self.shown_at_place.get(name, name) for name in names]

    def get_fields(self, request, obj=None):
        names = super().get_fields(request, obj)
        return [self.shown_at_place.get(name, name) for name in names]
