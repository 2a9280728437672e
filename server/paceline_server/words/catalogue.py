"""A catalogue of GNU gettext's .po format, read as it is: no compiled file can be older than it."""

import gettext
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_PLURAL = re.compile(r"Plural-Forms:[^\n]*plural=([^;\n]+)")
_LINE = re.compile(r'(?:(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?) )?("(?:[^"\\]|\\.)*")')


@dataclass(frozen=True, slots=True)
class Entry:
    """A message with its forms: one, or one for each plural; empty where it is not translated."""

    message: str
    forms: tuple[str, ...]
    plural: str | None = None
    context: str | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The forms of each message under `key_of`; `form_of` says which of them is for a number."""

    forms: Mapping[str, tuple[str, ...]]
    form_of: Callable[[int], int]


def key_of(message: str, context: str | None = None) -> str:
    """Return what a message is found by; gettext's own way to name a context."""
    return message if context is None else f"{context}\x04{message}"


def entries(text: str) -> Iterator[Entry]:
    """Yield all entries of a .po file, the header (message "") too; ValueError says which line cannot be read.

    What is fuzzy or obsolete is none.
    """
    for block in re.split(r"\n\s*\n", text):
        parts: dict[str, str] = {}
        name = ""
        if any(line.startswith("#,") and "fuzzy" in line for line in block.splitlines()):
            continue
        for line in block.splitlines():
            if line.startswith("#") or not line.strip():
                continue
            found = _LINE.fullmatch(line.strip())
            if found is None or not (found[1] or name):
                raise ValueError(f"not a line of a .po file: {line}")
            name = found[1] or name
            # The escapes of .po are those of JSON.
            parts[name] = ("" if found[1] else parts[name]) + json.loads(found[2])
        if "msgid" in parts:
            forms = tuple(value for name, value in parts.items() if name.startswith("msgstr"))
            yield Entry(parts["msgid"], forms, parts.get("msgid_plural"), parts.get("msgctxt"))


def catalogue_of(text: str) -> Catalogue:
    """Return the catalogue of a .po file."""
    forms: dict[str, tuple[str, ...]] = {}
    rule = "n != 1"
    for entry in entries(text):
        if not entry.message:
            found = _PLURAL.search("".join(entry.forms))
            rule = found[1].strip() if found else rule
        elif all(entry.forms):
            forms[key_of(entry.message, entry.context)] = entry.forms
    return Catalogue(forms, gettext.c2py(rule))


@cache
def catalogue(language: str) -> Catalogue:
    """Return the catalogue of a language; that of English, and of any without a file, is empty."""
    file = files("paceline_server.words").joinpath(f"{language.partition('-')[0]}.po")
    return catalogue_of(file.read_text("utf-8") if file.is_file() else "")
