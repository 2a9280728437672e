"""How large files and functions may be, and which names say nothing."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from policy.tree import Source

LONGEST_FILE, LONGEST_FUNCTION = 400, 60
EMPTY_NAMES = frozenset({"util", "utils", "helper", "helpers", "common", "manager", "managers", "base", "misc"})


def file_is_short(source: Source) -> Iterator[str]:
    """A file holds one idea."""
    lines = source.text.count("\n") + (not source.text.endswith("\n"))
    if lines > LONGEST_FILE:
        yield source.said(
            LONGEST_FILE, f"the file has {lines} lines, at most {LONGEST_FILE}: give its ideas files of their own"
        )


def functions_are_short(source: Source) -> Iterator[str]:
    """A function is one step."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                what = f"{node.name} has {lines} lines, at most {LONGEST_FUNCTION}: split it into steps"
                yield source.said(node.lineno, what)


def c_functions_are_short(source: Source) -> Iterator[str]:
    """A function of C, from its first line to the brace that ends it, both at the margin."""
    first = 0
    for number, line in enumerate(source.text.split("\n"), 1):
        if line[:1].isalpha() and "(" in line and not line.endswith(";"):
            first = number
        elif line == "}" and first:
            if (lines := number - first + 1) > LONGEST_FUNCTION:
                yield source.said(first, f"has {lines} lines, at most {LONGEST_FUNCTION}: split it into steps")
            first = 0


def name_says_something(source: Source) -> Iterator[str]:
    """No drawer for whatever fits nowhere else."""
    path = PurePosixPath(source.path)
    for part in [*path.parent.parts, path.name.partition(".")[0]]:
        if part.lower().strip("_") in EMPTY_NAMES:
            yield source.said(1, f"is named {part!r}: name it after the one thing that it holds")
