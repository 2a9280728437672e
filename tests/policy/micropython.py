"""What MicroPython cannot run, in files that must run on both interpreters or on the board."""

import ast
from collections.abc import Iterator

from policy.imports import imported
from policy.tree import Source

ABSENT_MODULES = frozenset(
    {
        "__future__",
        "abc",
        "contextlib",
        "copy",
        "dataclasses",
        "datetime",
        "enum",
        "functools",
        "itertools",
        "logging",
        "numbers",
        "operator",
        "pathlib",
        "string",
        "threading",
        "typing",
        "warnings",
    }
)
ABSENT_NAMES = {
    "bit_length": "int.bit_length does not exist",
    "removeprefix": "str.removeprefix does not exist",
    "removesuffix": "str.removesuffix does not exist",
    "TaskGroup": "asyncio.TaskGroup does not exist: keep the tasks and gather them",
    "timeout": "asyncio.timeout does not exist: use asyncio.wait_for_ms",
    "Queue": "asyncio.Queue does not exist: use a list and an asyncio.Event",
}


def modules_exist(source: Source) -> Iterator[str]:
    """No module that MicroPython lacks or that costs the board memory."""
    for line, module in imported(source):
        if module.partition(".")[0] in ABSENT_MODULES or module == "collections.abc":
            yield source.said(line, f"imports {module}: not on MicroPython")


def constructs_exist(source: Source) -> Iterator[str]:
    """No construct that MicroPython's compiler or types refuse."""
    for node in ast.walk(source.tree):
        what = _unsupported(node)
        if what:
            yield source.said(getattr(node, "lineno", 1), f"{what} (MicroPython)")


def _unsupported(node: ast.AST) -> str | None:
    match node:
        case ast.Match():
            return "match does not exist: use if"
        case ast.arguments(posonlyargs=[first, *_]):
            return f"positional-only marker behind {first.arg!r}: drop the slash"
        case ast.List(ctx=ast.Load()) | ast.Tuple(ctx=ast.Load()) | ast.Set():
            starred = any(isinstance(element, ast.Starred) for element in node.elts)
            return "no * inside a display: add the lists" if starred else None
        case ast.Delete(targets=targets):
            sliced = any(isinstance(t, ast.Subscript) and isinstance(t.slice, ast.Slice) for t in targets)
            return "bytearray slices cannot be deleted: make a new one" if sliced else None
        case ast.Raise(cause=cause) if cause is not None:
            return "raise … from is not kept: raise alone"
        case ast.Call(func=ast.Attribute(attr="from_bytes" | "to_bytes"), keywords=[_, *_]):
            return "from_bytes and to_bytes take no keywords: use struct for signed numbers"
        case ast.Attribute(attr=name, value=ast.Name(id=owner)) if name in {"TaskGroup", "timeout", "Queue"}:
            return ABSENT_NAMES[name] if owner == "asyncio" else None
        case ast.Attribute(attr="bit_length" | "removeprefix" | "removesuffix" as name):
            return ABSENT_NAMES[name]
        case _:
            return None
