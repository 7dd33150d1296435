"""The form of a draft: its terms, and one box for each thing the catalogue says."""

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.utils.html import escape

from clinic.models import Device, ReviewState, Room, Source
from treatments.actions.checks import kinds_of
from treatments.actions.terms import VARIANT_TERMS
from treatments.models import CatalogueField, Edition, EditionText, EditionVariant

PREFIX = "text_"
KNOWN = ("name", "family", "summary", "source", "change_note")


def fields_told():
    """What the catalogue says of each treatment, in the order of the page."""
    return CatalogueField.objects.exclude(review_state=ReviewState.WITHDRAWN)


class Words(forms.CharField):
    """A browser sends its own ends of lines; ours are the same everywhere."""

    def to_python(self, value):
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def has_changed(self, initial, data):
        """Only words count: not how lines end, nor what stands blank around them."""
        return super().has_changed(self.to_python(initial), data)


class EditionForm(forms.ModelForm):
    """A draft may be saved while something is missing; publishing names what is."""

    class Meta:
        model = Edition
        fields = KNOWN
        field_classes = {"summary": Words}
        widgets = {
            "summary": AdminTextareaWidget(attrs={"rows": 4}),
            "source": AdminTextareaWidget(attrs={"rows": 2}),
        }
        help_texts = {
            "name": "As patients call it.",
            "summary": "Two or three sentences, shown in lists and first on the page.",
            "source": "Codes of sources, joined with +, such as CPTAAE+BRADY14.",
            "change_note": "For the reviewer: why you change it.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for row in self.instance.texts.select_related("field"):
            self.initial[PREFIX + row.field.code] = row.text

    def clean_source(self):
        words = self.cleaned_data["source"].split("+")
        codes = [code.strip() for code in words if code.strip()]
        known = set(
            Source.objects.filter(code__in=codes).values_list("code", flat=True)
        )
        unknown = [code for code in codes if code not in known]
        if unknown:
            raise forms.ValidationError(
                f"There is no source {', '.join(unknown)}. Use codes of the sources."
            )
        return "+".join(codes)

    @property
    def texts_changed(self):
        return [name for name in self.changed_data if name.startswith(PREFIX)]

    def save_texts(self):
        """Write the boxes that were changed; an empty one leaves nothing."""
        fields = {PREFIX + field.code: field for field in fields_told()}
        for name in self.texts_changed:
            text = self.cleaned_data[name]
            row = {"edition": self.instance, "field": fields[name]}
            if text:
                EditionText.objects.update_or_create(**row, defaults={"text": text})
            else:
                EditionText.objects.filter(**row).delete()


def form_with_texts():
    """The form with a box for every field that there is now."""
    boxes = {
        PREFIX + field.code: Words(
            label=f"{field.label} (required)" if field.is_required else field.label,
            help_text=escape(field.help),  # shown as it is by the back office
            required=False,
            widget=AdminTextareaWidget(attrs={"rows": 5}),
        )
        for field in fields_told()
    }
    return type("EditionWithTextsForm", (EditionForm,), boxes)


def help_of_kinds():
    """What can be asked for; looked up once for all variants of a draft."""
    return {
        name: "Codes joined with commas; one of each is taken. "
        f"There are: {', '.join(kinds_of(model)) or 'none yet'}."
        for name, model in (("needs_room", Room), ("needs_device", Device))
    }


class EditionVariantForm(forms.ModelForm):
    """A variant's code is given once: appointments and privileges hang on it."""

    class Meta:
        model = EditionVariant
        fields = ("code", *VARIANT_TERMS)
        field_classes = {"note": Words, "default_areas": Words}
        labels = {
            "label": "Name",
            "duration_min": "Minutes with the patient",
            "prep_min": "Minutes before",
            "cleanup_min": "Minutes after",
            "needs_room": "Room",
            "needs_device": "Device",
            "room_prep_min": "Minutes before, room",
            "room_cleanup_min": "Minutes after, room",
            "device_prep_min": "Minutes before, device",
            "device_cleanup_min": "Minutes after, device",
            "default_areas": "Areas",
            "max_depth_mm": "Depth in mm",
            "price_usd": "Price in US dollars",
            "is_offered": "Can be booked",
        }
        help_texts = {
            "code": "In addresses and files, such as dn_first; it stays for ever.",
            "room_prep_min": "Empty: as long as the practitioner.",
            "room_cleanup_min": "Empty: as long as the practitioner.",
            "device_prep_min": "Empty: as long as the practitioner.",
            "device_cleanup_min": "Empty: as long as the practitioner.",
            "default_areas": "Codes of body areas, joined with commas; empty: any.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "code" in self.fields:
            self.fields["code"].disabled = True
