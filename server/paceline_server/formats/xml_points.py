"""Points of an XML track, lifted out of the document by shapes that are learnt from it.

A track is the same few elements thousands of times over, and calling Python for each costs more than all the rest of an
upload. So the points are compared with the shape of one before them, all at once (xml_shapes.py). What matches is
lifted out, and a mark stands for the run of points in what is left of the document, which is read as any other; what
does not match stays there. In documents with comments, CDATA or declarations nothing is lifted.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from paceline_server.formats.ascii_words import AsciiWords, Flags, Places
from paceline_server.formats.recording import Column
from paceline_server.formats.xml_shapes import BLANKS, TIME, Shape, blank_between, learnt

__all__ = ["TIME", "Lifted", "Run", "lift"]
MOST_SHAPES = 16
MOST_FAILURES = 64
MOST_MARKS = 1000  # looked at one by one
_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml[^?>]*\?>)?")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([A-Za-z0-9._-]*)[\"']")
_WIDER_THAN_ASCII = re.compile(rb"utf-?8|us-ascii|iso-8859-\d+|latin-?1|windows-125\d|cp125\d", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Run:
    """Points that follow each other: a column for each field, NaN where a point lacks it; names of all elements."""

    columns: Mapping[str, Column]
    elements: frozenset[str]


@dataclass(frozen=True, eq=False)
class Lifted:
    """What is left of the document; in it an element with the attribute `mark` stands for the run of that number."""

    rest: bytes
    mark: str
    runs: list[Run]


def lift(data: bytes, element: str, fields: Mapping[str, str]) -> Lifted:
    """Lift the points out: elements of this name without a prefix.

    `fields` maps "@attribute" of the point, "parent/name" or "name" of an element in it, all without prefixes, to a
    column; the first one of a column counts. TIME holds Unix seconds, all others numbers.
    """
    if not _is_plain(data):
        return Lifted(data, "run", [])
    words = AsciiWords(data)
    begins = _begins(words, element.encode())
    if not len(begins):
        return Lifted(data, "run", [])
    points = _Points(words, begins, fields)
    points.match()
    return points.lifted(element.encode())


def _is_plain(data: bytes) -> bool:
    """Tell whether each `<` and the name behind it is a tag, in ASCII."""
    if b"\0" in data:
        return False
    head = _HEAD.match(data)
    begun = head.end() if head is not None else 0
    encoding = _ENCODING.search(data, 0, begun)
    if encoding is not None and not _WIDER_THAN_ASCII.fullmatch(encoding[1]):
        return False
    return not any(_tag_of(data, mark, begun) for mark in (b"!", b"?"))


def _tag_of(data: bytes, mark: bytes, begun: int) -> bool:
    """Tell whether a tag begins with this mark."""
    at = data.find(mark, begun)
    for _ in range(MOST_MARKS):
        if at < 0:
            return False
        if data[at - 1 : at] == b"<":
            return True
        at = data.find(mark, at + 1)
    return b"<" + mark in data[at:]


def _begins(words: AsciiWords, element: bytes) -> Places:
    octets = words.octets[: len(words.data)]
    likely = (octets[:-2] == ord("<")) & (octets[1:-1] == element[0]) & (octets[2:] == element[1])
    begins = np.flatnonzero(likely).astype(np.int64)
    begins = begins[words.holds(begins, b"<" + element)]
    behind = words.octets[begins + 1 + len(element)]
    return begins[np.isin(behind, np.frombuffer(BLANKS + b">", np.uint8))]


def _odd(words: AsciiWords) -> Places:
    """Return where there is no ASCII, or what needs a second look in a text: &, ] and what XML does not allow."""
    data, octets = words.data, words.octets[: len(words.data)]
    low = octets < ord(" ")
    blanks = sum(np.count_nonzero(octets == blank) for blank in BLANKS if blank < ord(" "))
    if data.isascii() and not any(one in data for one in (b"&", b"]", b"\x7f")) and np.count_nonzero(low) == blanks:
        return np.empty(0, np.int64)
    low &= (octets != ord("\n")) & (octets != ord("\r")) & (octets != ord("\t"))
    return np.flatnonzero((octets > ord("~")) | (octets == ord("&")) | (octets == ord("]")) | low).astype(np.int64)


class _Points:
    """The points of a document: which shape each has, where it ends, its values."""

    def __init__(self, words: AsciiWords, begins: Places, fields: Mapping[str, str]) -> None:
        self._words, self._begins, self._fields = words, begins, fields
        self._bounds = np.append(begins[1:], len(words.data))
        self._ends = begins.copy()
        self._shape_of = np.full(len(begins), -1)
        self._shapes: list[Shape] = []
        self._columns: dict[str, Column] = {TIME: np.full(len(begins), np.nan)}

    def match(self) -> None:
        """Find the shapes of as many as have one."""
        odd = _odd(self._words)
        left = np.arange(len(self._begins))
        failures = 0
        while len(left) and len(self._shapes) < MOST_SHAPES and failures < MOST_FAILURES:
            first = int(left[0])
            shape = learnt(self._words.data[self._begins[first] : self._bounds[first]], self._fields)
            matched = self._matched(shape, left, odd) if shape is not None else left[:0]
            if not len(matched) or matched[0] != first:
                failures += 1
                matched = np.union1d(matched, left[:1])
            left = np.setdiff1d(left, matched, assume_unique=True) if len(matched) < len(left) else left[:0]

    def _matched(self, shape: Shape, left: Places, odd: Places) -> Places:
        rows, ends, columns = shape.found(self._words, self._begins[left])
        rows = left[rows]
        good = ends <= self._bounds[rows]
        if len(odd):
            good &= np.searchsorted(odd, self._begins[rows]) == np.searchsorted(odd, ends)
        if not good.all():
            rows, ends = rows[good], ends[good]
            columns = {name: column[good] for name, column in columns.items()}
        for name, column in columns.items():
            self._columns.setdefault(name, np.full(len(self._begins), np.nan))[rows] = column
        self._ends[rows] = ends
        self._shape_of[rows] = len(self._shapes)
        self._shapes.append(shape)
        return rows

    def lifted(self, element: bytes) -> Lifted:
        """Return the document without the points that have a shape."""
        lifted = self._shape_of >= 0
        going_on = np.zeros(len(lifted), np.bool_)
        going_on[1:] = lifted[1:] & lifted[:-1] & self._blank_before()
        firsts = np.flatnonzero(lifted & ~going_on)
        lasts = np.flatnonzero(lifted & ~np.append(going_on[1:], False))
        data, at = self._words.data, 0
        parts: list[bytes] = []
        runs: list[Run] = []
        for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
            parts.append(data[at : self._begins[first]])
            at = self._ends[last]
            runs.append(self._run(slice(first, last + 1)))
        parts.append(data[at:])
        mark = _unused(parts)
        marks = (b'<%s %s="%d"/>' % (element, mark.encode(), number) for number in range(len(runs)))
        rest = [parts[0], *(piece for pair in zip(marks, parts[1:], strict=True) for piece in pair)]
        return Lifted(b"".join(rest), mark, runs)

    def _blank_before(self) -> Flags:
        return blank_between(self._words, self._ends[:-1], self._begins[1:])

    def _run(self, rows: slice) -> Run:
        columns = {name: column[rows] for name, column in self._columns.items()}
        shapes = np.unique(self._shape_of[rows]).tolist()
        return Run(columns, frozenset().union(*(self._shapes[number].elements for number in shapes)))


def _unused(parts: list[bytes]) -> str:
    mark = "run"
    while any(mark.encode() in part for part in parts):
        mark += "_"
    return mark
