"""Where the web server comes in.

Refuses to serve while the database's own guards (constraints, triggers) are
missing: a page that books without them gives the same time away twice.
"""

import os

from django.core.checks import ERROR, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from clinic.charset import utf8_only

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")

application = utf8_only(get_wsgi_application())

problems = [
    problem
    for problem in run_checks(
        databases=["default"],
        tags=["database", "guards"],
        include_deployment_checks=True,
    )
    if problem.level >= ERROR
]
if problems:
    raise ImproperlyConfigured(
        "The web server does not start, because of the database:\n"
        + "\n".join(str(problem) for problem in problems)
    )
