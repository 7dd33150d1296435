"""Privileges in the back office, with the conditions that the granting person ticks."""

from django import forms
from django.contrib import admin
from django.utils import timezone

from clinic.admin.base import Audited
from clinic.days import first_place_day
from treatments import actions
from treatments.models import Privilege

LIMITS = ("location", "max_depth_mm", "valid_from", "valid_until")
UNKNOWN = "Which ones apply is shown here once you have saved who may perform what."
NONE = "None apply: the rule holds no condition that somebody has to judge."
TO_TICK = (
    "The rule asks for these besides papers and hours. Tick each one that you have "
    "seen to yourself; your name and the time are kept with it."
)


class PrivilegeForm(forms.ModelForm):
    """The actions' own refusals, and the rule's conditions, each to be ticked."""

    user = None  # set for each request
    ticked = forms.MultipleChoiceField(
        label="Other conditions",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=UNKNOWN,
    )

    class Meta:
        model = Privilege
        fields = ("practitioner", "variant", *LIMITS)
        labels = {"location": "Place", "max_depth_mm": "No deeper than (mm)"}
        help_texts = {
            "location": "Left empty, it counts at every place.",
            "valid_until": "The last day on which it counts.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            mine = self.instance.conditions_ticked.filter(ticked_by=self.user)
            self.initial["ticked"] = list(mine.values_list("text", flat=True))
            self.show_conditions()

    def clean_ticked(self):
        """Any text may come; what counts are the conditions that apply."""
        return self.data.getlist(self.add_prefix("ticked"))

    def show_conditions(self):
        """Make the boxes for what is to be granted; give their texts."""
        privilege, field = self.instance, self.fields["ticked"]
        applying = actions.conditions_of(
            privilege.practitioner,
            privilege.variant,
            first_place_day(timezone.now()),
            location=privilege.location,
            max_depth_mm=privilege.max_depth_mm,
        )
        field.choices = [(text, text) for text in applying]
        field.help_text = TO_TICK if applying else NONE
        return applying

    def _clean_fields(self):
        # The boxes are known only when all the rest is.
        self.fields["ticked"].choices = [
            (text, text) for text in self.data.getlist(self.add_prefix("ticked"))
        ]
        super()._clean_fields()

    def _post_clean(self):
        super()._post_clean()
        if self.errors:
            return
        try:
            actions.check_privilege(self.instance)
        except actions.PrivilegeImpossible as refused:
            self.add_error(None, str(refused))
            return
        applying = self.show_conditions()
        ticked = set(self.cleaned_data["ticked"])
        self.cleaned_data["ticked"] = [text for text in applying if text in ticked]
        if len(self.cleaned_data["ticked"]) < len(applying):
            self.add_error("ticked", "Tick each condition, or do not grant this.")


@admin.register(Privilege)
class PrivilegeAdmin(Audited):
    date_hierarchy = "valid_until"
    form = PrivilegeForm
    list_display = (
        *("practitioner", "variant", "location", "max_depth_mm"),
        *("valid_from", "valid_until", "granted_by"),
    )
    list_filter = ("location", "variant__treatment", "practitioner")
    list_select_related = (
        *("practitioner", "variant__treatment", "location", "granted_by"),
    )
    ordering = ("practitioner__name", "variant__code")
    search_fields = ("practitioner__name", "variant__code", "variant__label")
    fieldsets = (
        (None, {"fields": ("practitioner", "variant")}),
        ("Limits", {"fields": LIMITS}),
        ("What the rule asks for besides", {"fields": ("ticked", "ticks")}),
    )

    def concerned(self, obj):
        return [obj.practitioner_id]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        return form

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.prefetch_related(
            "conditions_ticked",
            "practitioner__roles__role",
            "practitioner__roles__location",
        )

    def get_list_display(self, request):
        """The rules are read once a page, and only if it has rows."""
        today, read = first_place_day(timezone.now()), []

        @admin.display(description="other conditions")
        def conditions(privilege):
            if not read:
                read.append(actions.Conditions())
            missing = len(read[0].open(privilege, today))
            if missing:
                return f"{missing} open"
            return "ticked" if read[0].of(privilege, today) else "none"

        return (*self.list_display, conditions)

    def get_fieldsets(self, request, obj=None):
        """Who ticked what is told once there is something to tell."""
        if obj is not None:
            return self.fieldsets
        *others, (title, _) = self.fieldsets
        return (*others, (title, {"fields": ("ticked",)}))

    def get_readonly_fields(self, request, obj=None):
        """Whose it is and for what does not change: another one is granted."""
        return ("practitioner", "variant", "ticks") if obj else ()

    @admin.display(description="ticked so far")
    def ticks(self, obj):
        rows = obj.conditions_ticked.select_related("ticked_by").order_by("ticked_at")
        return (
            "; ".join(
                f"{row.ticked_by} on {row.ticked_at:%Y-%m-%d %H:%M} UTC: {row.text}"
                for row in rows
            )
            or "Nothing yet."
        )

    def save_model(self, request, obj, form, change):
        limits = {name: form.cleaned_data[name] for name in (*LIMITS, "ticked")}
        who = {"by": request.user, "now": timezone.now()}
        if change:
            saved = actions.change_privilege(privilege=obj, **limits, **who)
        else:
            saved = actions.grant_privilege(
                practitioner=obj.practitioner, variant=obj.variant, **limits, **who
            )
        obj.__dict__.update(saved.__dict__)  # the page goes on with the row as saved
