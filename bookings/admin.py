"""Appointments in the back office: to be looked up, and changed by actions only."""

from django.contrib import admin

from bookings.models import Appointment
from clinic.admin.base import ReadOnly


@admin.register(Appointment)
class AppointmentAdmin(ReadOnly):
    date_hierarchy = "starts_at"
    list_display = ("starts_at", "label", "patient", "practitioner", "place", "status")
    list_filter = ("status", "place", "practitioner")
    list_select_related = ("patient", "practitioner", "place")
    ordering = ("-starts_at", "-pk")
    search_fields = ("patient__family_name", "patient__given_name", "uid")
