"""Appointments in the back office: to be looked up, and changed by actions only."""

from django.contrib import admin

from bookings.models import Appointment, CancellationPolicy, Course, Fee, Override
from clinic.admin.base import Audited, ReadOnly


@admin.register(Appointment)
class AppointmentAdmin(ReadOnly):
    date_hierarchy = "starts_at"
    list_display = (
        "starts_at",
        "label",
        "patient",
        "practitioner",
        "place",
        "status",
        "held_until",
    )
    list_filter = ("status", "place", "practitioner")
    list_select_related = ("patient", "practitioner", "place")
    ordering = ("-starts_at", "-pk")
    search_fields = ("patient__family_name", "patient__given_name", "uid")


@admin.register(Course)
class CourseAdmin(ReadOnly):
    date_hierarchy = "created_at"
    list_display = ("created_at", "label", "sessions", "patient", "place")
    list_filter = ("place", "plan")
    list_select_related = ("patient", "place")
    ordering = ("-created_at", "-pk")
    search_fields = ("patient__family_name", "patient__given_name", "uid")


@admin.register(CancellationPolicy)
class CancellationPolicyAdmin(Audited):
    """Rows are added and stay: appointments keep the one they were booked under."""

    date_hierarchy = "valid_from"
    list_display = (
        *("valid_from", "place", "cut_off_hours", "late_fee_usd", "noshow_fee_usd"),
        "text",
    )
    list_filter = ("place",)
    list_select_related = ("place",)
    ordering = ("-valid_from", "-pk")

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Fee)
class FeeAdmin(ReadOnly):
    date_hierarchy = "charged_at"
    list_display = (
        *("charged_at", "amount_usd", "reason", "state", "appointment"),
        *("settled_at", "settled_by"),
    )
    list_filter = ("state", "reason")
    list_select_related = ("appointment", "settled_by")
    ordering = ("-charged_at", "-pk")


@admin.register(Override)
class OverrideAdmin(ReadOnly):
    date_hierarchy = "at"
    list_display = ("at", "code", "subject", "severity", "by", "appointment", "reason")
    list_filter = ("severity", "code", "by")
    list_select_related = ("appointment", "by")
    ordering = ("-at", "-pk")
