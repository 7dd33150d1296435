"""`make check`: every check, all of them even when one fails; then what failed."""

import os
import subprocess
import sys
import time
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CHECKS = {
    "formatting": [BIN / "ruff", "format", "--check", "."],
    "lint": [BIN / "ruff", "check", "."],
    "types": [BIN / "mypy"],
    "floors": [BIN / "lint-imports"],
    "templates": [BIN / "djlint", "--lint", "--quiet", "templates"],
    "migrations": [
        sys.executable,
        "manage.py",
        "makemigrations",
        "--check",
        "--dry-run",
    ],
    "system": [sys.executable, "manage.py", "check", "--fail-level", "WARNING"],
}


def main() -> int:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    failed = []
    for name, command in CHECKS.items():
        began = time.monotonic()
        done = subprocess.run(
            command,
            cwd=BASE_DIR,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        seconds = time.monotonic() - began
        print(f"{'FAIL' if done.returncode else 'ok':4}  {name:11} {seconds:5.1f} s")
        if done.returncode:
            failed.append(name)
            print(done.stdout)
        sys.stdout.flush()
    if failed:
        print(f"Failed: {', '.join(failed)}. `make fmt` puts formatting in order.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
