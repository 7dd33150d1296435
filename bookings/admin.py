"""Appointments in the back office: to be looked up, and changed by actions only."""

from django.contrib import admin
from django.utils.html import format_html

from bookings.models import Appointment, CancellationPolicy, Course, Fee, Override
from clinic.admin.base import Audited, ReadOnly
from clinic.admin.times import AtPlace


def way_to(row, words):
    """A link to the page of a row outside the back office."""
    return format_html('<a href="{}">{}</a>', row.get_absolute_url(), words)


@admin.register(Appointment)
class AppointmentAdmin(AtPlace, ReadOnly):
    moments = ("starts_at", "ends_at", "held_until", "created_at", "cancelled_at")
    exclude = ("allowed_because", "submission")
    readonly_fields = ("page",)
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

    @admin.display(description="more")
    def page(self, appointment):
        words = "The appointment's page, with why it was allowed"
        return way_to(appointment, words)


@admin.register(Course)
class CourseAdmin(AtPlace, ReadOnly):
    moments = ("created_at",)
    exclude = ("submission",)
    readonly_fields = ("page",)
    date_hierarchy = "created_at"
    list_display = ("created_at", "label", "sessions", "patient", "place")
    list_filter = ("place", "plan")
    list_select_related = ("patient", "place")
    ordering = ("-created_at", "-pk")
    search_fields = ("patient__family_name", "patient__given_name", "uid")

    @admin.display(description="more")
    def page(self, course):
        return way_to(course, "The course's page, with its sessions")


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
class FeeAdmin(AtPlace, ReadOnly):
    moments = ("charged_at", "settled_at")
    date_hierarchy = "charged_at"
    list_display = (
        *("charged_at", "amount_usd", "reason", "state", "appointment"),
        *("settled_at", "settled_by"),
    )
    list_filter = ("state", "reason")
    list_select_related = ("appointment__place", "settled_by")
    ordering = ("-charged_at", "-pk")

    def place_of(self, obj):
        return obj.appointment.place


@admin.register(Override)
class OverrideAdmin(AtPlace, ReadOnly):
    moments = ("at", "starts_at", "lapsed_at")
    date_hierarchy = "at"
    list_display = ("at", "code", "subject", "severity", "by", "appointment", "reason")
    list_filter = ("severity", "code", "by")
    list_select_related = ("appointment__place", "by")
    ordering = ("-at", "-pk")

    def place_of(self, obj):
        return obj.appointment.place
