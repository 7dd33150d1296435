"""Who did what, and what the rules rest on; both to be read only."""

from django.contrib import admin

from clinic.admin.base import ReadOnly
from clinic.models import AuditEvent, Source


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly):
    date_hierarchy = "at"
    list_display = ("at", "verb", "by", "subject_kind", "subject_id")
    list_filter = ("verb", "subject_kind")
    list_select_related = ("by",)
    ordering = ("-at", "-pk")
    search_fields = ("by__email", "subject_id")


@admin.register(Source)
class SourceAdmin(ReadOnly):
    list_display = ("code", "grade", "what")
    list_filter = ("grade",)
    ordering = ("code",)
    search_fields = ("code", "what", "where")
