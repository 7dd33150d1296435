"""Finds every door to an appointment: in the source, the addresses, the commands.

Nothing here is a list of doors. What is written down is only what to hand to a door
that asks for something: a parameter that nobody thought of fails.
"""

import ast
import inspect
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.contrib import admin
from django.core.management import call_command, get_commands, load_command_class
from django.db import connection
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse

from bookings import actions
from bookings.models import Appointment, Claim, Notice, Override, Status
from bookings.rulebook import SOURCES
from clinic.changes import is_watched
from treatments.models import Order

ROOT = Path(__file__).resolve().parent.parent
APPS = ("clinic", "treatments", "bookings", "records")
ACTIONS = "bookings/actions/"
# Gives an appointment another room or device at the same time, for the actions that
# take one out of use, and deletes what is left of holds that are over. That it leaves
# times and people alone is seen by trying.
SEATING = "bookings/seating.py"
GATE = "open_role"
GUARDED = ("Appointment", "Claim")
WRITES = {
    *("create", "bulk_create", "get_or_create", "update_or_create"),
    *("save", "save_base", "update", "bulk_update", "delete", "_raw_delete"),
}
WRITES |= {f"a{name}" for name in WRITES}
INSERT = "insert"  # of clinic.statements: whatever rows it is given
# What SQL writes to; what a trigger listens to (`UPDATE ON`) is none of it.
SQL = re.compile(
    r"\b(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|MERGE\s+INTO|COPY|TRUNCATE"
    r"|DELETE\s+FROM|UPDATE(?!\s+(?:ON|OR|SET)\b))\s+(?!ON\b)(\S+)"
)
FREE_TABLES = {"{STAMP}"}  # the rulebook's


# ---- in the source -------------------------------------------------------------


def sources() -> Iterator[tuple[str, str]]:
    """Every module of the product, with its text."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), path.read_text()


def writes(text: str) -> list[str]:
    """The statements of a module that may write an appointment or a claim."""
    tree = _without_docstrings(ast.parse(text))
    if not re.search("appointment|claim", ast.unparse(tree), re.IGNORECASE):
        return []  # it cannot name one
    found = [ast.unparse(node) for node in ast.walk(tree) if _may_write(node)]
    return found + [
        f"SQL: {target}"
        for node in ast.walk(tree)
        for target in SQL.findall(_words(node))
        if target not in FREE_TABLES
    ]


def _without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        named = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        if named and ast.get_docstring(node, clean=False) is not None:
            node.body[0] = ast.Pass()
    return tree


def _may_write(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Name):
        return node.func.id in {*GUARDED, INSERT}
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in WRITES:
        return False
    if node.func.attr == "update" and node.args:
        return False  # of a dictionary or a set: a query takes names only
    root = _root(node.func.value)
    of_another = root[:1].isupper() and root not in GUARDED
    return not of_another or re.search(r"\.(appointments|claims)\b", ast.unparse(node))


def _root(node: ast.AST) -> str:
    """The name that a chain of attributes and calls begins with."""
    while not isinstance(node, ast.Name):
        inner = getattr(node, "value", None) or getattr(node, "func", None)
        if inner is None:
            return ""
        node = inner
    return node.id


def _words(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            _words(part)
            if isinstance(part, ast.Constant)
            else f"{{{ast.unparse(part.value)}}}"
            for part in node.values
        )
    return ""


def ungated(texts: dict[str, str], exported: set[str]) -> set[str]:
    """The exported actions that come to a maker of appointments, and to no gate."""
    calls: dict[str, set[str]] = defaultdict(set)
    makers = set()
    for text in texts.values():
        for function in ast.walk(ast.parse(text)):
            if isinstance(function, ast.FunctionDef):
                calls[function.name] |= {
                    node.id for node in ast.walk(function) if isinstance(node, ast.Name)
                }
                if any(_makes(node) for node in ast.walk(function)):
                    makers.add(function.name)

    def reached(name: str) -> set[str]:
        seen, waiting = {name}, [name]
        while waiting:
            fresh = calls.get(waiting.pop(), set()) - seen
            seen |= fresh
            waiting += fresh
        return seen

    return {
        name
        for name in exported & set(calls)
        if makers & (found := reached(name)) and GATE not in found
    }


def _makes(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Name):
        return node.func.id in GUARDED
    if not isinstance(node.func, ast.Attribute):
        return False
    return node.func.attr in WRITES - {"delete", "save"} and (
        _root(node.func) in GUARDED
    )


# ---- in the database -----------------------------------------------------------

WHERE = ("patient", "practitioner", "role", "place", "variant", "starts_at", "ends_at")
CLAIMED = [
    field.attname for field in Claim._meta.concrete_fields if field.attname != "id"
]
# Which room or device it is may change; when, and whose time it is, may not.
KEPT = [name for name in CLAIMED if name not in {"room_id", "device_id", "held_until"}]


class Stand:
    """Where every appointment stood when this was made."""

    def __init__(self) -> None:
        self.rows = {row[0]: row[1:] for row in self._rows()}
        self.claims = set(Claim.objects.values_list(*CLAIMED))
        self.kept = set(Claim.objects.values_list(*KEPT))
        self.overrides = set(Override.objects.values_list("pk", flat=True))
        self.notices = set(Notice.objects.values_list("pk", flat=True))
        fields = ("pk", "status", "held_until", "submission")
        self.statuses = {
            row[0]: row for row in Appointment.objects.values_list(*fields)
        }

    def _rows(self) -> Any:
        return Appointment.objects.values_list("pk", *WHERE)

    def changed(self) -> list[str]:
        """What appeared, went elsewhere, or was a hold and no more, since."""
        standing = Appointment.objects.standing().values_list("pk", flat=True)
        return [
            *(
                f"appointment {pk} stands"
                for pk in standing
                if pk in self.statuses and self.statuses[pk][1] == Status.PENDING
            ),
            *(
                f"appointment {r[0]}"
                for r in self._rows()
                if self.rows.get(r[0]) != r[1:]
            ),
            *(
                f"claim of {claim[0]}"
                for claim in Claim.objects.values_list(*KEPT)
                if claim not in self.kept
            ),
        ]

    def restore(self) -> None:
        """Put everything back, so that the next door finds it as this one did."""
        made = Appointment.objects.exclude(pk__in=self.rows)
        Override.objects.exclude(pk__in=self.overrides).delete()
        Notice.objects.exclude(pk__in=self.notices).delete()
        made.delete()
        Claim.objects.all().delete()
        for pk, status, held_until, key in self.statuses.values():
            where = dict(zip(WHERE, self.rows[pk], strict=True))
            ids = {k if k.endswith("_at") else f"{k}_id": v for k, v in where.items()}
            ids |= {"status": status, "held_until": held_until, "submission": key}
            Appointment.objects.filter(pk=pk).update(**ids)
        Claim.objects.bulk_create(
            Claim(**dict(zip(CLAIMED, claim, strict=True))) for claim in self.claims
        )


WRITTEN = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?')


@contextmanager
def unwatched() -> Iterator[set[str]]:
    """The tables that decide bookings and are written meanwhile outside `watching`."""
    decide = {model._meta.db_table for model in (*SOURCES, Order)}
    found: set[str] = set()

    def look(execute: Any, sql: str, *rest: Any) -> Any:
        written = WRITTEN.match(sql)
        if written and written[1] in decide and not is_watched():
            found.add(written[1])
        return execute(sql, *rest)

    with connection.execute_wrapper(look):
        yield found


# ---- by address ----------------------------------------------------------------


class Forms(HTMLParser):
    """The forms of a page, with all their fields, filled in by whoever comes by."""

    FILLED = {
        "date": "2026-02-04",
        "time": "10:00",
        "email": "somebody@example.com",
        "number": "1",
        "checkbox": "on",
    }

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self.inside: dict[str, Any] | None = None
        self.loose: list[tuple[str, str, str]] = []
        self.select: tuple[str, str] | None = None
        self.feed(page)
        by_id = {form["id"]: form for form in self.forms if form["id"]}
        for owner, name, value in self.loose:
            if owner in by_id:
                by_id[owner]["fields"].append((name, value))

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in pairs}
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "form":
            self.inside = {
                "id": given.get("id"),
                "action": given.get("action", ""),
                "method": given.get("method", "get").lower(),
                "fields": [],
                "buttons": {},
            }
            self.forms.append(self.inside)
        elif tag == "select" and name:
            self.select = (name, given.get("form", ""))
        elif tag == "option" and self.select and value:
            self._put(self.select[0], value, self.select[1])
            self.select = None
        elif tag == "textarea" and name:
            self._put(name, "Because one two three.", given.get("form", ""))
        elif tag == "button" and name and self.inside is not None:
            self.inside["buttons"].setdefault(name, value)
        elif tag == "input" and name:
            kind = given.get("type", "text")
            filled = value or self.FILLED.get(kind, "Because one two three.")
            self._put(name, filled, given.get("form", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = None

    def _put(self, name: str, value: str, owner: str) -> None:
        if owner:
            self.loose.append((owner, name, value))
        elif self.inside is not None:
            self.inside["fields"].append((name, value))


def addresses(patterns: Any = None, space: str = "") -> Iterator[tuple[str, Any]]:
    """The name and the pattern of every address there is."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from addresses(each.url_patterns, inner)
        elif each.name:
            yield f"{space}{each.name}", each


def paths(name: str, pattern: Any, given: dict[str, Any]) -> list[str]:
    """The addresses of that name: of each row in the back office, else of one thing."""
    wanted = pattern.pattern.converters or pattern.pattern.regex.groupindex
    model = _model(name)
    if model is not None and wanted:
        pks = model._default_manager.values_list("pk", flat=True)[:1]
        return [reverse(name, kwargs=dict.fromkeys(wanted, pk)) for pk in pks]
    if set(wanted) - set(given):
        missing = ", ".join(sorted(set(wanted) - set(given)))
        raise LookupError(
            f"{name} asks for {missing}: say in tests/street.py what it is"
        )
    try:
        return [reverse(name, kwargs={key: given[key] for key in wanted})]
    except NoReverseMatch:
        return []


def _model(name: str) -> Any:
    """The model of a page of the back office, whatever the page does."""
    labels = {
        f"admin:{model._meta.app_label}_{model._meta.model_name}_": model
        for model in admin.site._registry
    }
    fitting = [label for label in labels if name.startswith(label)]
    return labels[max(fitting, key=len)] if fitting else None


LEFT_OUT = {"account_logout", "admin:logout", "admin:jsi18n"}
# Pages of the back office that only tell, or only take away.
IDLE = ("_history", "_delete")


def walk(
    client: Any, town: Any, user: Any, start: dict[str, Any], only: str = ""
) -> dict[str, list[str]]:
    """Every address, looked at and sent to, by somebody: what each changed.

    Sent is every form of the page as it comes, filled in, and once all of `start`.
    """
    doors: dict[str, list[str]] = {}
    stand = Stand()
    # The back office last: what is deleted there is missing afterwards.
    for name, pattern in sorted(addresses(), key=lambda each: "admin:" in each[0]):
        idle = name.startswith("admin:") and name.endswith(IDLE)
        if idle or name in LEFT_OUT or not name.startswith(only):
            continue
        for path in paths(name, pattern, _given(town, name)):
            client.force_login(user)
            given = {} if name.startswith("admin:") else start
            for sending in _sendings(client, path, given):
                sent = sending()
                if changed := stand.changed():
                    doors.setdefault(name, []).extend(changed)
                if changed or sent is not None:
                    stand.restore()
    return doors


def _given(town: Any, name: str) -> dict[str, Any]:
    given = town.arguments("owner")
    given["uid"] = given["patient" if "patient" in name else "appointment"]
    if name in ("bookings:confirm_hold", "bookings:let_go"):
        given["uid"] = given["hold"]
    of_django = {"app_label": "bookings", "content_type_id": 1, "object_id": 1}
    of_django |= {"id": 1, "url": "x", "extra_context": "", "uidb36": "1", "key": "x"}
    return given | of_django


def _sendings(client: Any, path: str, start: dict[str, Any]) -> Iterator[Any]:
    """Look without and with a start; then send what the page asks for, and all else."""
    pages: list[str] = []

    def look(query: dict[str, Any]) -> None:
        answer = client.get(path, query)
        kind = answer.get("Content-Type", "")
        if answer.status_code < 500 and kind.startswith("text/html"):
            pages.append(answer.content.decode())

    yield lambda: look({})
    if start:
        yield lambda: look(start)
    for page in pages:
        for to, sent in _filled_in(page, path):
            yield lambda to=to, sent=sent: client.post(to, sent)
    if start:
        yield lambda: client.post(path, {**start, "submission": uuid4()})


def _filled_in(page: str, path: str) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Where each form of a page that changes something is sent, and with what."""
    for form in Forms(page).forms:
        to = urlsplit(form["action"]).path or path
        if form["method"] == "post" and not to.endswith("/logout/"):
            sent: dict[str, list[str]] = defaultdict(list)
            for field, value in form["fields"]:
                sent[field].append(value)
            # Of many buttons with one name the first: it stands for the others.
            for name, value in form["buttons"].items() or [("", "")]:
                yield to, {**sent, **({name: [value]} if name else {})}


# ---- by action -----------------------------------------------------------------


def exported() -> dict[str, Any]:
    """The actions that change something: functions that take `by`."""
    return {
        name: getattr(actions, name)
        for name in actions.__all__
        if inspect.isfunction(getattr(actions, name))
        and "by" in inspect.signature(getattr(actions, name)).parameters
    }


def act(function: Any, given: dict[str, Any]) -> str:
    """Call an action with what it asks for; give what it was refused with, if it was."""
    wanted = inspect.signature(function).parameters
    missing = {
        name
        for name, each in wanted.items()
        if name not in given and each.default is inspect.Parameter.empty
    }
    if missing:
        raise LookupError(f"{function.__name__} asks for {missing}: say what that is")
    try:
        function(**{name: given[name] for name in wanted if name in given})
    except Exception as refused:
        if not type(refused).__module__.startswith("bookings."):
            raise
        return type(refused).__name__
    return ""


# ---- by command ----------------------------------------------------------------


def commands() -> list[str]:
    """The names of our own commands."""
    return sorted(name for name, app in get_commands().items() if app in APPS)


def run(name: str, given: dict[str, str]) -> str:
    """Run a command, with every one of its sub-commands; give what it ended with."""
    parser = load_command_class(get_commands()[name], name).create_parser("x", name)
    ended = []
    for arguments in _arguments(parser, given):
        words = StringIO()
        try:
            call_command(name, *arguments, stdout=words, stderr=words)
        except (Exception, SystemExit) as problem:
            ended.append(f"{type(problem).__name__}: {problem}")
    return "; ".join(ended)


def _arguments(parser: Any, given: dict[str, str]) -> list[list[str]]:
    """What to write behind the name of a command: all it takes and we know of."""
    own, inner = [], [[]]
    for action in parser._actions:
        if isinstance(getattr(action, "choices", None), dict):
            inner = [
                [word, *rest]
                for word, sub in action.choices.items()
                for rest in _arguments(sub, given)
            ]
        elif action.dest in given:
            words = [given[action.dest]]
            own += (
                [action.option_strings[0], *words] if action.option_strings else words
            )
        elif action.option_strings in (["--once"],):
            own += action.option_strings
    return [[*own, *rest] for rest in inner]
