"""Lists of the back office: a filter in the address that no column can hold."""

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db import DataError

BEYOND = (OverflowError, DataError, ValueError)


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
