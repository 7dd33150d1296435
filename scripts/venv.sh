#!/bin/sh
# venv.sh LOCK: the virtual environment, with what LOCK names and nothing unproved.
# A copy of the installed lock is kept, so the second time costs nothing.
set -eu
cd "$(dirname "$0")/.."
lock=$1
python=${PYTHON:-python3}
stamp=.venv/.installed-$lock

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
    echo "Python 3.11 or later is needed; PYTHON=python3.12 make run names another one." >&2
    exit 1
}
if [ ! -x .venv/bin/pip ]; then
    "$python" -c 'import venv, ensurepip' 2>/dev/null || {
        echo "This Python cannot make virtual environments. On Debian: apt-get install python3-venv" >&2
        exit 1
    }
    echo "Making .venv ..."
    "$python" -m venv --clear .venv
fi
if ! cmp -s "$lock" "$stamp"; then
    echo "Installing $lock ..."
    rm -f "$stamp"
    .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
    cp "$lock" "$stamp"
fi
