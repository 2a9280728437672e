"""Edits of a source text at the places that its syntax tree tells; lines stay where they are."""

import ast
from collections.abc import Iterator

Edit = tuple[int, int, int, str]
"""Line from 1, first byte and byte behind the last one in it, what comes there instead."""


def edited(text: str, edits: list[Edit]) -> str:
    """Return the text with the edits done."""
    lines = text.encode().split(b"\n")
    for line, begin, end, new in sorted(set(edits), reverse=True):
        content = lines[line - 1]
        lines[line - 1] = content[:begin] + new.encode() + content[end:]
    return b"\n".join(lines).decode()


def in_formatted_strings(tree: ast.AST) -> set[int]:
    """Return the ids of the nodes inside of f-strings, whose places the tree does not tell (CPython 3.11)."""
    return {id(inner) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for inner in ast.walk(node)}


def name_places(tree: ast.AST, text: str) -> Iterator[tuple[str, int, int, ast.AST]]:
    """Yield (name, line, first byte, node) wherever a name is written, f-strings too."""
    lines = text.encode().split(b"\n")
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id, node.lineno, node.col_offset, node
        elif isinstance(node, ast.Attribute):
            yield node.attr, node.end_lineno or 0, (node.end_col_offset or 0) - len(node.attr.encode()), node
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno, lines[node.lineno - 1].index(node.name.encode(), node.col_offset), node
        elif isinstance(node, ast.arg | ast.keyword) and node.arg:
            yield node.arg, node.lineno, node.col_offset, node
        elif isinstance(node, ast.alias):
            yield node.asname or node.name, node.lineno, node.col_offset, node
