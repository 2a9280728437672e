"""Reads KiCad's files for the tests, on its own: nothing of what wrote them is used."""

import re
from typing import Any

_TOKEN = re.compile(r'\s*(?:(\()|(\))|"((?:[^"\\]|\\.)*)"|([^\s()"]+))')


def parsed(text: str) -> list[Any]:
    """The one S-expression in a text, as nested lists of texts; ValueError when its brackets do not fit."""
    stack: list[list[Any]] = [[]]
    at = 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise ValueError(f"no S-expression at {at}")
        at = found.end()
        if found[1]:
            stack.append([])
        elif found[2]:
            if len(stack) < 2:
                raise ValueError(f"a bracket too many at {at}")
            done = stack.pop()
            stack[-1].append(done)
        else:
            stack[-1].append(re.sub(r"\\(.)", r"\1", found[3]) if found[3] is not None else found[4])
    if len(stack) != 1 or len(stack[0]) != 1:
        raise ValueError("the brackets do not fit")
    return stack[0][0]


def every(node: list[Any], name: str) -> list[list[Any]]:
    """The lists of that name directly in a node."""
    return [part for part in node if isinstance(part, list) and part and part[0] == name]


def only(node: list[Any], name: str) -> list[Any]:
    """The one list of that name in a node."""
    found = every(node, name)
    assert len(found) == 1, f"{len(found)} {name} in {node[:2]}"
    return found[0]


def point(node: list[Any]) -> tuple[float, float]:
    """Where a node is, to a thousandth of a millimetre."""
    x, y = only(node, "at")[1:3]
    return round(float(x), 3), round(float(y), 3)
