"""The shape of an XML element that comes again and again: bytes that are the same each time, and texts between them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from paceline_server.formats.ascii_words import LONGEST_TEXT, PAD_BYTES, AsciiWords, Flags, Floats, Places

TIME = "time_s"
DEEPEST = 12
LONGEST_LITERAL = PAD_BYTES - 2 * LONGEST_TEXT
MOST_GAPS = 32  # between elements that are compared as words: the others one by one
UNASKED = ""
HIDDEN = "-"  # by a text of the same column before it, and yet it must be a number
BLANKS = b"\t\n\r "
_BLANK = rb"[\t\n\r ]"
_TEXT = rb"[\t\n\r !-%'-;=-\\^-~]*"  # what needs no second look: ASCII without <, & and ]
_QUOTED = rb"[\t\n\r !#-%'-;=-\\^-~]*"  # and without the quotation mark
_NAME = rb"[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?"
_ATTRIBUTES = rb"((?:" + _BLANK + rb"+" + _NAME + rb"=\"" + _QUOTED + rb"\")*)"
_TOKEN = re.compile(rb"<(/?)(" + _NAME + rb")" + _ATTRIBUTES + _BLANK + rb"*(/?)>(" + _TEXT + rb")")
_ATTRIBUTE = re.compile(_BLANK + rb"+(" + _NAME + rb")=\"(" + _QUOTED + rb")\"")


@dataclass(frozen=True, eq=False)
class Shape:
    """`literals` with a text between each two; `columns` names what these hold, UNASKED or HIDDEN.

    `elements` are the names of all elements in it.
    """

    literals: tuple[bytes, ...]
    columns: tuple[str, ...]
    elements: frozenset[str]

    def found(self, words: AsciiWords, begins: Places) -> tuple[Places, Places, dict[str, Floats]]:
        """Return which of the places it stands at (their numbers), where it ends there, and its columns."""
        rows, at = np.arange(len(begins)), begins
        texts: list[tuple[Places, Places]] = []
        for number, literal in enumerate(self.literals):
            good = words.holds(at, literal)
            if number:
                begun, ended = texts[-1]
                good &= ended >= begun
            if not good.all():
                rows, at = rows[good], at[good]
                texts = [(begun[good], ended[good]) for begun, ended in texts]
            at = at + len(literal)
            if number < len(self.columns):
                texts.append((at, words.ends(at)))
                at = texts[-1][1]
        columns: dict[str, Floats] = {}
        good = np.ones(len(rows), np.bool_)
        for name, (begun, ended) in zip(self.columns, texts, strict=True):
            if name != UNASKED:
                columns[name], told = (words.moments if name == TIME else words.numbers)(begun, ended)
                good &= told
        columns.pop(HIDDEN, None)
        if good.all():
            return rows, at, columns
        return rows[good], at[good], {name: column[good] for name, column in columns.items()}


@dataclass
class _Draft:
    """A shape while it is learnt."""

    chunk: bytes
    fields: Mapping[str, str]
    seen: set[str] = field(default_factory=set)
    elements: set[str] = field(default_factory=set)
    literals: list[bytes] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    begun: int = 0

    def opened(self, token: re.Match[bytes], path: list[str], *, leaf: bool) -> bool:
        """Take an opening tag, and the text of a leaf; False when that is not plain enough."""
        alone = bool(token[4])
        if path[-1] in self.elements and path[-1] == path[0]:
            return False  # a point in a point
        self.elements.add(path[-1])
        names: set[bytes] = set()
        for one in _ATTRIBUTE.finditer(token[3]):
            if one[1] in names:
                return False
            names.add(one[1])
            key = "@" + one[1].decode()
            column = self.fields.get(key) if len(path) == 1 else None
            if not self._text(token.start(3) + one.start(2), token.start(3) + one.end(2), key, column):
                return False
        key = "/".join(path[-2:])
        column = self.fields.get(key) or self.fields.get(path[-1])
        if leaf:
            return self._text(token.start(5), token.end(5), key, column)
        # One without a text says that the value is missing, and is the first to say so.
        return column is None or (alone and self._known(key, column) is not None)

    def _text(self, begin: int, end: int, key: str, column: str | None) -> bool:
        known = self._known(key, column)
        if known is None:
            return False
        self.literals.append(self.chunk[self.begun : begin])
        self.columns.append(known)
        self.begun = end
        return True

    def _known(self, key: str, column: str | None) -> str | None:
        """Return the column, HIDDEN when another text holds it, or UNASKED; None when this one came before."""
        if column is None:
            return UNASKED
        if key in self.seen:
            return None
        first = column not in self.seen
        self.seen |= {key, column}
        return column if first else HIDDEN


def learnt(chunk: bytes, fields: Mapping[str, str]) -> Shape | None:
    """Return the shape of the element with which a chunk begins; None when it is not plain enough.

    `fields` maps "@attribute" of the element, "parent/name" or "name" of an element in it to a column.
    """
    draft = _Draft(chunk, fields)
    path: list[bytes] = []
    at = end = 0
    while at == 0 or path:
        token = _TOKEN.match(chunk, at)
        if token is None or len(path) > DEEPEST:
            return None
        at, end = token.end(), token.start(5)  # what follows the element is not its
        if token[1]:
            if not path or path.pop() != token[2] or token[3] or token[4]:
                return None
        else:
            leaf = not token[4] and chunk[at : at + 2] == b"</"
            path.append(token[2])
            if not draft.opened(token, [_local(name) for name in path], leaf=leaf):
                return None
            if leaf:
                continue
            if token[4]:
                path.pop()
        if path and token[5].strip():
            return None
    draft.literals.append(chunk[draft.begun : end])
    if max(map(len, draft.literals)) > LONGEST_LITERAL:
        return None
    return Shape(tuple(draft.literals), tuple(draft.columns), frozenset(draft.elements))


def blank_between(words: AsciiWords, ends: Places, begins: Places) -> Flags:
    """Tell where there is nothing, or only blanks, from an end to the beginning after it."""
    blank = ends <= begins
    wide = np.flatnonzero(ends < begins)
    for _ in range(MOST_GAPS):
        if not len(wide):
            return blank
        gap = words.data[ends[wide[0]] : begins[wide[0]]]
        if len(gap) > LONGEST_LITERAL:
            break
        alike = (begins[wide] - ends[wide] == len(gap)) & words.holds(ends[wide], gap)
        blank[wide[alike]] = not gap.strip(BLANKS)
        wide = wide[~alike]
    for row in wide.tolist():
        blank[row] = not words.data[ends[row] : begins[row]].strip(BLANKS)
    return blank


def _local(name: bytes) -> str:
    return name.rpartition(b":")[2].decode()
