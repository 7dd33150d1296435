"""Lists of codes, which are kept joined, as a line that can be broken."""

from django.contrib import admin


def spaced(name, *, label=None):
    """A column that shows the field `name` with what lies between codes in words."""

    @admin.display(description=label or name.replace("_", " "), ordering=name)
    def shown(obj):
        return getattr(obj, name).replace(",", ", ").replace("|", " or ")

    shown.__name__ = name
    return shown
