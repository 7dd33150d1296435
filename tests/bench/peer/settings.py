"""The settings under django-appointment: where it has ours, they are ours.

Run by its own Python. What makes a connection comes from the clinic's own module.
"""

import os
import sqlite3
from urllib.parse import parse_qsl, unquote, urlsplit

from clinic.env import postgres_options, sqlite_options

SECRET_KEY = "not-a-secret-" + "benches-only-" * 5
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "tests.bench.peer.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TIME_ZONE, USE_TZ, USE_I18N = "America/New_York", True, False
STATIC_URL = "static/"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "phonenumber_field",
    "appointment",
]

# It brings none, and each project writes its own: here its tables are made as they are.
MIGRATION_MODULES = {"appointment": None}

MIDDLEWARE = [  # those of a new Django project
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

address = urlsplit(os.environ["PEER_DATABASE_URL"])
if address.scheme == "sqlite":
    database = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": address.path.removeprefix("/"),
        "OPTIONS": sqlite_options(sqlite3.sqlite_version_info),
        "CONN_MAX_AGE": None,
    }
else:
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": address.path.removeprefix("/"),
        "USER": unquote(address.username or ""),
        "PASSWORD": unquote(address.password or ""),
        "HOST": unquote(address.hostname or ""),
        "PORT": address.port or "",
        "OPTIONS": postgres_options(dict(parse_qsl(address.query))),
        "CONN_MAX_AGE": 60,
    }
DATABASES = {"default": database}

# Nothing leaves the machine. It words its mails inside the request all the same, as it
# does in a clinic.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
APPOINTMENT_SLOT_DURATION = 15
