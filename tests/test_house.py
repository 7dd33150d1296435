"""The house rules, where a program can check them."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.module_loading import import_string

from clinic.env import Refused, journal_mode, postgres_options, secret_key

ROOT = Path(__file__).resolve().parent.parent
APPS = ["clinic", "treatments", "bookings", "records"]
FLOORS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]


def pure_cores():
    """Give the files of what the floors call pure, by the one list of them."""
    [pure] = [
        each["source_modules"]
        for each in FLOORS["contracts"]
        if each["name"].startswith("The pure cores")
    ]
    for module in pure:
        path = ROOT / module.replace(".", "/")
        files = path.glob("*.py") if path.is_dir() else [path.with_suffix(".py")]
        yield from (str(file.relative_to(ROOT)) for file in sorted(files))


PURE = [*pure_cores()]
# A form may hand the clock down, which its action is given.
HANDED_DOWN = {"clinic/forms.py"}
NAMELESS = {"utils", "helpers", "services", "signals", "common", "misc", "constants"}
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "clinic.settings",
    "ENV_FILE": "",
    "DEBUG": "",
    "DEMO": "",
    "HTTPS": "true",
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ALLOWED_HOSTS": "clinic.example",
    "DATABASE_URL": "sqlite:///var/never-made.sqlite3",
    "EMAIL_URL": "smtp://localhost:25",
    "DJANGO_ALLOW_ASYNC_UNSAFE": None,  # the browser's fixture sets it for this process
}


def sources():
    """Give every Python file of the apps, migrations aside."""
    return [
        path
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def manage(*arguments, **environment):
    given = {**os.environ, **PRODUCTION, **environment}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={name: value for name, value in given.items() if value is not None},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_production_has_nothing_to_warn_of():
    done = manage("check", "--deploy", "--fail-level", "WARNING")

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "key", [None, "", "too-short", "a" * 60], ids=["none", "empty", "short", "dull"]
)
def test_production_refuses_to_start_without_a_secret_key(key):
    done = manage("check", SECRET_KEY=key)

    assert done.returncode != 0
    assert done.stderr.startswith("The clinic does not start: SECRET_KEY")
    assert "Traceback" not in done.stderr


def test_secret_key_is_made_up_only_while_debugging():
    assert secret_key("", debug=True)
    with pytest.raises(Refused):
        secret_key("", debug=False)


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 40, 1), "DELETE"),
        ((3, 44, 5), "DELETE"),
        ((3, 44, 6), "WAL"),
        ((3, 45, 0), "DELETE"),
        ((3, 50, 6), "DELETE"),
        ((3, 50, 7), "WAL"),
        ((3, 51, 0), "DELETE"),
        ((3, 51, 2), "DELETE"),
        ((3, 51, 3), "WAL"),
        ((3, 52, 0), "WAL"),
    ],
)
def test_journal_mode_is_wal_only_where_it_is_mended(version, mode):
    assert journal_mode(version) == mode


@pytest.mark.django_db
def test_database_waits_for_the_disk():
    questions = {
        "sqlite": ("PRAGMA synchronous", 2),
        "postgresql": ("SHOW synchronous_commit", "on"),
    }
    question, expected = questions[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(question)

        assert cursor.fetchone()[0] == expected


def test_no_request_is_a_transaction():
    assert not settings.DATABASES["default"].get("ATOMIC_REQUESTS")


def test_pages_ask_for_an_account_unless_they_say_otherwise():
    assert (
        "django.contrib.auth.middleware.LoginRequiredMiddleware" in settings.MIDDLEWARE
    )


def patterns(resolver=None):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        elif isinstance(entry, URLPattern):
            yield entry


def test_every_address_of_ours_has_a_name():
    nameless = [
        str(entry.pattern)
        for entry in patterns()
        if entry.callback.__module__.split(".")[0] in APPS and not entry.name
    ]

    assert nameless == []


def test_content_security_policy_has_nothing_unsafe():
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]

    assert directives["default-src"] == ["'none'"]
    assert not [v for values in directives.values() for v in values if "unsafe" in v]


@pytest.mark.parametrize("rule", settings.BOOKING_RULES)
def test_booking_rule_can_be_asked(rule):
    found = import_string(rule)

    assert callable(found.read)
    assert callable(found.closures)


def test_floors_hold():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", PURE)
def test_pure_core_imports_the_standard_library_only(name):
    pure = {
        path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for path in PURE
    }
    imported = set()
    for node in ast.walk(ast.parse((ROOT / name).read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            imported |= {node.module} if names - pure else set()

    foreign = {
        module
        for module in imported - pure
        if module.split(".")[0] not in sys.stdlib_module_names
    }
    assert foreign == ({"holidays"} if name == "clinic/public_holidays.py" else set())


@pytest.mark.parametrize(
    "path", sources(), ids=lambda path: str(path.relative_to(ROOT))
)
def test_file_is_a_room_with_one_purpose(path):
    text = path.read_text()

    assert len(text.splitlines()) <= 300
    assert path.stem not in NAMELESS
    assert path.name == "__init__.py" or ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize(
    "path", sources(), ids=lambda path: str(path.relative_to(ROOT))
)
def test_a_function_does_what_can_be_seen_at_once(path):
    long = {
        node.name: lines
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and (lines := lines_of_body(node)) > 40
    }

    assert long == {}


def lines_of_body(function):
    """How many lines it has behind its signature and docstring."""
    told = ast.get_docstring(function) is not None and len(function.body) > 1
    return function.end_lineno - function.body[told].lineno + 1


def test_nothing_below_a_door_reads_the_clock():
    doors = {
        "views",
        "views.py",
        "management",
        "admin",
        "admin.py",
        "context.py",
        "sessions.py",
    }
    reading = re.compile(r"timezone\.now\b|datetime\.now\b|date\.today\b|localdate\(\)")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources()
        if not doors & set(path.relative_to(ROOT).parts)
        and str(path.relative_to(ROOT)) not in HANDED_DOWN
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if reading.search(line)
    ]

    assert found == []


def test_nobody_takes_the_day_of_greenwich_for_today():
    """A door asks `clinic.days`, or a place: on an American evening UTC is ahead."""
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"timezone\.now\(\)\.date\(\)", line)
    ]

    assert found == []


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_lock_names_everything_asked_for_with_hashes(name):
    asked = re.findall(r"^([\w.-]+)", (ROOT / f"{name}.in").read_text(), re.MULTILINE)
    locked = (ROOT / f"{name}.txt").read_text()
    pins = re.findall(r"^([\w.-]+)(?:\[.*?\])?==", locked, re.MULTILINE)

    assert {a.lower() for a in asked if not a.startswith("-")} <= set(pins)
    assert all(
        "--hash=sha256:" in block
        for block in re.split(r"^(?=[\w.-]+(?:\[.*?\])?==)", locked, flags=re.MULTILINE)
        if "==" in block.split("\n")[0] and not block.startswith("#")
    )


def test_both_locks_agree():
    def pins(name):
        text = (ROOT / name).read_text()
        return set(re.findall(r"^([\w.-]+)(?:\[.*?\])?==(\S+)", text, re.MULTILINE))

    assert pins("requirements.txt") <= pins("requirements-dev.txt")


def test_postgres_keeps_the_options_of_its_address_and_runs_alone():
    given = {"sslmode": "require", "options": "-c statement_timeout=5000"}

    found = postgres_options(given)

    assert found["sslmode"] == "require"
    assert "-c statement_timeout=5000" in found["options"]
    assert "-c max_parallel_workers_per_gather=0" in found["options"]
