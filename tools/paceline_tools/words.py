"""The catalogues of words: finds every message in templates and code, and brings the .po files up to it."""

import ast
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import paceline_protocol
import paceline_server
from jinja2 import Environment
from jinja2.ext import extract_from_ast
from paceline_server.words.catalogue import Entry, entries, key_of
from paceline_server.words.retold import TOLD
from paceline_server.words.templates import speaking

from paceline_tools.told_words import told_in

SERVER = Path(paceline_server.__file__).parent
PROTOCOL = Path(paceline_protocol.__file__).parent
# Where the protocol says what is wrong with a journal; it is the wearable's, too, and marks nothing.
FINDINGS = ("chain.py", "journal_reader.py", "page.py")
FOLDER = SERVER / "words"
# What pages show of errors: the messages of these folders; those of the others are for programs, and stay English.
SHOWN_ERRORS = [
    "activities",
    "activity_list",
    "addresses",
    "api_keys",
    "apps",
    "archives",
    "authorizations",
    "devices",
    "duplicates",
    "gear",
    "goals",
    "grants",
    "health",
    "households",
    "imports",
    "leaving",
    "new_password",
    "notifications",
    "pages",
    "passkeys",
    "profile",
    "registration",
    "second_factor",
    "sign_in",
    "users",
]
ONE, NUMBER, MEANING = ("_", "gettext", "N_", "Said"), ("ngettext",), ("pgettext",)
_HEADER = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=n != 1;\n"


@dataclass(frozen=True, slots=True)
class Message:
    """A message in its place."""

    place: str
    message: str
    plural: str | None = None
    context: str | None = None

    @property
    def key(self) -> str:
        """Return what a catalogue has it under."""
        return key_of(self.message, self.context)


def in_code(path: Path) -> Iterator[Message]:
    """Yield the messages of a Python file that speaks; ValueError for one that is put together where it is said."""
    text, errors = path.read_text("utf-8"), path.relative_to(SERVER).parts[0] in SHOWN_ERRORS
    if not any(mark in text for mark in ("words.speech import", "Error(", "told(")):
        return
    tree = ast.parse(text)
    yield from _told(tree, path.relative_to(SERVER), errors=errors)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            place = f"{path.relative_to(SERVER)}:{node.lineno}"
            if any(isinstance(given, ast.JoinedStr) for given in node.args[:2]) and node.func.id in ONE + NUMBER:
                raise ValueError(f"{place} says an f-string, which no catalogue has; name its figures")
            given = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if errors and node.func.id.endswith("Error") and len(given) > 1 and given[1] in _texts(node.args[1]):
                yield Message(place, given[1])
            yield from _message(place, node.func.id, given)


def in_findings() -> Iterator[Message]:
    """Yield what the protocol says of a damaged journal."""
    for name in FINDINGS:
        path = PROTOCOL / name
        yield from _told(ast.parse(path.read_text("utf-8")), path.relative_to(PROTOCOL.parent), errors=False)


def in_template(path: Path, environment: Environment) -> Iterator[Message]:
    """Yield the messages of a template."""
    tree = environment.parse(path.read_text("utf-8"))
    for line, function, found in extract_from_ast(tree, gettext_functions=ONE + NUMBER + MEANING):
        given = [one for one in ((found,) if isinstance(found, str) else found or ()) if isinstance(one, str)]
        yield from _message(f"{path.relative_to(SERVER)}:{line}", function, given)


def every_message() -> list[Message]:
    """Return every message that the server can say, once for each place."""
    environment = speaking(Environment(trim_blocks=True, lstrip_blocks=True))  # noqa: S701 (nothing is rendered)
    templates = [each for each in (SERVER / "templates").rglob("*") if each.is_file()]
    found = [message for path in sorted(templates) for message in in_template(path, environment)]
    found += in_findings()
    return found + [message for path in sorted(SERVER.rglob("*.py")) for message in in_code(path)]


def brought_up(text: str, messages: list[Message]) -> str:
    """Return a .po file with just these messages, sorted so that two branches seldom meet; the new ones are empty."""
    known: dict[str, Entry] = {}
    for entry in entries(_once(text)):
        if all(entry.forms) or key_of(entry.message, entry.context) not in known:
            known[key_of(entry.message, entry.context)] = entry
    header = known.pop("", Entry("", (_HEADER,)))
    wanted = {message.key: message for message in messages}
    for message in messages:
        if message.plural is not None:
            wanted[message.key] = message
    parts = [_entry(header)]
    for key in sorted(wanted):
        message, old = wanted[key], known.get(key)
        count = 1 if message.plural is None else 2
        forms = old.forms if old is not None and len(old.forms) == count else ("",) * count
        parts.append(_entry(Entry(message.message, forms, message.plural, message.context)))
    return "\n".join(parts)


def _once(text: str) -> str:
    """Drop the empty one of two translations that a merge by union left beside each other."""
    return re.sub(
        r'^(msgstr "[^\n]+"\n)msgstr ""\n', r"\1", re.sub(r'^msgstr ""\n(?=msgstr ")', "", text, flags=re.M), flags=re.M
    )


def _told(tree: ast.AST, place: Path, *, errors: bool) -> Iterator[Message]:
    for line, message in told_in(tree, errors=errors):
        yield Message(f"{place}:{line}", message, None, TOLD if "%(" in message else None)


def _texts(node: ast.expr) -> list[object]:
    return [node.value] if isinstance(node, ast.Constant) else []


def _message(place: str, function: str, given: list[str]) -> Iterator[Message]:
    if function in ONE and given:
        yield Message(place, given[0])
    elif function in NUMBER and len(given) > 1:
        yield Message(place, given[0], given[1])
    elif function in MEANING and len(given) > 1:
        yield Message(place, given[1], None, given[0])


def _entry(entry: Entry) -> str:
    lines = [] if entry.context is None else [f"msgctxt {_quoted(entry.context)}"]
    lines.append(f"msgid {_quoted(entry.message)}")
    if entry.plural is None:
        lines.append(f"msgstr {_quoted(entry.forms[0])}")
    else:
        lines.append(f"msgid_plural {_quoted(entry.plural)}")
        lines += [f"msgstr[{n}] {_quoted(form)}" for n, form in enumerate(entry.forms)]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def main() -> int:
    """Bring every catalogue up; say what is not translated, and return 1 if there is any."""
    messages, missing = every_message(), 0
    for path in sorted(FOLDER.glob("*.po")):
        text = brought_up(path.read_text("utf-8"), messages)
        path.write_text(text, "utf-8")
        for entry in entries(text):
            if not all(entry.forms):
                missing += 1
                sys.stdout.write(f"{path.name}: {entry.message}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
