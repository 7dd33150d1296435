"""Booking, one's own appointments, and the staff's pages."""

from django.urls import include, path

from bookings.views import (
    aftercare,
    appointments,
    confirm,
    course,
    course_new,
    held,
    hold,
    move,
    times,
    why,
)

app_name = "bookings"
urlpatterns = [
    path("book/<slug:variant>/", times.times, name="times"),
    path("book/<slug:variant>/confirm/", confirm.confirm, name="confirm"),
    path("book/<slug:variant>/hold/", hold.hold, name="hold"),
    path("why/<slug:variant>/", why.why, name="why"),
    path(
        "book/<slug:variant>/course/<slug:plan>/",
        course_new.course_times,
        name="course_times",
    ),
    path(
        "book/<slug:variant>/course/<slug:plan>/dates/",
        course_new.course_dates,
        name="course_dates",
    ),
    path("courses/<uuid:uid>/", course.course, name="course"),
    path("courses/<uuid:uid>/dates/", course.course_plan, name="course_plan"),
    path("courses/<uuid:uid>/cancel/", course.course_cancel, name="course_cancel"),
    path("appointments/", appointments.appointments, name="appointments"),
    path("appointments/<uuid:uid>/", appointments.appointment, name="appointment"),
    path("appointments/<uuid:uid>/confirm/", held.confirm, name="confirm_hold"),
    path("appointments/<uuid:uid>/let-go/", held.let_go, name="let_go"),
    path("appointments/<uuid:uid>/aftercare/", aftercare.aftercare, name="aftercare"),
    path(
        "appointments/<uuid:uid>/aftercare.pdf",
        aftercare.aftercare_pdf,
        name="aftercare_pdf",
    ),
    path("appointments/<uuid:uid>/move/", move.move, name="move"),
    path("appointments/<uuid:uid>/move/confirm/", move.confirm, name="move_confirm"),
    path("appointments/<uuid:uid>/cancel/", appointments.cancel, name="cancel"),
    path("", include("bookings.people_urls")),
    path("", include("bookings.staff_urls")),
]
