"""The staff's pages; bookings.urls includes them in its namespace."""

from django.urls import path

from bookings.views import desk, hours, patients, schedule, who_may

urlpatterns = [
    path("schedule/", schedule.schedule_day, name="schedule_day"),
    path("schedule/week/", schedule.schedule_week, name="schedule_week"),
    path("desk/", desk.desk, name="desk"),
    path("desk/who-may/", who_may.who_may, name="who_may"),
    path("desk/patients/", patients.patients, name="patients"),
    path("desk/patients/new/", patients.patient_new, name="patient_new"),
    path("desk/patients/<uuid:uid>/", patients.patient, name="patient"),
    path(
        "desk/patients/<uuid:uid>/details/", patients.patient_edit, name="patient_edit"
    ),
    path("desk/appointments/<uuid:uid>/<str:verb>/", desk.mark, name="mark"),
    path("desk/hours/", hours.practitioners_hours, name="practitioners_hours"),
    path("desk/hours/<int:role_id>/", hours.hours, name="hours"),
    path("desk/leave/<slug:practitioner>/", hours.leave, name="leave"),
    path("desk/leave/<int:leave_id>/end/", hours.leave_end, name="leave_end"),
    path("desk/<slug:place>/", desk.desk_day, name="desk_day"),
    path("desk/<slug:place>/list/", desk.desk_list, name="desk_list"),
]
