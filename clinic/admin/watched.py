"""A save in the back office first says which appointments it would break.

Nothing is saved that breaks what stands until it has been shown and sent again; what
was typed comes back with it. Works without a script.
"""

from django.contrib import admin
from django.contrib.messages import get_messages
from django.shortcuts import render
from django.utils import timezone

from clinic import access, changes
from clinic.admin.lists import Bounded

SEEN = "breaks_seen"


class NotYet:
    """A form that is right in itself, and is not saved before its effects were seen."""

    outcome: changes.Outcome

    def full_clean(self):
        super().full_clean()
        if self.is_bound and not self.errors:
            self.add_error(None, told(self.outcome))


def told(outcome):
    """What a change breaks, in a sentence."""
    count, verb = outcome.count, "appointment" if outcome.count == 1 else "appointments"
    return f"{count} {verb} would no longer be allowed. Nothing is saved yet."


class Watched(Bounded, admin.ModelAdmin):
    """Every change is made within `changes.watching`, and shown before it breaks.

    `decides_bookings` is False where no rule reads the rows.
    """

    decides_bookings = True

    def unless_broken(self, request, change):
        """The answer to a POST; or None and the outcome, and nothing was changed."""
        storage = get_messages(request)
        queued = list(storage._queued_messages)
        answer, outcome = changes.made(
            change,
            by=request.user,
            now=timezone.now(),
            seen=request.POST.get(SEEN, ""),
        )
        if changes.is_seen(outcome, request.POST.get(SEEN, "")):
            return answer, outcome
        storage._queued_messages[:] = queued  # they tell of what was taken back
        return None, outcome

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        def show():
            return super(Watched, self).changeform_view(
                request, object_id, form_url, extra_context
            )

        if request.method != "POST" or not self.decides_bookings:
            return show()
        answer, outcome = self.unless_broken(request, show)
        if answer is None:
            request.breaks = outcome
            extra_context = {**(extra_context or {}), **self.effects(request, outcome)}
            answer = show()
        return answer

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        outcome = getattr(request, "breaks", None)
        if outcome is None:
            return form
        return type(form.__name__, (NotYet, form), {"outcome": outcome})

    def delete_view(self, request, object_id, extra_context=None):
        def delete():
            return super(Watched, self).delete_view(request, object_id, extra_context)

        return self.asked_first(request, delete) if self.decides_bookings else delete()

    def changelist_view(self, request, extra_context=None):
        def show():
            return super(Watched, self).changelist_view(request, extra_context)

        return self.asked_first(request, show) if self.decides_bookings else show()

    def asked_first(self, request, change):
        """The answer to a POST; or a page that shows what it breaks and sends it again."""
        if request.method != "POST":
            return change()
        answer, outcome = self.unless_broken(request, change)
        if answer is not None:
            return answer
        sent = [
            (name, value)
            for name, values in request.POST.lists()
            if name not in {SEEN, "csrfmiddlewaretoken"}
            for value in values
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": "Appointments that this would break",
            "opts": self.opts,
            "told": told(outcome),
            "sent": sent,
            **self.effects(request, outcome),
        }
        return render(request, "admin/breaks.html", context)

    def effects(self, request, outcome):
        return {
            "breaks": outcome,
            "breaks_seen": SEEN,
            "sees_patients": access.is_front_desk(request.user),
        }
