"""Places and their policy."""

from django.contrib import admin

from clinic.admin.base import Audited
from clinic.models import Location, PractitionerRole


def working_at(location_id):
    """The ids of those who work at a place."""
    roles = PractitionerRole.objects.filter(location=location_id)
    return set(roles.values_list("practitioner", flat=True))


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
                    "needling_floor_hours",
                    "np_independent",
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
