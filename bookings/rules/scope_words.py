"""What a refusal of scope is called: for the patient, the remedy, for the desk.

A patient reads the role and never the state of a colleague's papers.
"""

OTHER = "Choose another practitioner or place, or call us."
ADMIN = "Call us: a person at the clinic has to look at this first."
NOT_NOW = "{name} cannot do this treatment at {place} on that day ({role})."

WORDS: dict[str, tuple[str, str, str]] = {
    "NO_SCOPE_RULE": (
        "{role}: nothing here lets this role do {treatment} at {place}.",
        OTHER,
        "No rule lets the role {role} do {treatment} here, so the answer is no.",
    ),
    "SCOPE_NOT_ALLOWED": (
        "{role}: this role may not do {treatment} at {place}.",
        OTHER,
        "The rule of this place says no for the role {role}.",
    ),
    "SCOPE_PENDING_RULES": (
        "{role}: the rules for {treatment} at {place} are not in force yet.",
        ADMIN,
        "The rules for the role {role} are pending. Send to an administrator.",
    ),
    "SCOPE_SILENT": (
        "{role}: the rules at {place} say nothing clear about {treatment}.",
        ADMIN,
        "The law is silent for the role {role}. Send to an administrator.",
    ),
    "SCOPE_UNKNOWN": (
        "{role}: we do not yet know the rule for {treatment} at {place}.",
        ADMIN,
        "The rule for the role {role} is not known. Send to an administrator.",
    ),
    "SCOPE_WITHOUT_CAP": (
        "{role}: the rule for {treatment} at {place} names no depth.",
        ADMIN,
        "The rule for the role {role} lacks a depth. Send to an administrator.",
    ),
    "OUTSIDE_SCOPE": (
        "{role}: {variant} goes deeper ({depth}) than this role may at {place}.",
        "Choose a shallower treatment, or another practitioner.",
        "The planned {depth} is deeper than the rule for the role {role} allows.",
    ),
    "DEPTH_UNKNOWN": (
        "{treatment} is not booked without a planned depth ({role}).",
        ADMIN,
        "The variant has no depth. Send to an administrator.",
    ),
    "DEPTH_OVER_AREA": (
        "{area}: {depth} is deeper than we go there.",
        "Choose a shallower treatment, or leave this area out.",
        "The planned {depth} is over the limit of the area {area}.",
    ),
    "AREA_NEVER_TREATED": (
        "{area}: we do not do {treatment} there.",
        "Choose another area, or book a consultation.",
        "{area} is never treated with {treatment}.",
    ),
    "CREDENTIAL_MISSING": (
        NOT_NOW,
        OTHER,
        "{role}: {subject} is not on file for {place}.",
    ),
    "CREDENTIAL_NOT_VERIFIED": (
        NOT_NOW,
        OTHER,
        "{role}: {subject} is on file and nobody has verified it.",
    ),
    "CREDENTIAL_NOT_VALID_ON_DATE": (
        NOT_NOW,
        "Choose another day or another practitioner, or call us.",
        "{role}: {subject} is not valid on that day.",
    ),
    "TOKEN_UNMAPPED": (
        NOT_NOW,
        ADMIN,
        "{role}: the rule asks for {subject}, which nothing here can meet.",
    ),
    "FOUNDATION_HOURS_SHORT": (
        NOT_NOW,
        OTHER,
        "{role}: too few foundation hours on file.",
    ),
    "SPECIFIC_HOURS_SHORT": (
        NOT_NOW,
        OTHER,
        "{role}: too few hours for this treatment on file.",
    ),
    "CLINIC_FLOOR_HOURS_SHORT": (
        NOT_NOW,
        OTHER,
        "{role}: fewer hours on file than the clinic's own floor.",
    ),
    "IN_PERSON_HOURS_SHORT": (
        NOT_NOW,
        OTHER,
        "{role}: too few hours in person on file.",
    ),
    "SUPERVISED_SESSIONS_SHORT": (
        NOT_NOW,
        OTHER,
        "{role}: too few supervised sessions on file.",
    ),
    "YEARS_LICENSED_SHORT": (
        NOT_NOW,
        OTHER,
        "{role}: licensed for too short a time on that day.",
    ),
    "PREMISES_LICENCE_MISSING": (
        "{place} does not hold the licence that {treatment} needs ({role}).",
        "Choose another place, or call us.",
        "No {subject} of the premises is on file for {place}.",
    ),
    "INSURANCE_EXCLUDES_AREA": (
        "{area}: {name} cannot treat this area ({role}).",
        "Choose another area or another practitioner.",
        "{role}: the insurance on file leaves out {area}.",
    ),
    "AGREEMENT_REQUIRED": (
        "{name} does {variant} only under an agreement that is not on file ({role}).",
        OTHER,
        "{role}: needs a {subject} agreement, and none is on file.",
    ),
    "SUPERVISION_REQUIRED": (
        "{name} does {variant} only under supervision ({role}).",
        OTHER,
        "{role}: needs a supervisor, and no agreement is on file.",
    ),
    "ORDER_REQUIRED": (
        "{name} does {treatment} only on a prescriber's order ({role}).",
        "Book a consultation first, or choose another practitioner.",
        "{role}: needs an order, and none is on file.",
    ),
    "REFERRAL_REQUIRED": (
        "{name} does {treatment} only on a referral ({role}).",
        "Ask for a referral, or choose another practitioner.",
        "{role}: needs a referral, and none is on file.",
    ),
}
