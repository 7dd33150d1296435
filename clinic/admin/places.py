"""Places and their policy."""

from django.contrib import admin

from clinic.admin.base import Audited
from clinic.models import Location, PlaceDay, PractitionerRole, TravelTime


def working_at(location_id):
    """The ids of those who work at a place."""
    roles = PractitionerRole.objects.filter(location=location_id)
    return set(roles.values_list("practitioner", flat=True))


@admin.register(PlaceDay)
class PlaceDayAdmin(Audited):
    list_display = ("day", "location", "is_open", "reason")
    list_filter = ("location", "is_open")
    list_select_related = ("location",)
    date_hierarchy = "day"
    ordering = ("-day", "location__name")

    def concerned(self, obj):
        return working_at(obj.location_id)


@admin.register(TravelTime)
class TravelTimeAdmin(Audited):
    list_display = ("from_location", "to_location", "minutes")
    list_filter = ("from_location", "to_location")
    list_select_related = ("from_location", "to_location")
    ordering = ("from_location__name", "to_location__name")

    def concerned(self, obj):
        return working_at(obj.from_location_id) | working_at(obj.to_location_id)


@admin.register(Location)
class LocationAdmin(Audited):
    list_display = ("name", "slug", "jurisdiction", "zone", "is_open")
    list_filter = ("is_open", "jurisdiction")
    ordering = ("name",)
    prepopulated_fields = {"slug": ("name",)}
    search_fields = ("name", "slug", "address")
    fieldsets = (
        (None, {"fields": ("name", "slug", "address", "phone", "is_open")}),
        ("Law and time", {"fields": ("jurisdiction", "zone")}),
        (
            "This clinic's policy",
            {
                "fields": (
                    "start_grid_min",
                    "notice_min",
                    "horizon_days",
                    "hold_minutes",
                    "needling_floor_hours",
                    "np_independent",
                    "override_words",
                    "keeps_holidays",
                )
            },
        ),
    )

    def concerned(self, obj):
        return working_at(obj.pk) if obj.pk else ()

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields

    def get_readonly_fields(self, request, obj=None):
        """Addresses and scripts name a place by its slug: it is given once."""
        return ("slug",) if obj else ()
