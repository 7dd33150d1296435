"""What the pages of the back office share: locks, audit, review, and looking only."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.utils import timezone

from clinic import actions, audit, changes
from clinic.admin.history import Audit
from clinic.admin.lists import Bounded
from clinic.admin.watched import Watched
from clinic.days import first_place_day
from clinic.models import ReviewState


class Audited(Audit, Watched):
    """Locks the practitioners whom a change concerns, and writes it down."""

    def concerned(self, obj: Any) -> Iterable[int]:
        """The ids of the practitioners whose bookings the row decides."""
        return ()

    def lock(self, obj: Any) -> None:
        for practitioner_id in sorted(self.concerned(obj)):
            actions.lock(practitioner_id)

    def lock_all(self, rows: Iterable[Any]) -> None:
        """All that several rows concern, ids ascending, before any of them is written."""
        concerned = {each for row in rows for each in self.concerned(row)}
        for practitioner_id in sorted(concerned):
            actions.lock(practitioner_id)

    def save_model(self, request, obj, form, change):
        self.lock(obj)
        super().save_model(request, obj, form, change)
        self.record(request, "changed" if change else "added", obj, form.changed_data)

    def delete_model(self, request, obj):
        self.lock(obj)
        self.record(request, "deleted", obj)
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        self.lock_all(queryset)
        for obj in queryset:
            self.delete_model(request, obj)

    def record(self, request, verb, obj, fields=()):
        audit.record(
            by=request.user,
            verb=f"{verb} {obj._meta.verbose_name}"[:40],
            subject=obj,
            now=timezone.now(),
            fields=list(fields),
        )
        changes.say(f"{verb} {obj._meta.verbose_name}: {obj}")


class ReadOnly(Bounded, Audit, admin.ModelAdmin):
    """Rows that are made and changed elsewhere, by actions."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


ORIGIN = ("source", "confidence", "review_state", "reviewed_by", "reviewed_on")


class SourcedAdmin(Audited):
    """Rows with a source: found by code, changed with care, approved or withdrawn.

    What the loader last wrote (`shipped`) is left alone, so that it sees the change.
    """

    key: tuple[str, ...] = ("code",)
    actions = ("approve", "withdraw")
    list_per_page = 50
    readonly_fields = ("reviewed_by", "reviewed_on")

    def get_fields(self, request, obj=None):
        """The key, then what the row says, then where it is from and who reviewed it."""
        names = super().get_fields(request, obj)
        return sorted(names, key=lambda name: (name in ORIGIN, name not in self.key))

    def get_readonly_fields(self, request, obj=None):
        """A key is how the loader finds a row again: it is given once."""
        return (*self.readonly_fields, *(self.key if obj else ()))

    def save_model(self, request, obj, form, change):
        if "review_state" in form.changed_data:
            self.review(request, obj)
        super().save_model(request, obj, form, change)

    def review(self, request, obj):
        sample = obj.review_state == ReviewState.SAMPLE
        obj.reviewed_by = None if sample else request.user
        obj.reviewed_on = None if sample else first_place_day(timezone.now())

    @admin.action(description="Approve for this clinic", permissions=["change"])
    def approve(self, request, queryset):
        self.set_state(request, queryset, ReviewState.APPROVED)

    @admin.action(description="Withdraw", permissions=["change"])
    def withdraw(self, request, queryset):
        self.set_state(request, queryset, ReviewState.WITHDRAWN)

    def lock(self, obj):
        """A rule decides about everybody."""
        if self.decides_bookings:
            actions.lock_everybody()

    @transaction.atomic
    def set_state(self, request, queryset, state):
        for obj in queryset:
            self.lock(obj)
            obj.review_state = state
            self.review(request, obj)
            obj.save(update_fields=["review_state", "reviewed_by", "reviewed_on"])
            self.record(request, state.value, obj)
        messages.success(request, f"{len(queryset)} rows are {state.value} now.")
