"""Points of an XML track, lifted out of the document by expressions that are learnt from it.

A track is the same few elements thousands of times over, and calling Python for each costs more than all the rest of an
upload. So each point is matched, byte by byte, with the shape of one before it. What matches is lifted out, and a mark
stands for the run of points in what is left of the document, which is read as any other; what does not match stays
there. In documents with comments, CDATA or declarations nothing is lifted.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from paceline_server.formats.recording import Column

MOST_SHAPES = 16
_TEXT = rb"[\t\n\r !-%'-;=-~]*"  # what needs no second look: ASCII without < and &
_QUOTED = rb"[\t\n\r !#-%'-;=-~]*"  # and without the quotation mark
_NUMBER = rb"\s*([-+]?[0-9]{1,12}(?:\.[0-9]{0,60})?(?:[eE][-+]?[0-9]{1,2})?)\s*"
_MOMENT = rb"\s*([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?)Z?\s*"
_NAME = rb"[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?"
_TOKEN = re.compile(rb"<(/?)(" + _NAME + rb")((?:\s+" + _NAME + rb"=\"" + _QUOTED + rb"\")*)\s*(/?)>(" + _TEXT + rb")")
_ATTRIBUTE = re.compile(rb"\s+(" + _NAME + rb")=\"(" + _QUOTED + rb")\"")
TIME = "time_s"


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


@dataclass(frozen=True, eq=False)
class _Shape:
    pattern: re.Pattern[bytes]
    fields: tuple[str, ...]
    elements: frozenset[str]


@dataclass
class _Open:
    """A run that is being collected: for each shape the places in the run and the texts."""

    points: int = 0
    found: dict[int, tuple[list[int], list[tuple[bytes, ...]]]] = field(default_factory=dict)


def lift(data: bytes, element: str, fields: Mapping[str, str]) -> Lifted:
    """Lift the points out: elements of this name without a prefix.

    `fields` maps "@attribute" of the point, "parent/name" or "name" of an element in it, all without prefixes, to a
    column; the first one of a column counts. TIME holds Unix seconds, all others numbers.
    """
    mark = _unused(data)
    if b"<!" in data or data.count(b"<?") > 1 or b"\0" in data:
        return Lifted(data, mark, [])
    lifter = _Lifter(data, element.encode(), fields, mark)
    try:
        return Lifted(lifter.rest(), mark, lifter.runs)
    except ValueError:  # a number or a time that numpy does not take: the slow way says which
        return Lifted(data, mark, [])


class _Lifter:
    def __init__(self, data: bytes, element: bytes, fields: Mapping[str, str], mark: str) -> None:
        self.runs: list[Run] = []
        self._data, self._element, self._fields, self._mark = data, element, fields, mark
        self._shapes: list[_Shape] = []

    def rest(self) -> bytes:
        """Return what is left when all that match are lifted."""
        data = self._data
        begins = [found.start() for found in re.finditer(rb"<" + self._element + rb"[\s>]", data)]
        if not begins:
            return data
        parts = [data[: begins[0]]]
        run, last = _Open(), 0
        for begin, bound in zip(begins, [*begins[1:], len(data)], strict=True):
            last, end = self._match(run, last, begin, bound)
            between = data[end:bound]
            if end == begin or not between.isspace():
                self._close(run, parts)
                run = _Open()
                parts.append(between)
        self._close(run, parts)
        return b"".join(parts)

    def _match(self, run: _Open, last: int, begin: int, bound: int) -> tuple[int, int]:
        """Take the point into the run if it has a shape; return the shape and its end, `begin` when it has none."""
        for number in (last, *range(len(self._shapes))):
            found = self._shapes[number].pattern.match(self._data, begin, bound) if number < len(self._shapes) else None
            if found is not None:
                places, texts = run.found.setdefault(number, ([], []))
                places.append(run.points)
                texts.append(found.groups())
                run.points += 1
                return number, found.end()
        shape = _learnt(self._data[begin:bound], self._fields) if len(self._shapes) < MOST_SHAPES else None
        if shape is None or shape.pattern.match(self._data, begin, bound) is None:
            return last, begin
        self._shapes.append(shape)
        return self._match(run, len(self._shapes) - 1, begin, bound)

    def _close(self, run: _Open, parts: list[bytes]) -> None:
        if not run.points:
            return
        parts.append(b'<%s %s="%d"/>' % (self._element, self._mark.encode(), len(self.runs)))
        columns: dict[str, Column] = {}
        for number, (places, texts) in run.found.items():
            for name, values in zip(self._shapes[number].fields, zip(*texts, strict=True), strict=True):
                column = columns.setdefault(name, np.full(run.points, np.nan))
                column[places] = _values(name, values)
        elements = frozenset().union(*(self._shapes[number].elements for number in run.found))
        self.runs.append(Run(columns, elements))


def _values(name: str, texts: tuple[bytes, ...]) -> Column:
    if name == TIME:
        moments = np.array([text.decode() for text in texts], dtype="datetime64[us]")
        return moments.astype(np.int64) / 1e6
    return np.array(texts).astype(np.float64)


def _learnt(chunk: bytes, fields: Mapping[str, str]) -> _Shape | None:
    """Return the shape of the element with which a chunk begins; None when it is not plain enough."""
    path: list[str] = []
    parts: list[bytes] = []
    captured: list[str] = []
    elements: set[str] = set()
    at = 0
    while at == 0 or path:
        token = _TOKEN.match(chunk, at)
        if token is None:
            return None
        closing, name, attributes, alone, text = token.groups()
        local = name.rpartition(b":")[2].decode()
        if closing:
            if not path or path.pop() != local or attributes or alone:
                return None
            parts.append(rb"</" + re.escape(name) + rb"\s*>")
        else:
            elements.add(local)
            parts.append(rb"<" + re.escape(name))
            parts += [_attribute(one, fields if not path else {}, captured) for one in _ATTRIBUTE.finditer(attributes)]
            parts.append(rb"\s*/>" if alone else rb"\s*>")
            if not alone:
                path.append(local)
        at = token.end()
        leaf = not closing and not alone and chunk[at : at + 2] == b"</"
        if leaf:
            parts.append(_leaf(path, fields, captured))
        elif not path:
            break  # what follows the point is not its
        elif text.strip():
            return None
        else:
            parts.append(rb"\s*")
    return _Shape(re.compile(b"".join(parts)), tuple(captured), frozenset(elements))


def _attribute(found: re.Match[bytes], fields: Mapping[str, str], captured: list[str]) -> bytes:
    column = fields.get("@" + found[1].decode())
    known = column is not None and column not in captured
    if column is not None and known:
        captured.append(column)
    return rb"\s+" + re.escape(found[1]) + rb"=\"" + (_NUMBER if known else _QUOTED) + rb"\""


def _leaf(path: list[str], fields: Mapping[str, str], captured: list[str]) -> bytes:
    column = fields.get("/".join(path[-2:])) or fields.get(path[-1])
    if column is None or column in captured:
        return _TEXT
    captured.append(column)
    return _MOMENT if column == TIME else _NUMBER


def _unused(data: bytes) -> str:
    mark = "run"
    while mark.encode() in data:
        mark += "_"
    return mark
