"""What the web server does before it serves (gunicorn.conf.py)."""

import os
import subprocess

import pytest

from tests.test_house import ROOT

FIRST_REQUEST = """
import runpy, sys
import clinic.wsgi
{ready}
from django.test import Client
known = set(sys.modules)
answer = Client().get("/", headers={{"host": "127.0.0.1"}})
ours = ("bookings.", "treatments.", "holidays.", "reportlab.")
print(answer.status_code, any(name.startswith(ours) for name in set(sys.modules) - known))
"""
READY = 'runpy.run_path("gunicorn.conf.py")["when_ready"](None)'


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("ready", "reads"), [(READY, False), ("", True)])
def test_the_first_request_has_no_views_left_to_read(
    child_environment, python, ready, reads
):
    done = subprocess.run(
        [python, "-c", FIRST_REQUEST.format(ready=ready)],
        cwd=ROOT,
        env={**os.environ, **child_environment},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout == f"200 {reads}\n"
