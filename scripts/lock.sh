#!/bin/sh
# Writes requirements.txt and requirements-dev.txt from the .in files.
# uv is needed for this alone; installing needs plain pip only.
# UV names the program; PyPI is asked unless UV's own settings say otherwise.
set -eu
cd "$(dirname "$0")/.."
uv=${UV:-uv}
command -v "$uv" >/dev/null || {
    echo "make lock needs uv: python3 -m pip install uv, or UV=path/to/uv make lock" >&2
    exit 1
}
export UV_PYTHON_DOWNLOADS=never

# Extras stay in the lock: pip looks for a name with an extra by itself, and where only
# the plain name is pinned it takes the newest one, which has no hash here.
lock() { # lock NAME: NAME.in -> NAME.txt, with the reasons of NAME.in on top
    "$uv" pip compile --quiet --universal --python-version 3.11 \
        --generate-hashes --no-strip-extras --no-emit-index-url --no-header \
        ${UPGRADE:+--upgrade} "$1.in" -o "$1.txt"
    {
        echo "# Written by 'make lock'; do not edit. What was asked for, and why ($1.in):"
        echo "#"
        sed -e 's/^/#     /' -e 's/ *$//' "$1.in"
        echo
        cat "$1.txt"
    } >"$1.tmp"
    mv "$1.tmp" "$1.txt"
}

lock requirements
lock requirements-dev
