"""S-expressions as KiCad writes them: nested lists of words, numbers and quoted texts."""

from collections.abc import Sequence


class Word(str):
    """A word that stands without quotes."""

    __slots__ = ()


def text_of(node: object, depth: int = 0) -> str:
    """Return a node as text: a short list on one line, a longer one with each list in it on its own."""
    if isinstance(node, Word):
        return str(node)
    if isinstance(node, str):
        return '"' + node.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(node, float):
        return f"{node:.4f}".rstrip("0").rstrip(".")
    if isinstance(node, int):
        return str(node)
    if not isinstance(node, Sequence):
        raise TypeError(f"{node!r} is no part of an S-expression")
    parts = [text_of(part, depth + 1) for part in node]
    line = "(" + " ".join(parts) + ")"
    if len(line) <= 100 and "\n" not in line:
        return line
    out = "(" + parts[0]
    for part, raw in zip(parts[1:], node[1:], strict=True):
        out += ("\n" + "  " * (depth + 1) if isinstance(raw, list) else " ") + part
    return out + "\n" + "  " * depth + ")"
