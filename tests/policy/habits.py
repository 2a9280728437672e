"""Small habits: no prints, no fakes of our own code, no notes to later, nothing of this machine."""

import ast
import re
from collections.abc import Iterator

from policy.tree import Source

MAY_PRINT = re.compile(r"tools/|tests/|(gateway|server)/\w+/(cli|__main__)\.py$|firmware/(main|wearable/core)\.py$")
# Written in pieces, so that this file does not break its own rule.
LATER = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]) + r")\b")
ISSUE = re.compile(r"\b" + "issue" + r" #?\d+\b", re.IGNORECASE)
MACHINE = re.compile(
    "|".join([r"(?<![\w.])/wo" + r"rk/", r"(?<![\w.])/ho" + r"me/[a-z]", r"/Us" + r"ers/[a-z]", r"/tmp/bri" + "ef"])
)
REGISTRY = re.compile(
    "|".join(["py" + r"pi\.org", "python" + r"hosted\.org", "npm" + r"js\.(org|com)", "yarn" + r"pkg\.com"])
)


def prints_nothing(source: Source) -> Iterator[str]:
    """Programs print in their command line's file, the firmware where a task dies; everything else logs or returns."""
    if MAY_PRINT.match(source.path):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            yield source.said(node.lineno, "prints: log it or return it")


def fakes_nothing_of_ours(source: Source) -> Iterator[str]:
    """A test uses the real parts; only the lowest level may be a fake, passed in as an argument."""
    ours = _names_of_ours(source)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = getattr(node, "module", None) or ""
            names = [alias.name for alias in node.names]
            if (
                module == "mock"
                or any(f"{module}.{name}".endswith("unittest.mock") for name in names)
                or "mock" in names
            ) or module.startswith(("unittest.mock", "pytest_mock")):
                yield source.said(node.lineno, "imports mock: pass a real part or a fake of the lowest level in")
        elif isinstance(node, ast.Call) and _is_patch(node) and node.args and _root(node.args[0]) in ours:
            yield source.said(node.lineno, "patches our own code: pass what differs as an argument")


def _names_of_ours(source: Source) -> set[str]:
    names: set[str] = {"paceline"}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("paceline_"):
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {
                (alias.asname or alias.name).partition(".")[0]
                for alias in node.names
                if alias.name.startswith("paceline_")
            }
    return names


def _is_patch(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in {
        "setattr",
        "delattr",
        "setitem",
        "patch",
        "object",
    }


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return "paceline" if node.value.startswith("paceline_") else ""
    return node.id if isinstance(node, ast.Name) else ""


def _matching(source: Source, pattern: re.Pattern[str], what: str) -> Iterator[str]:
    for number, line in enumerate(source.text.splitlines(), 1):
        found = pattern.search(line)
        if found:
            yield source.said(number, f"{found.group()!r}: {what}")


def loses_no_cancellation(source: Source) -> Iterator[str]:
    """Nobody waits by asyncio.wait_for: until Python 3.12 it drops a cancellation that comes with the result."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "asyncio.wait_for":
            yield source.said(node.lineno, "may drop a cancellation: wait under asyncio.timeout")


def leaves_nothing_for_later(source: Source) -> Iterator[str]:
    """No notes to later and no numbers of a tracker in the text."""
    yield from _matching(source, LATER, "do it now, or open an issue and say nothing here")
    yield from _matching(source, ISSUE, "say the reason itself; numbers of a tracker age")


def names_no_machine(source: Source) -> Iterator[str]:
    """No absolute path of a developer's machine, no registry's host."""
    yield from _matching(source, MACHINE, "a path of one machine: make it relative or an argument")
    yield from _matching(source, REGISTRY, "names a registry: the installer's own configuration decides")
