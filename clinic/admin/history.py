"""What was done to a row, as the audit has it: who, when, what.

Takes the place of Django's own log, which knows only what its forms did.
"""

from clinic.models import AuditEvent

LISTS = {"fields": "Changed", "changed": "Changed", "ticked": "Ticked"}
# What the page it stands on says already.
SAID_ELSEWHERE = frozenset({"treatment"})
NOTHING = "nothing"


class Audit:
    """Lets the history page of a row show the audit's events; names lists as the index."""

    object_history_template = "admin/history.html"

    def changelist_view(self, request, extra_context=None):
        name = str(self.opts.verbose_name_plural)
        title = {"title": name[:1].upper() + name[1:]}
        return super().changelist_view(request, title | (extra_context or {}))

    def history_view(self, request, object_id, extra_context=None):
        answer = super().history_view(request, object_id, extra_context)
        context = getattr(answer, "context_data", None)
        if context is not None:
            events = self.events_of(context["object"]).select_related("by")
            context["events"] = [
                (event, self.told(event)) for event in events.order_by("-at", "-pk")
            ]
        return answer

    def events_of(self, obj):
        return AuditEvent.objects.filter(
            subject_kind=obj._meta.label_lower, subject_id=str(obj.pk)
        )

    def told(self, event):
        return in_words(event.detail)


def in_words(detail, called=lambda name: name.replace("_", " ")):
    """What an event keeps besides who and when; `called` gives the name of a field."""
    before, after = detail.get("before"), detail.get("after")
    lines = []
    if isinstance(before, dict) and isinstance(after, dict):
        lines = [
            f"{called(name)}: {_shown(before.get(name))} → {_shown(value)}"
            for name, value in after.items()
        ]
        detail = {k: v for k, v in detail.items() if k not in {"before", "after"}}
    for name, value in detail.items():
        if name in SAID_ELSEWHERE or value in (None, "", [], {}):
            continue
        if name in LISTS and isinstance(value, list):
            told = ", ".join(called(each) for each in value)
            lines.append(f"{LISTS[name]}: {told}")
        else:
            lines.append(f"{called(name)}: {_shown(value)}")
    return [line[:1].upper() + line[1:] for line in lines]


def _shown(value):
    if isinstance(value, dict):
        return ", ".join(f"{k.replace('_', ' ')} {_shown(v)}" for k, v in value.items())
    if isinstance(value, list):
        return ", ".join(_shown(each) for each in value) or NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    return NOTHING if value in (None, "") else str(value)
