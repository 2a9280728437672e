"""Finds in code what is told: sentences that are kept or sent in English, f-strings among them (docs/WORDS.md)."""

import ast
import re
from collections.abc import Iterator

# Who takes a sentence → which of its arguments are one. `note` and JournalError are the journal reader's.
TAKERS = {"told": (0,), "FormatError": (0, 1), "ArchiveError": (0,), "note": (3,), "JournalError": (2,)}
_WORD = re.compile(r"[A-Za-z]{3}")


def told_in(tree: ast.AST, *, errors: bool) -> Iterator[tuple[int, str]]:
    """Yield (line, message) of what is told; a message has its figures as %(name)s, named by what they are called.

    `errors`: what an error says to people (its second argument) is told, too, where it has figures.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = _called(node.func)
            places = TAKERS.get(name, (1,) if errors and name.endswith("Error") else ())
            for at, given in enumerate(node.args):
                if at in places and (isinstance(given, ast.JoinedStr) or (at == places[0] and name in TAKERS)):
                    yield from _message(given)
        elif isinstance(node, ast.Assign) and [_called(one) for one in node.targets] == ["text"]:
            yield from _message(node.value)  # the journal reader names a finding before it notes it


def _called(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _message(node: ast.expr) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
        yield node.lineno, node.value
    elif isinstance(node, ast.JoinedStr):
        parts, names = [], set[str]()
        for value in node.values:
            if isinstance(value, ast.FormattedValue):
                parts.append(f"%({_unused(_name(value.value), names)})s")
            elif isinstance(value, ast.Constant):
                parts.append(str(value.value).replace("%", "%%"))
        if _WORD.search(re.sub(r"%\(\w+\)s", "", "".join(parts))):
            yield node.lineno, "".join(parts)


def _name(node: ast.expr) -> str:
    """Return what a figure is called: a name, else the last one of its expression."""
    if isinstance(node, ast.Name | ast.Attribute):
        return _called(node).strip("_").lower()
    inner = [one for one in ast.walk(node) if isinstance(one, ast.Name | ast.Attribute) and _called(one) not in _CALLS]
    return _name(inner[0]) if inner else "n"


_CALLS = {"type", "str", "abs", "len", "sorted", "join", "int", "map", "strftime", "ErrorString", "__name__"}


def _unused(name: str, names: set[str]) -> str:
    found = next(each for each in (name, *(f"{name}_{n}" for n in range(2, 20))) if each not in names)
    names.add(found)
    return found
