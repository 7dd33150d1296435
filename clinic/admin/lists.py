"""Lists of the back office: filters and rows that no column can hold."""

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db import DataError

BEYOND = (OverflowError, DataError, ValueError)
NO_ROWS = "These rows are not in the list. Nothing was changed; choose again."


class BoundedList(ChangeList):
    """Answers numbers and years beyond columns and calendars as any unknown filter."""

    def get_filters(self, request):
        try:
            return super().get_filters(request)
        except BEYOND as beyond:
            raise IncorrectLookupParameters(beyond) from beyond

    def get_results(self, request):
        try:
            return super().get_results(request)
        except BEYOND as beyond:
            raise IncorrectLookupParameters(beyond) from beyond


class Bounded:
    """A mixin of admins whose lists are such."""

    def get_changelist(self, request, **kwargs):
        return BoundedList

    def response_action(self, request, queryset):
        try:
            for value in request.POST.getlist(ACTION_CHECKBOX_NAME):
                self.opts.pk.clean(value, None)
        except ValidationError:
            self.message_user(request, NO_ROWS, messages.WARNING)
            return None
        return super().response_action(request, queryset)
