"""The staff's pages; bookings.urls includes them in its namespace."""

from django.urls import path

from bookings.views import (
    another_time,
    at_risk,
    desk,
    fees,
    hours,
    overrides,
    patients,
    place_days,
    rooms,
    running_out,
    schedule,
    single_day,
    who_may,
)

urlpatterns = [
    path("schedule/", schedule.schedule_day, name="schedule_day"),
    path("schedule/week/", schedule.schedule_week, name="schedule_week"),
    path("desk/", desk.desk, name="desk"),
    path("desk/another-time/", another_time.another_time, name="another_time"),
    path("desk/at-risk/", at_risk.at_risk, name="at_risk"),
    path("desk/at-risk/to-ring/", at_risk.to_ring, name="to_ring"),
    path("desk/at-risk/<uuid:uid>/rung/", at_risk.rung, name="at_risk_rung"),
    path("desk/at-risk/<uuid:uid>/give/", at_risk.give, name="at_risk_give"),
    path("desk/fees/", fees.fees, name="fees"),
    path("desk/fees/<int:fee_id>/", fees.settle, name="fee_settle"),
    path("desk/overrides/", overrides.overrides, name="overrides"),
    path("desk/overrides.csv", overrides.overrides_file, name="overrides_file"),
    path("desk/running-out/", running_out.running_out, name="running_out"),
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
    path("desk/hours/<int:role_id>/day/", single_day.single_day, name="single_day"),
    path("desk/hours/leave/<slug:practitioner>/", hours.leave, name="leave"),
    path("desk/hours/leave/<int:leave_id>/end/", hours.leave_end, name="leave_end"),
    path("desk/rooms/", rooms.rooms, name="rooms"),
    path("desk/rooms/<int:room_id>/", rooms.room, name="room"),
    path("desk/rooms/devices/<int:device_id>/", rooms.device, name="device"),
    path("desk/rooms/back/<int:out_id>/", rooms.back, name="back_in_service"),
    path("desk/places/<slug:place>/", desk.desk_day, name="desk_day"),
    path("desk/places/<slug:place>/list/", desk.desk_list, name="desk_list"),
    path("desk/places/<slug:place>/days/", place_days.place_days, name="place_days"),
]
