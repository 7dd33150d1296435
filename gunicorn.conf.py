"""The web server's processes. PORT, WEB_WORKERS and WEB_THREADS may be set."""

import gc
import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
wsgi_app = "clinic.wsgi"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True
max_requests = 2000
max_requests_jitter = 200
timeout = 30
graceful_timeout = 10
control_socket_disable = True
# Addresses and answers, never bodies or query strings (%(q)s): those hold names.
accesslog = "-" if os.environ.get("ACCESS_LOG") else None
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(M)sms"


def warm():
    """Read views, templates and the rulebook, for which the first page waits a second."""
    from django.conf import settings  # noqa: PLC0415 -- Django is set up by now
    from django.template.loader import get_template  # noqa: PLC0415 -- the same
    from django.urls import reverse  # noqa: PLC0415 -- the same

    from bookings import rulebook  # noqa: PLC0415 -- the same

    reverse("clinic:welcome")
    folder = settings.BASE_DIR / "templates"
    for page in sorted(folder.rglob("*.html")):
        get_template(page.relative_to(folder).as_posix())
    rulebook.current()


def when_ready(server):
    """Before processes are made, do what each would do in its first requests.

    What start-up loaded stays: the collector need not walk it in every request.

    A page of times makes some thousand short-lived tuples, which at Python's own
    threshold (700) set the collector off again and again: a tenth of the page.
    """
    warm()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pre_fork(server, worker):
    """Close the connection the start-up checks opened: it must not be shared."""
    from django.db import connections  # noqa: PLC0415 -- Django is set up by now

    connections.close_all()
