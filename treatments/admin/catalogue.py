"""The catalogue in the back office."""

from django.contrib import admin

from clinic.admin.base import SourcedAdmin
from treatments.admin.rules import REVIEW
from treatments.models import Treatment, TreatmentVariant


class VariantInline(admin.TabularInline):
    model = TreatmentVariant
    fields = ("code", "label", "visit", "duration_min", "price_usd", "is_offered")
    readonly_fields = fields
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(Treatment)
class TreatmentAdmin(SourcedAdmin):
    inlines = (VariantInline,)
    list_display = ("name", "code", "family", "limited_by_depth", *REVIEW)
    list_filter = ("family", *REVIEW)
    ordering = ("position",)
    search_fields = ("code", "name")


@admin.register(TreatmentVariant)
class TreatmentVariantAdmin(SourcedAdmin):
    list_display = (
        *("label", "code", "visit", "duration_min", "max_depth_mm", "price_usd"),
        *("is_offered", "review_state"),
    )
    list_filter = ("is_offered", "treatment", "visit", *REVIEW)
    list_select_related = ("treatment",)
    ordering = ("treatment__position", "code")
    search_fields = ("code", "label")
