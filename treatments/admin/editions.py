"""Drafts and versions in the back office: written, reviewed, published."""

from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.db import models
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone

from clinic.actions import Refused
from clinic.admin.watched import Watched
from treatments import actions
from treatments.admin.edition_forms import (
    KNOWN,
    PREFIX,
    EditionVariantForm,
    fields_told,
    form_with_texts,
    help_of_kinds,
)
from treatments.admin.history import CatalogueAudit
from treatments.admin.wording import compared
from treatments.models import Edition, EditionVariant

HEADINGS = {
    actions.Group.TEXT: "Text",
    actions.Group.PRICE: "Price",
    actions.Group.RULES: "Rules",
}

AS_TYPED = "An empty line begins a paragraph. Lines that begin with “- ” make a list."


def is_draft(edition):
    return edition is not None and edition.state == Edition.State.DRAFT


class VariantInline(admin.StackedInline):
    """The variants of a draft; one that is taken out can no longer be booked."""

    model = EditionVariant
    form = EditionVariantForm
    template = "admin/treatments/edition/variants.html"
    extra = 1  # so that one can be added without a script; left empty it is ignored
    formfield_overrides = {
        models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 2})}
    }
    verbose_name = "Variant"
    verbose_name_plural = (
        "Variants: open one for its terms; one that is deleted here is no longer "
        "offered; leave the last one empty to add none"
    )
    fields = (
        ("label", "code"),
        ("visit", "duration_min", "prep_min", "cleanup_min"),
        ("price_usd", "max_depth_mm", "is_offered"),
        ("needs_room", "room_prep_min", "room_cleanup_min"),
        ("needs_device", "device_prep_min", "device_cleanup_min"),
        ("default_areas", "note"),
    )

    def get_formset(self, request, obj=None, **kwargs):
        kwargs["help_texts"] = {**self.form.Meta.help_texts, **help_of_kinds()}
        return super().get_formset(request, obj, **kwargs)

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("treatments.view_edition")

    def has_change_permission(self, request, obj=None):
        return is_draft(obj) and request.user.has_perm("treatments.change_edition")

    has_add_permission = has_delete_permission = has_change_permission


@admin.register(Edition)
class EditionAdmin(CatalogueAudit, Watched):
    decides_bookings = False  # until it is published, which `review` does
    change_form_template = "admin/treatments/edition/change_form.html"
    inlines = (VariantInline,)
    list_display = (
        *("treatment", "which", "author", "reviewer", "reviewed_on"),
        "published_at",
    )
    list_filter = ("state", "treatment")
    list_select_related = ("treatment", "author", "reviewer")
    ordering = ("treatment__position", "-pk")
    search_fields = ("name", "treatment__code")
    actions = None

    class Media:
        css = {"all": ["css/catalogue_admin.css"]}

    @admin.display(description="Version", ordering="number")
    def which(self, edition):
        number = edition.number
        return f"Version {number}" if number else edition.get_state_display()

    def has_add_permission(self, request):
        return False  # a draft begins on the page of its treatment

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or is_draft(obj))

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or obj.state != Edition.State.PUBLISHED)

    def get_fieldsets(self, request, obj=None):
        sets = [(None, {"fields": KNOWN})]
        if self.has_change_permission(request, obj):
            texts = [PREFIX + field.code for field in fields_told()]
            sets.append(
                ("What the page says", {"fields": texts, "description": AS_TYPED})
            )
        return sets

    def get_form(self, request, obj=None, change=False, **kwargs):
        if self.has_change_permission(request, obj):
            kwargs["form"] = form_with_texts()
        return super().get_form(request, obj, change=change, **kwargs)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show a draft with its boxes, or an edition as it stands."""
        edition = self.get_object(request, object_id)
        if edition is not None:
            extra_context = {**(extra_context or {}), **self.shown(request, edition)}
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect(request.path)

    def shown(self, request, edition):
        return {
            "title": str(edition),
            "subtitle": None,
            "edition": edition,
            "is_draft": is_draft(edition) and self.has_change_permission(request),
            "texts": edition.texts.select_related("field"),
            "sent_back": actions.sent_back(edition) if is_draft(edition) else None,
            "show_save": False,
            "show_save_and_add_another": False,
        }

    def save_model(self, request, obj, form, change):
        actions.begin_change(edition=obj, by=request.user)
        obj.save(update_fields=KNOWN)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        form.save_texts()
        changed = list(form.changed_data)
        for formset in formsets:
            changed += [
                f"{one.instance.code}.{name}"
                for one in formset.forms
                for name in one.changed_data
            ]
        if changed:
            actions.note_change(
                edition=form.instance,
                fields=changed,
                by=request.user,
                now=timezone.now(),
            )

    def delete_model(self, request, obj):
        actions.discard(edition=obj, by=request.user, now=timezone.now())

    def response_change(self, request, obj):
        """Go where the button says: here again, to the preview, or to the reviewer."""
        here = redirect("admin:treatments_edition_change", obj.pk)
        if "_preview" in request.POST:
            return redirect("treatments:preview", obj.treatment.code)
        if "_review" not in request.POST:
            messages.success(request, "The draft is saved.")
            return here
        try:
            actions.submit(edition=obj, by=request.user, now=timezone.now())
        except Refused as refused:
            messages.error(request, f"It is saved, but not sent for review. {refused}")
            return here
        messages.success(request, "It is sent for review. A colleague publishes it.")
        return here

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/review/", wrap(self.review), name="treatments_edition_review"
            ),
            *super().get_urls(),
        ]

    def review(self, request, pk):
        """Show what an edition changes; publish it, or send it back."""
        edition = get_object_or_404(Edition.objects.select_related("treatment"), pk=pk)
        if not self.has_view_permission(request, edition):
            raise PermissionDenied
        if request.method == "POST":
            return self.asked_first(request, lambda: self.decide(request, edition))
        groups = [
            (
                heading,
                [
                    (change, compared(change.before, change.after))
                    for change in actions.changes(edition)
                    if change.group == group
                ],
            )
            for group, heading in HEADINGS.items()
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": f"What changes: {edition}",
            "opts": self.opts,
            "edition": edition,
            "groups": [(heading, rows) for heading, rows in groups if rows],
            "base": actions.base_of(edition),
            **self.verdict(request, edition),
            "media": self.media,
        }
        return render(request, "admin/treatments/edition/review.html", context)

    def verdict(self, request, edition):
        """Whether whoever asks may publish it, and what stands in the way."""
        if edition.state == Edition.State.PUBLISHED:
            return {"problems": []}
        try:
            actions.check_may_publish(edition, request.user)
            refused = []
        except Refused as refusal:
            refused = [refusal]
        found = [*refused, *actions.problems(edition)]
        in_review = edition.state == Edition.State.IN_REVIEW
        return {
            "problems": found,
            "may_publish": in_review and not found,
            "takes_back": request.user.pk in actions.writers(edition),
            "may_send_back": in_review
            and (not refused or request.user.has_perm("treatments.change_edition")),
        }

    def decide(self, request, edition):
        given = {"edition": edition, "by": request.user, "now": timezone.now()}
        publishes = "_publish" in request.POST
        try:
            if publishes:
                actions.publish(**given)
            else:
                actions.send_back(**given, reason=request.POST.get("reason", ""))
        except actions.MayNot as refused:
            raise PermissionDenied from refused
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect("admin:treatments_edition_review", edition.pk)
        if publishes:
            messages.success(request, "It is published. Everybody can read it now.")
        else:
            messages.success(request, "It is a draft again.")
        return redirect(reverse("admin:treatments_edition_change", args=[edition.pk]))
