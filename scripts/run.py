"""`make run`: the demo clinic, web server and worker together, until Ctrl-C.

Prepares in this one process (a second start is a matter of seconds), then starts
both and stays; whichever ends first, and any signal, ends both.
"""

import hashlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
HOST = os.environ.get("HOST", "127.0.0.1")
PORT = int(os.environ.get("PORT", "8000"))
PATIENCE = 15  # seconds for both to end by themselves


def write_env() -> None:
    """Write the secrets of this machine, once."""
    path = BASE_DIR / ".env"
    if path.exists():
        return
    lines = [
        "# Written once by `make run`; never committed. The environment wins over it.",
        f"SECRET_KEY={secrets.token_urlsafe(50)}",
        f"DEBUG={os.environ.get('DEBUG', 'false')}",
        f"DEMO={os.environ.get('DEMO', 'true')}",
        "# This machine speaks HTTP to itself; README says how it goes to production.",
        "HTTPS=false",
        "ALLOWED_HOSTS=127.0.0.1,localhost,[::1]",
    ]
    with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write("\n".join(lines) + "\n")


def refuse_taken_port() -> None:
    """End with a sentence when something else serves there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, PORT))
        except OSError as error:
            sys.exit(
                f"Port {PORT} cannot be used ({error.strerror}). Try: make run PORT={PORT + 1}"
            )


def prepare() -> None:
    """Bring the database to this code, and load what the clinic starts with."""
    import django  # noqa: PLC0415 -- after .env is written
    from django.conf import settings  # noqa: PLC0415 -- the same
    from django.core.management import call_command  # noqa: PLC0415 -- the same
    from django.db import connections  # noqa: PLC0415 -- the same

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    if not settings.DEBUG:
        collect_static(settings.STATIC_ROOT)
    call_command("load_domain")
    if settings.DEMO:
        call_command("demo")
    connections.close_all()


def collect_static(folder: Path) -> None:
    """Gather and compress what pages link to, unless it is as it was."""
    from django.core.management import call_command  # noqa: PLC0415 -- as in prepare

    stamp, now = folder / ".stamp", static_stamp()
    if stamp.exists() and stamp.read_text() == now:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(now)


def static_stamp() -> str:
    """What the files depend on: ours, and the packages that bring the others."""
    digest = hashlib.sha256()
    ours = [path for path in (BASE_DIR / "static").rglob("*") if path.is_file()]
    more = [BASE_DIR / name for name in ("requirements.txt", "clinic/fonts.py")]
    for path in (*sorted(ours), *more, BASE_DIR / "clinic/settings.py"):
        digest.update(f"{path.relative_to(BASE_DIR)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def answers() -> bool:
    request = urllib.request.Request(f"http://{HOST}:{PORT}/healthz/")
    try:
        with urllib.request.urlopen(request, timeout=2) as reply:  # noqa: S310 -- the same
            return reply.status == 200
    except OSError:
        return False


def end(children: list[subprocess.Popen]) -> None:
    """Ask all to end; after a while, insist."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + PATIENCE
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


class Ended(Exception):
    """Somebody asked us to stop."""


def stop(signum, frame):
    raise Ended


def serve() -> int:
    """Run web server and worker until one ends or a signal comes."""
    children: list[subprocess.Popen] = []
    told = False
    try:
        for command in (["-m", "gunicorn"], ["manage.py", "worker"]):
            children.append(subprocess.Popen([sys.executable, *command], cwd=BASE_DIR))
        while all(child.poll() is None for child in children):
            if not told and (told := answers()):
                print(
                    f"\nThe clinic is open: http://{HOST}:{PORT}/   Ctrl-C closes it."
                )
                sys.stdout.flush()
            time.sleep(0.5 if told else 0.1)
        names = ["web server", "worker"]
        ended = [
            n for n, c in zip(names, children, strict=True) if c.poll() is not None
        ]
        print(f"The {' and '.join(ended)} ended by itself; closing.", file=sys.stderr)
        return 1
    except Ended:
        return 0
    finally:
        # From here on a second Ctrl-C changes nothing: both are told, and waited for.
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
        end(children)


def main() -> int:
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), stop)
    os.chdir(BASE_DIR)
    sys.path.insert(0, str(BASE_DIR))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
    os.environ["PORT"] = str(PORT)
    os.environ.setdefault("GUNICORN_CMD_ARGS", "--log-level warning")
    try:
        refuse_taken_port()
        write_env()
        prepare()
    except Ended:
        return 0
    return serve()


if __name__ == "__main__":
    sys.exit(main())
