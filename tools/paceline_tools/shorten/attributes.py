"""Attributes that no object has at once share a name: each distinct name costs the board's heap 7 bytes.

What an attribute's name is said of is not known, so each name is replaced by the same one everywhere. Two may become
one when no class, with those that it derives from or that derive from it, has both: then no object can confuse them.
Names that objects of MicroPython, of the board or of scripts have, or that stand in texts, stay.
"""

import array
import ast
import asyncio
import collections
import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Iterator

from paceline_tools.shorten.pieces import Piece, words_in

_TYPES = (
    str,
    bytes,
    bytearray,
    memoryview,
    int,
    float,
    list,
    tuple,
    dict,
    set,
    array.array,
    collections.deque,
    OSError,
)
_OTHERS = (io.BytesIO, io.StringIO, io.FileIO, asyncio.Event, asyncio.StreamReader, asyncio, hashlib.sha256(), iter)
_BOARD = """
active any collect commit config cpu_frequency crypt datetime decrypt deinit digest duty encrypt feed freq
gap_advertise gap_disconnect gatts_notify gatts_read gatts_register_services gatts_set_buffer gatts_write get_blob
get_i32 high init ioctl irq low off on readblocks readfrom_into readfrom_mem readfrom_mem_into readinto reset
reset_cause schedule set_blob set_exception_handler set_i32 sleep_ms ticks_diff ticks_ms toggle update value wait
wait_for_ms watchdog writeblocks writeto writeto_mem writevto
"""

_MODULES = "asyncio binascii bluetooth cryptolib errno gc hashlib io machine math micropython os struct sys time"

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def share_attributes(pieces: Iterable[Piece], words: set[str]) -> set[str]:
    """Rename in place; `words` are said elsewhere. Return the names that bodies of classes bind now."""
    pieces = list(pieces)
    families = _families(pieces)
    fixed = _BOARD.split() + [name for thing in (*_TYPES, *_OTHERS) for name in dir(thing)]
    kept = set(fixed) | words | {word for piece in pieces for word in _in_texts(piece.node) | _of_modules(piece.node)}
    said = Counter(node.attr for piece in pieces for node in ast.walk(piece.node) if isinstance(node, ast.Attribute))
    meets: dict[str, set[str]] = {}
    for family in families:
        for name in family:
            meets.setdefault(name, set()).update(family)
    names: dict[str, str] = {}
    taken: dict[str, set[str]] = {}  # by the new name: all that became it
    for name in sorted(meets, key=lambda name: (-said[name], name)):
        if name in kept or name.startswith("__"):
            continue
        new = next((new for new, those in taken.items() if not meets[name] & those), name)
        taken.setdefault(new, set()).add(name)
        names[name] = new
    for piece in pieces:
        _rename(piece.node, names)
    return {name for piece in pieces if isinstance(piece.node, ast.ClassDef) for name in _bound(piece.node)}


def _families(pieces: list[Piece]) -> list[set[str]]:
    """Return for each class, together with all it is related to, the names of its attributes."""
    classes = {node.name: node for piece in pieces if isinstance(node := piece.node, ast.ClassDef)}
    leader = {name: name for name in classes}

    def root(name: str) -> str:
        while leader[name] != name:
            name = leader[name]
        return name

    for name, node in classes.items():
        for base in node.bases:
            if isinstance(base, ast.Name) and base.id in classes:
                leader[root(base.id)] = root(name)
    families: dict[str, set[str]] = {}
    for name, node in classes.items():
        families.setdefault(root(name), set()).update(_bound(node), _of_self(node))
    return list(families.values())


def _bound(node: ast.ClassDef) -> Iterator[str]:
    for part in node.body:
        if isinstance(part, _Function):
            yield part.name
        elif isinstance(part, ast.Assign):
            for target in part.targets:
                yield from (inner.id for inner in ast.walk(target) if isinstance(inner, ast.Name))


def _of_self(node: ast.ClassDef) -> set[str]:
    return {
        inner.attr
        for inner in ast.walk(node)
        if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name) and inner.value.id == "self"
    }


def _in_texts(node: ast.AST) -> set[str]:
    texts = [inner for inner in ast.walk(node) if isinstance(inner, ast.Constant) and isinstance(inner.value, str)]
    return {word for text in texts for word in words_in(text)}


def _of_modules(node: ast.AST) -> set[str]:
    """Return attributes of what is called by a plain name that is not self, of modules of MicroPython above all."""
    return {
        inner.attr
        for inner in ast.walk(node)
        if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name) and inner.value.id in _MODULES.split()
    }


def _rename(node: ast.stmt, names: dict[str, str]) -> None:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute):
            inner.attr = names.get(inner.attr, inner.attr)
    if not isinstance(node, ast.ClassDef):
        return
    bound = set(_bound(node))
    for part in node.body:
        if isinstance(part, _Function):
            part.name = names.get(part.name, part.name)
            outside = [*part.decorator_list, *part.args.defaults, *filter(None, part.args.kw_defaults)]
        else:
            outside = [part]
        for inner in [inner for one in outside for inner in ast.walk(one)]:
            if isinstance(inner, ast.Name) and inner.id in bound:
                inner.id = names.get(inner.id, inner.id)
