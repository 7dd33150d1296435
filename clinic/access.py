"""Who may see what. Views ask here; rights follow from groups and records."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render

from clinic.models import Patient, User
from clinic.statements import words_of

PATIENT = "patient"
PRACTITIONER = "practitioner"
FRONT_DESK = "front desk"
CLINICIAN = "clinician with override right"
CLINIC_ADMIN = "clinic admin"
GROUPS = (PATIENT, PRACTITIONER, FRONT_DESK, CLINICIAN, CLINIC_ADMIN)

Somebody = User | AnonymousUser
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is here: their groups, and the records that are theirs."""

    groups: frozenset[str] = frozenset()
    is_practitioner: bool = False
    is_patient: bool = False


NOBODY = Standing()
READ = "_standing"  # where it is kept on a user


def user_of(pk: int) -> User | None:
    """The user with what it is here, in one query; the standing stays on it."""
    rows: list[Any] = list(User.objects.raw(_whole_user(), [pk]))  # one for each group
    if not rows:
        return None
    user: User = rows[0]
    standing = Standing(
        groups=frozenset(row.group for row in rows if row.group),
        is_practitioner=rows[0].as_practitioner is not None,
        is_patient=rows[0].as_patient is not None,
    )
    setattr(user, READ, standing)
    return user


@cache
def _whole_user() -> str:
    """Every page asks this."""
    whole = User.objects.annotate(
        group=F("groups__name"),
        as_practitioner=F("practitioner__pk"),
        as_patient=F("patient__pk"),
    )
    return words_of(whole.filter(pk=0))


def standing_of(user: Somebody) -> Standing:
    """What `user` is; whoever signed in was read with it (`clinic.backends`)."""
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    if not hasattr(user, READ):
        found = user_of(user.pk)
        if found is None:
            return NOBODY
        setattr(user, READ, getattr(found, READ))
    standing: Standing = getattr(user, READ)
    return standing


def is_admin(user: Somebody) -> bool:
    """Whether `user` is a clinic admin; a superuser always is."""
    groups = standing_of(user).groups
    return CLINIC_ADMIN in groups or (user.is_active and user.is_superuser)


def is_front_desk(user: Somebody) -> bool:
    """Whether `user` runs the desk; a clinic admin may, too."""
    return FRONT_DESK in standing_of(user).groups or is_admin(user)


def is_clinician(user: Somebody) -> bool:
    """Whether `user` may let a clinical finding pass, with a reason."""
    return CLINICIAN in standing_of(user).groups


def has_back_office(user: Somebody) -> bool:
    """Whether `user` finds anything in the back office; of most that costs no query."""
    if not (user.is_active and user.is_staff):
        return False
    if is_admin(user) or is_clinician(user):
        return True
    return bool(user.get_all_permissions())


def is_practitioner(user: Somebody) -> bool:
    """Whether `user` treats patients here, so that `user.practitioner` is there."""
    return standing_of(user).is_practitioner


def is_patient(user: Somebody) -> bool:
    """Whether `user` is treated here, so that `user.patient` is there."""
    return standing_of(user).is_patient


def patient_of(user: Somebody) -> Patient | None:
    """The patient that `user` is, if any."""
    if not is_patient(user):
        return None
    return user.patient  # type: ignore[union-attr]  # nobody anonymous is a patient


def is_self(user: Somebody, patient: Patient) -> bool:
    """Whether `user` is that patient."""
    return is_patient(user) and patient.user_id == user.pk


def patient_or_404(user: Somebody, uid: UUID | str) -> Patient:
    """The patient of `uid` for the front desk; only their own for anybody else."""
    try:
        key = UUID(str(uid))
    except ValueError:
        raise Http404("There is no such patient.") from None
    found: Iterable[Patient] = ()
    if is_front_desk(user):
        stored = Patient._meta.get_field("uid").get_db_prep_value(key, connection)
        found = Patient.objects.raw(_patient_by_uid(), [stored])
    elif is_patient(user):
        found = Patient.objects.filter(user=user.pk, uid=key)
    for patient in found:
        return patient
    raise Http404("There is no such patient.")


@cache
def _patient_by_uid() -> str:
    """Of whoever books at the desk; worded once as well."""
    return words_of(Patient.objects.filter(uid=UUID(int=0)))


def _only(allowed: Callable[[Somebody], bool]) -> Callable[[View], View]:
    """A decorator: strangers sign in first, the signed-in without the right get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not allowed(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


front_desk_required = _only(is_front_desk)
practitioner_required = _only(is_practitioner)
admin_required = _only(is_admin)


def patient_required(view: View) -> View:
    """A decorator: who is no patient here is told so, and where their own pages are."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not is_patient(request.user):
            return render(request, "clinic/no_patient.html", status=403)
        return view(request, *args, **kwargs)

    return guarded
