"""Rooms and devices of a place: put up, renamed, taken out of use.

When one cannot be used for a time is said at the desk, which shows whom it meets.
"""

from difflib import get_close_matches

from django import forms
from django.apps import apps
from django.contrib import admin

from clinic.admin.base import Audited
from clinic.admin.codes import spaced
from clinic.models import Device, Room
from clinic.models.resources import codes_in


def kinds_needed(field):
    """The kinds that the catalogue asks for, each once; drafts count, for what they
    ask for has to be there before they are published."""
    live = apps.get_model("treatments.TreatmentVariant").objects.order_by()
    drafts = apps.get_model("treatments.EditionVariant").objects.order_by()
    found = [
        *live.values_list(field, flat=True),
        *drafts.exclude(edition__state="published").values_list(field, flat=True),
    ]
    return sorted({code for text in found for code in codes_in(text)})


def checked(text, field):
    """Codes of kinds as they are kept; refuses, kindly, what nothing asks for."""
    codes, known = codes_in(text), kinds_needed(field)
    for code in codes:
        if code not in known:
            close = get_close_matches(code, known, n=1)
            meant = f" Did you mean {close[0]}?" if close else ""
            raise forms.ValidationError(
                f"No treatment asks for “{code}”.{meant} "
                f"What they ask for: {', '.join(known) or 'nothing yet'}."
            )
    return ",".join(dict.fromkeys(codes))


class RoomForm(forms.ModelForm):
    class Meta:
        model = Room
        fields = ("location", "name", "slug", "kinds", "is_active")
        help_texts = {
            "kinds": "What it can serve as: codes joined with commas, such as "
            "treatment_room,consultation_room.",
            "is_active": "Without this tick no new appointment is given this room.",
        }

    def clean_kinds(self):
        return checked(self.cleaned_data["kinds"], "needs_room")


class DeviceForm(forms.ModelForm):
    class Meta:
        model = Device
        fields = ("location", "name", "slug", "kind", "serial", "is_active")
        help_texts = {
            "kind": "What it is: one code, such as microneedling_device.",
            "is_active": "Without this tick no new appointment is given this device.",
        }

    def clean_kind(self):
        kind = checked(self.cleaned_data["kind"], "needs_device")
        if "," in kind:
            raise forms.ValidationError("A device is of one kind. Name the one it is.")
        return kind


class ResourceAdmin(Audited):
    list_filter = ("location", "is_active")
    ordering = ("location__name", "name")
    prepopulated_fields = {"slug": ("name",)}

    def lock(self, obj):
        """All of the place: who had this one may be given another of them instead."""
        here = type(obj).objects.select_for_update(no_key=True)
        list(here.filter(location=obj.location_id).order_by("pk").values_list("pk"))

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields

    def get_readonly_fields(self, request, obj=None):
        """What was booked in it stays where it was: place and slug are given once."""
        return ("location", "slug") if obj else ()


@admin.register(Room)
class RoomAdmin(ResourceAdmin):
    form = RoomForm
    list_display = ("name", "location", spaced("kinds"), "is_active")
    search_fields = ("name", "slug", "kinds")


@admin.register(Device)
class DeviceAdmin(ResourceAdmin):
    form = DeviceForm
    list_display = ("name", "location", "kind", "serial", "is_active")
    search_fields = ("name", "slug", "kind", "serial")
