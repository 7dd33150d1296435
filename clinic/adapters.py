"""How allauth judges and speaks here, where it would do otherwise."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Plain words for what a form about an account is refused with."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is closed. Please call us.",
        "duplicate_email": "This e-mail address is yours already.",
        "email_password_mismatch": "E-mail and password do not belong together. "
        "Check both, or set a new password.",
        "email_taken": "This e-mail address belongs to another account.",
        "enter_current_password": "This is not your password now.",
        "incorrect_code": "This is not the code that we sent. Check it, or ask for a new one.",
        "incorrect_password": "This is not your password.",
        "invalid_password_reset": "This link has been used up. Ask for a new one.",
        "max_email_addresses": "You cannot add more than %d e-mail addresses.",
        "too_many_login_attempts": "That was wrong too often. "
        "Wait a few minutes, then try again.",
        "rate_limited": "That was too often. Wait a few minutes, then try again.",
    }

    def is_safe_url(self, url: str) -> bool:
        """Whether a page of ours is meant; what is no address at all is none of ours."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False
