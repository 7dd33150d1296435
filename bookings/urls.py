"""Booking, one's own appointments, and the staff's pages."""

from django.urls import include, path

from bookings.views import aftercare, appointments, confirm, move, times, why

app_name = "bookings"
urlpatterns = [
    path("book/<slug:variant>/", times.times, name="times"),
    path("book/<slug:variant>/confirm/", confirm.confirm, name="confirm"),
    path("why/<slug:variant>/", why.why, name="why"),
    path("appointments/", appointments.appointments, name="appointments"),
    path("appointments/<uuid:uid>/", appointments.appointment, name="appointment"),
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
