"""All settings, in one file; what differs between machines comes from the environment.

A file `.env` beside manage.py is read if there is one (`make run` writes it once);
what stands in the environment wins over it. Production needs SECRET_KEY,
ALLOWED_HOSTS, DATABASE_URL and EMAIL_URL, and nothing else.
"""

import sqlite3
from pathlib import Path

import environ
import fontpkg
from csp.constants import NONE, SELF

from clinic.env import made, postgres_options, secret_key, site_url, sqlite_options

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = made(BASE_DIR / "var")

env = environ.Env()
if env_file := env("ENV_FILE", default=str(BASE_DIR / ".env")):
    environ.Env.read_env(env_file)

# What this machine is
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
HTTPS = env.bool("HTTPS", default=not DEBUG)
SECRET_KEY = secret_key(env("SECRET_KEY", default=""), debug=DEBUG)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEBUG else []
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

# What this clinic is
CLINIC_NAME = env("CLINIC_NAME", default="Willow & Stone")
CLINIC_PHONE = env("CLINIC_PHONE", default="+1 385 555 0100")
# Where links in messages lead: here while debugging, else to the first host allowed.
SITE_URL = env("SITE_URL", default="").rstrip("/") or site_url(
    [] if DEBUG else ALLOWED_HOSTS, https=HTTPS, port=env("PORT", default="8000")
)

# How many times one patient may keep on hold at once, while forms are filled in.
MOST_HOLDS = env.int("MOST_HOLDS", default=2)

# Which rules close starts, asked in this order; each is a class with `read` and
# `closures`. What is taken out here is taken out of every door at once.
BOOKING_RULES = [
    "bookings.rules.offer.Offered",
    "bookings.rules.scope.Scope",
    "bookings.rules.supervision.Supervised",
    "bookings.rules.supervision.SupervisorOnSite",
    "bookings.rules.orders.Ordered",
    "bookings.rules.privilege.Privileged",
    "bookings.rules.clock.Past",
    "bookings.rules.clock.Notice",
    "bookings.rules.clock.Horizon",
    "bookings.rules.place_open.PlaceOpen",
    "bookings.rules.hours.Hours",
    "bookings.rules.hours.Grid",
    "bookings.rules.hours.Leave",
    "bookings.rules.claims.PractitionerClaims",
    "bookings.rules.claims.PatientClaims",
    "bookings.rules.travel.Travel",
    "bookings.rules.resources.Equipped",
    "bookings.rules.resources.Rooms",
    "bookings.rules.resources.Devices",
    "bookings.rules.visits.VisitKind",
    "bookings.rules.courses.BetweenSessions",
]

# Who says what a change breaks, and flags it; see clinic/changes.py.
CHANGE_WATCHER = "bookings.breaks.Watcher"

# What tells that a public page must be drawn anew; see treatments/views/kept.py.
PUBLIC_PAGES_STAMP = "bookings.rulebook.current_stamp"

INSTALLED_APPS = [
    "whitenoise.runserver_nostatic",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "clinic",
    "treatments",
    "bookings",
    "records",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "clinic.middleware.RejectUnreadableInput",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # which pads what it sends, against BREACH
    "clinic.middleware.PrivatePages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Deny by default: a page without an account says so with login_not_required.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "clinic.middleware.SayWhatToDo",
]

ROOT_URLCONF = "clinic.urls"
WSGI_APPLICATION = "clinic.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["clinic.templatetags.assets", "clinic.templatetags.icons"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "clinic.context.clinic",
            ],
        },
    }
]
CRISPY_TEMPLATE_PACK = CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"

# Database. No ATOMIC_REQUESTS: an action is one transaction and opens it itself.
database = env.db_url("DATABASE_URL", default="sqlite:///var/clinic.sqlite3")
DATABASES = {"default": database}
if database["ENGINE"] == "django.db.backends.sqlite3":
    if database["NAME"] != ":memory:":
        database["NAME"] = BASE_DIR / database["NAME"]
    database["OPTIONS"] = sqlite_options(sqlite3.sqlite_version_info)
    database["CONN_MAX_AGE"] = None
else:
    database["ENGINE"] = "clinic.postgresql"
    database["CONN_MAX_AGE"] = 60
    database["CONN_HEALTH_CHECKS"] = True
    database["OPTIONS"] = postgres_options(database.get("OPTIONS", {}))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits count here, so every process must see the same counts.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entries",
    }
}

# People and passwords
AUTH_USER_MODEL = "clinic.User"
AUTHENTICATION_BACKENDS = ["clinic.backends.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{VALIDATION}.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/welcome/"
LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "/"

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # once: a mail lets in who mistypes
ACCOUNT_SIGNUP_FORM_CLASS = "clinic.forms.SignupForm"
ACCOUNT_FORMS = {
    "login": "clinic.account_forms.LoginForm",
    "signup": "clinic.account_forms.SignupForm",
    "add_email": "clinic.account_forms.AddEmailForm",
    "change_password": "clinic.account_forms.ChangePasswordForm",
    "reset_password": "clinic.account_forms.ResetPasswordForm",
    "confirm_email_verification_code": "clinic.account_forms.EmailCodeForm",
}
ACCOUNT_ADAPTER = "clinic.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False  # desks are shared: signed in until the browser closes
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT

# Mail: a file each in the demo, the terminal while debugging, else EMAIL_URL
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="clinic@localhost")
if DEMO and not env("EMAIL_URL", default=""):
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = made(VAR_DIR / "mail")
else:
    usual = "consolemail://" if DEBUG else "smtp://localhost:25"
    globals().update(env.email_url("EMAIL_URL", default=usual))
EMAIL_TIMEOUT = 20

# Language and time: Python and the database hold UTC; a place shows its own zone.
LANGUAGE_CODE = "en-us"
USE_I18N = False
FORMAT_MODULE_PATH = "clinic.formats"
USE_TZ = True
TIME_ZONE = "UTC"

# Static files, all from this origin
STATIC_URL = "static/"
STATIC_ROOT = made(BASE_DIR / "staticfiles")
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("fonts", Path(fontpkg.path("Instrument Serif")).parent),
]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "clinic.fonts.SubsetFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000  # a draft with all its variants has some 250
LARGEST_REQUEST = 5 * 1024 * 1024  # files and all
SECURE_REFERRER_POLICY = "same-origin"
SESSION_ENGINE = "clinic.sessions"
SESSION_COOKIE_AGE = 24 * 60 * 60
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz/$"]
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=365 * 24 * 60 * 60)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=True)
    ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Preloading promises HTTPS for a whole domain, in browsers, for years: its owner's word.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

# Logs go to the terminal. Never to mail_admins, whose reports carry posted fields.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {
            "handlers": ["console"],
            "level": env("LOG_LEVEL", default="INFO"),
            "propagate": False,
        },
        # A line for every HEAD request, whose body it rightly drops.
        "gunicorn.http.wsgi": {"level": "ERROR"},
        **{
            app: {"level": env("LOG_LEVEL", default="INFO")}
            for app in ("clinic", "treatments", "bookings", "records")
        },
    },
}
