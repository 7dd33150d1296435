"""Its web server: two processes that do one request at a time, warm as ours are."""

import gc
import os

bind = f"127.0.0.1:{os.environ['PORT']}"
wsgi_app = "django.core.wsgi:get_wsgi_application()"
worker_class, workers = "sync", 2
preload_app = True
control_socket_disable = True
loglevel = "warning"


def when_ready(server):
    """Set the collector as our web server does, that it may not be what makes us fast."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
