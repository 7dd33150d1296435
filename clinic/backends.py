"""Who signs in, and how they are read on every page after it."""

from allauth.account.auth_backends import AuthenticationBackend

from clinic import access
from clinic.models import User


class Backend(AuthenticationBackend):
    """allauth's, which reads whoever is signed in with what they are here at once."""

    def get_user(self, user_id: int) -> User | None:
        user = access.user_of(user_id)
        return user if user and self.user_can_authenticate(user) else None
