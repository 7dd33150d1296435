"""`make pictures`: photographs of the demo clinic for README.md and docs, in docs/pictures.

Starts the demo on a database of its own and a free port, and ends it afterwards.
"""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.conftest import BROWSERS

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
PASSWORD = "needles-and-care-2026"  # as `make run` prints it
PATIENCE = 120  # seconds for the demo to be made
WIDTH = 1280
# name: who looks, where, and how much of it, in pixels
PICTURES = {
    "home": ("", "/", 900),
    "times": ("", "/book/mn_face_05/?place=phoenix", 1000),
    "schedule": ("ruth@example.com", "/schedule/week/", 900),
    "desk": ("desk@example.com", "/desk/places/{place}/?day={day}", 1000),
    "treatment": ("", "/treatments/microneedling/", 1400),
    "comparison": ("", "/compare/?t=dry_needling&t=microneedling", 1200),
    "dry-or-micro": ("", "/dry-or-micro/", 1100),
    "aftercare": ("", "/treatments/microneedling/aftercare/", 1100),
    "who-may": ("desk@example.com", "/desk/who-may/?place={place}", 1000),
    "back-office": ("admin@example.com", "/admin/", 900),
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url: str, server: subprocess.Popen) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz/", timeout=2):  # noqa: S310 -- our own
                return
        except OSError:
            time.sleep(0.5)
    sys.exit("The demo did not start.")


def sign_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")


def photograph(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")
    sys.stdout.write(f"docs/pictures/{name}.png\n")


def busiest(database: str) -> dict[str, str]:
    """The place and the day with the most appointments, at which the desk is shown."""
    with closing(sqlite3.connect(database)) as connection:
        place, day = connection.execute(
            "SELECT slug, date(starts_at) FROM bookings_appointment"
            " JOIN clinic_location ON clinic_location.id = place_id"
            " WHERE status <> 'cancelled' GROUP BY 1, 2 ORDER BY count(*) DESC, 2, 1"
        ).fetchone()
    return {"place": place, "day": day}


def take_all(url: str, shown: dict[str, str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM") or next(
            filter(None, map(shutil.which, BROWSERS))
        )
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        for name, (email, address, height) in PICTURES.items():
            page = browser.new_page(
                base_url=url, viewport={"width": WIDTH, "height": height}
            )
            if email:
                sign_in(page, email)
            page.goto(address.format(**shown))
            photograph(page, name)
            page.close()
        browser.close()


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        port, database = free_port(), f"{folder}/demo.sqlite3"
        environment = {
            **os.environ,
            "ENV_FILE": "",
            "SECRET_KEY": "only-for-photographs-" * 3,
            "DATABASE_URL": f"sqlite:///{database}",
            "DEBUG": "true",
            "DEMO": "true",
            "PORT": str(port),
            "DJANGO_SETTINGS_MODULE": "clinic.settings",
        }
        server = subprocess.Popen(
            [sys.executable, "scripts/run.py"], cwd=ROOT, env=environment
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(url, server)
            take_all(url, busiest(database))
        finally:
            server.terminate()
            server.wait(30)
    return 0


if __name__ == "__main__":
    sys.exit(main())
