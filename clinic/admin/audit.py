"""Who did what, and what the rules rest on; both to be read only."""

from collections import defaultdict

from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from clinic.admin.base import ReadOnly
from clinic.admin.history import in_words
from clinic.models import AuditEvent, Source

FOUND = "_subject"  # where the row that an event speaks of is kept on it


def find_subjects(events):
    """Put on each event the row it speaks of, or None; one query for each kind."""
    wanted = defaultdict(set)
    for event in events:
        wanted[event.subject_kind].add(event.subject_id)
    found = {}
    for kind, ids in wanted.items():
        for row in _rows(kind, ids):
            found[kind, str(row.pk)] = row
    for event in events:
        setattr(event, FOUND, found.get((event.subject_kind, event.subject_id)))


def _model(kind):
    try:
        return apps.get_model(kind)
    except (LookupError, ValueError):
        return None


def _rows(kind, ids):
    model = _model(kind)
    if model is None:
        return []
    office = admin.site._registry.get(model)
    related = getattr(office, "list_select_related", False) or ()
    rows = model._default_manager.filter(pk__in=ids)
    return rows.select_related(*related) if related and related is not True else rows


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly):
    date_hierarchy = "at"
    list_display = ("at", "verb", "by", "subject")
    list_filter = ("verb", "subject_kind")
    list_select_related = ("by",)
    ordering = ("-at", "-pk")
    search_fields = ("by__email", "subject_id")
    fields = ("at", "by", "verb", "subject", "patient", "told")

    def get_changelist_instance(self, request):
        found = super().get_changelist_instance(request)
        found.result_list = list(found.result_list)
        find_subjects(found.result_list)
        return found

    @admin.display(description="what of")
    def subject(self, event):
        """The row's name, with a way to it; what it was where it is gone."""
        if not hasattr(event, FOUND):
            find_subjects([event])
        model, row = _model(event.subject_kind), getattr(event, FOUND)
        kind = model._meta.verbose_name if model else event.subject_kind
        if row is None:
            return f"{kind} {event.subject_id}, which is there no more"
        if model not in admin.site._registry:
            return f"{kind}: {row}"
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        return format_html(
            '{}: <a href="{}">{}</a>', kind, reverse(name, args=[row.pk]), row
        )

    @admin.display(description="detail")
    def told(self, event):
        lines = ((line,) for line in in_words(event.detail))
        return format_html_join("", "<p>{}</p>", lines) or "Nothing besides."


@admin.register(Source)
class SourceAdmin(ReadOnly):
    list_display = ("code", "grade", "what")
    list_filter = ("grade",)
    ordering = ("code",)
    search_fields = ("code", "what", "where")
