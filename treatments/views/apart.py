"""Dry or micro? For those who mix them up: in words, a picture and four questions.

The answers are about somebody's health: they travel in the body of a form, never in
an address, and nothing keeps them.
"""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from treatments import published
from treatments.apart import QUESTIONS, Way, advice
from treatments.models import Family
from treatments.views.compare import rows_of
from treatments.views.kept import kept
from treatments.views.page import picture

FEW = 4
PAIR = ("dry_needling", "microneedling")


class ApartForm(forms.Form):
    """The four questions."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for question in QUESTIONS:
            self.fields[question.code] = forms.ChoiceField(
                label=question.label,
                widget=forms.RadioSelect,
                choices=[(each.code, each.label) for each in question.answers],
                error_messages={"required": "Choose one answer."},
            )


# Exempt: a form that changes nothing and keeps nothing can be forged by anybody.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@kept
def which(request: HttpRequest) -> HttpResponse:
    form = ApartForm(request.POST if request.method == "POST" else None)
    offered = list(published.offered())
    context = {
        "form": form,
        "pair": [each for each in offered if each.code in PAIR],
        "talks": [each for each in offered if each.family == Family.CONSULTATION],
        "picture": picture("dry_or_micro"),
        "is_sample": published.holds_sample(offered),
    }
    context["rows"] = rows_of(context["pair"])[:FEW]
    if form.is_valid():
        found = advice(form.cleaned_data)
        families = {Way.BOTH: {*Family}}.get(found.way, {found.way.value})
        context |= {
            "advice": found,
            "fitting": [each for each in context["pair"] if each.family in families],
        }
    status = 422 if form.is_bound and form.errors else 200
    response = render(request, "treatments/which.html", context, status=status)
    if form.is_bound:
        response["Cache-Control"] = "no-store"
    return response
