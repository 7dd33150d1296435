"""Its virtual environment under var/, made when it is first asked for."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
VENV = ROOT / "var" / "peer-venv"
PYTHON = VENV / "bin" / "python"
LOCK = Path(__file__).with_name("requirements.txt")


def install() -> None:
    """Make it, unless what it holds is what the lock names."""
    installed = VENV / ".installed"
    if installed.exists() and installed.read_bytes() == LOCK.read_bytes():
        return
    print(f"Installing {LOCK.relative_to(ROOT)} into {VENV.relative_to(ROOT)} ...")
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
        subprocess.run([*pip, "--require-hashes", "-r", LOCK], check=True)
    except subprocess.CalledProcessError:
        sys.exit("django-appointment could not be installed; bench without --peers.")
    installed.write_bytes(LOCK.read_bytes())
