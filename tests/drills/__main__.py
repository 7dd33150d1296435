"""The races with 200 rounds each, on every database that answers.

ROUNDS gives another number; arguments go to pytest, and name only some of the files.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = "200"


def main() -> int:
    environment = {**os.environ, "RACE_ROUNDS": os.environ.get("ROUNDS", ROUNDS)}
    # One race at a time: each wants the whole machine.
    asked = sys.argv[1:]
    if not any(each.startswith("tests/") for each in asked):
        asked = ["tests/races", *asked]
    command = ["scripts/test.py", "-m", "races", "-n", "0", *asked]
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        check=False,
    )
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
