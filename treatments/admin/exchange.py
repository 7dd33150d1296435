"""The catalogue as files in the back office: a zip to download, files to upload."""

import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone

from clinic.actions import Refused
from treatments.actions import exchange
from treatments.loader import LoadRefused

MOST_BYTES = 4 * 1024 * 1024


class UploadForm(forms.Form):
    """A zip as it was downloaded, or one of its files."""

    file = forms.FileField(
        label="File",
        help_text="The zip as you downloaded it, or one of the CSV files in it.",
        widget=forms.FileInput(attrs={"accept": ".zip,.csv"}),
    )

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise forms.ValidationError("Give a file of less than 4 MB.")
        return upload

    def unpack(self, folder):
        """Put the CSV files into a folder. Raises LoadRefused."""
        upload = self.cleaned_data["file"]
        if not upload.name.lower().endswith(".zip"):
            (folder / Path(upload.name).name).write_bytes(upload.read())
            return
        try:
            with zipfile.ZipFile(upload) as packed:
                files = [each for each in packed.infolist() if not each.is_dir()]
                if sum(each.file_size for each in files) > MOST_BYTES:
                    raise LoadRefused(f"{upload.name}: holds more than 4 MB.")
                for each in files:
                    (folder / Path(each.filename).name).write_bytes(packed.read(each))
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
            raise LoadRefused(f"{upload.name}: is no zip file.") from None


class Exchange:
    """Two pages beside a list: download everything, upload what was changed."""

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("export/", wrap(self.export), name="treatments_treatment_export"),
            path("import/", wrap(self.take_in), name="treatments_treatment_import"),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        may_write = request.user.has_perm("treatments.change_edition")
        context = {**(extra_context or {}), "may_write": may_write}
        return super().changelist_view(request, context)

    def export(self, request):
        only_writers(request)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in exchange.export().items():
                # A date of its own would make every download another file.
                entry = zipfile.ZipInfo(name)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, content.encode("utf-8-sig"))
        return HttpResponse(
            packed.getvalue(),
            content_type="application/zip",
            headers={"Content-Disposition": 'attachment; filename="catalogue.zip"'},
        )

    def take_in(self, request):
        only_writers(request)
        sent = request.method == "POST"
        form = UploadForm(*([request.POST, request.FILES] if sent else []))
        if form.is_valid():
            try:
                taken = self.taken(request, form)
            except (LoadRefused, Refused) as refused:
                form.add_error("file", f"{refused} Nothing was changed.")
            else:
                rows = sum(taken.rows.values())
                drafts = ", ".join(taken.drafts) or "none"
                messages.success(
                    request, f"Drafts for review: {drafts}. Other rows changed: {rows}."
                )
                return redirect("admin:treatments_treatment_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": "Upload CSV",
            "opts": self.opts,
            "form": form,
            "files": exchange.FILES,
            "media": self.media,
        }
        page = "admin/treatments/treatment/import.html"
        return render(request, page, context, status=422 if form.errors else 200)

    def taken(self, request, form):
        with TemporaryDirectory() as name:
            folder = Path(name)
            form.unpack(folder)
            return exchange.take_in(folder, by=request.user, now=timezone.now())


def only_writers(request):
    if not request.user.has_perm("treatments.change_edition"):
        raise PermissionDenied
