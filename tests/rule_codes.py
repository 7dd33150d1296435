"""Which codes each rule of BOOKING_RULES closes starts with."""

from bookings.findings import CODES

CLOSES = {
    "offer.Offered": {
        *("NOT_OFFERED", "PLACE_CLOSED", "PRACTITIONER_INACTIVE"),
        *("ROLE_NOT_HELD", "DEPTH_OVER_VARIANT"),
    },
    "supervision.Supervised": {
        *("AGREEMENT_REQUIRED", "SUPERVISION_REQUIRED", "DEPTH_OVER_AGREEMENT"),
        *("AGREEMENT_NOT_VALID_ON_DATE", "SUPERVISOR_MAY_NOT"),
    },
    "supervision.SupervisorOnSite": {"SUPERVISOR_NOT_ON_SITE"},
    "orders.Ordered": {
        *("ORDER_REQUIRED", "REFERRAL_REQUIRED"),
        *("ORDER_NOT_VALID_ON_DATE", "DEPTH_OVER_ORDER"),
    },
    "privilege.Privileged": {
        *("NO_PRIVILEGE", "PRIVILEGE_NOT_VALID_ON_DATE", "DEPTH_OVER_PRIVILEGE"),
    },
    "clock.Past": {"IN_THE_PAST"},
    "clock.Notice": {"NOTICE_TOO_SHORT"},
    "clock.Horizon": {"BEYOND_HORIZON"},
    "place_open.PlaceOpen": {"PLACE_CLOSED_THAT_DAY"},
    "hours.Hours": {"OUTSIDE_HOURS"},
    "hours.Grid": {"OFF_GRID"},
    "hours.Leave": {"PRACTITIONER_ON_LEAVE"},
    "claims.PractitionerClaims": {"OVERLAP_PRACTITIONER"},
    "claims.PatientClaims": {"OVERLAP_PATIENT"},
    "resources.Equipped": {"NO_SUCH_ROOM", "NO_SUCH_DEVICE"},
    "resources.Rooms": {"ROOM_TAKEN", "ROOM_OUT_OF_SERVICE"},
    "resources.Devices": {"DEVICE_TAKEN", "DEVICE_OUT_OF_SERVICE"},
    "travel.Travel": {"TRAVEL_TOO_SHORT"},
    "visits.VisitKind": {"NOT_A_FIRST_VISIT", "FIRST_VISIT_NEEDED"},
    "courses.BetweenSessions": {"COURSE_TOO_SOON", "COURSE_TOO_LATE"},
}
_OTHERS = set().union(*CLOSES.values())
CLOSES["scope.Scope"] = set(CODES) - _OTHERS
