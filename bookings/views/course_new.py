"""A new course: how many sessions, the first date, then a date for each."""

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bookings import actions, planning, rulebook
from bookings.course_forms import CourseTimesForm, NewDatesForm
from bookings.models import Course
from bookings.planning import Planning
from bookings.question import Asked, UnknownName, ask
from bookings.rulebook import Rulebook
from bookings.views import patient as pages
from bookings.views.course_dates import Dates, Sessions
from bookings.views.course_ways import Coursing, plans_of
from bookings.views.times import Look, asked_of, page_of_times, place_of
from clinic.by_post import with_query
from clinic.middleware import refusal
from treatments.models import CoursePlan, TreatmentVariant


def _plan_or_404(book: Rulebook, variant: TreatmentVariant, code: str) -> CoursePlan:
    for plan in plans_of(book, variant):
        if plan.code == code:
            return plan
    raise Http404("There is no such course.")


def _planning(plan: CoursePlan, asked: Asked, sessions: int) -> Planning:
    numbers = tuple(range(1, sessions + 1))
    return Planning(asked, numbers, plan.least_days, plan.most_days)


@require_safe
@login_not_required
def course_times(request: HttpRequest, variant: str, plan: str) -> HttpResponse:
    """First dates from which all the others can be reached."""
    book = rulebook.current()
    chosen = pages.variant_or_404(book, variant)
    course_plan = _plan_or_404(book, chosen, plan)
    patient, on_behalf = pages.whom(request)
    form = CourseTimesForm(request.GET, plan=course_plan)
    form.is_valid()
    place = place_of(book, form)
    if place is None:
        return refusal(request, "There are no places yet.", status=404)
    asked = asked_of(book, form, chosen, place, patient)
    sessions = form.cleaned_data.get("sessions") or course_plan.sessions_usual
    wanted = _planning(course_plan, asked, sessions)
    ways = Coursing(course_plan, sessions, patient if on_behalf else None)
    context = {
        "patient": patient,
        "on_behalf": on_behalf,
        "course_plan": course_plan,
        "sessions": sessions,
        "numbers": range(course_plan.sessions_least, course_plan.sessions_most + 1),
    }
    look = Look(
        lambda _, **days: planning.first_slots(wanted, **days),
        lambda _, **since: planning.first_reachable(wanted, **since),
    )
    return page_of_times(request, asked, form, ways, context, look)


@require_http_methods(["GET", "HEAD", "POST"])
@with_query("bookings:course_times", "variant", "plan")
def course_dates(request: HttpRequest, variant: str, plan: str) -> HttpResponse:
    """The other dates proposed, each with other times; then all are booked."""
    book = rulebook.current()
    chosen = pages.variant_or_404(book, variant)
    course_plan = _plan_or_404(book, chosen, plan)
    patient, on_behalf = pages.whom(request)
    if patient is None:
        context = {"variant": chosen}
        return render(request, "bookings/not_a_patient.html", context, status=403)
    sent = request.POST if request.method == "POST" else request.GET
    form = NewDatesForm(sent, plan=course_plan)
    if not form.is_valid():
        words = " ".join(text for errors in form.errors.values() for text in errors)
        return refusal(request, words, status=400)
    try:
        asked = ask(
            book=book,
            variant=chosen.code,
            place=form.cleaned_data["place"],
            patient=patient,
        )
    except UnknownName as unknown:
        return refusal(request, str(unknown), status=400)
    sessions = form.cleaned_data["sessions"]
    way = Coursing(course_plan, sessions, patient if on_behalf else None)
    page = Dates(request, _planning(course_plan, asked, sessions), way, form)
    more = {
        "patient": patient,
        "on_behalf": on_behalf,
        "course_plan": course_plan,
        "times_url": way.times(asked),
        "total": chosen.price_usd * sessions,
    }
    if request.method != "POST":
        return page.look(more)
    return page.write(_booking(request, course_plan, form), more)


def _booking(
    request: HttpRequest, plan: CoursePlan, form: NewDatesForm
) -> Callable[[Sessions], Course]:
    """What books the dates that were chosen."""
    key: UUID | None = form.cleaned_data["submission"]

    def work(chosen_dates: Sessions) -> Course:
        return actions.book_course(
            plan=plan,
            sessions=chosen_dates,
            by=request.user,
            now=timezone.now(),
            submission=key,
        )

    return work
