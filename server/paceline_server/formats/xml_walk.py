"""A bounded walk over an XML document with expat: no entities, no namespaces, nothing loaded from elsewhere."""

from collections.abc import Callable, Mapping
from xml.parsers import expat

from paceline_server.formats.ascii_words import moment_of, number_of
from paceline_server.formats.errors import FormatError

DEEPEST = 40
LONGEST_TEXT = 4096

Start = Callable[[str, Mapping[str, str]], None]
End = Callable[[str, str], None]


class XmlWalk:
    """Calls `start(name, attributes)` and `end(name, text)` for each element, names without their prefix.

    `path` holds the names of the open elements, the current one last (in `end` too). Anything that is not well-formed,
    declares an entity, or nests or talks without end raises FormatError with the line.
    """

    def __init__(self, start: Start, end: End) -> None:
        self.path: list[str] = []
        self._on_start, self._on_end = start, end
        self._text: list[str] = []
        self._text_length = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.EntityDeclHandler = self._entity

    def run(self, data: bytes) -> None:
        """Walk the whole document."""
        try:
            self._parser.Parse(data, True)
        except expat.ExpatError as error:
            raise FormatError(
                f"Not well-formed XML: {expat.ErrorString(error.code)}", f"line {error.lineno}"
            ) from error
        except FormatError:
            raise
        except (
            ValueError,
            LookupError,
        ) as error:  # ValueError: expat knows no encodings of several bytes, such as UTF-7
            raise FormatError(f"Text in an unknown encoding: {error}", self.where) from error

    @property
    def where(self) -> str:
        """The place that the walk has reached."""
        return f"line {self._parser.CurrentLineNumber}"

    def number(self, text: str) -> float:
        """Return the number that an element's text holds; NaN when it is empty."""
        try:
            return number_of(text)
        except ValueError:
            raise FormatError(f"{text[:40]!r} in <{self.path[-1]}> is no number", self.where) from None

    def moment(self, text: str) -> float:
        """Return the Unix seconds of an ISO 8601 time, UTC when it names no zone; NaN when it is empty."""
        try:
            return moment_of(text)
        except ValueError:
            raise FormatError(f"{text[:40]!r} in <{self.path[-1]}> is no time", self.where) from None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.path) >= DEEPEST:
            raise FormatError(f"Elements nest deeper than {DEEPEST}", self.where)
        name = name.rpartition(":")[2]
        self.path.append(name)
        self._text.clear()
        self._text_length = 0
        self._on_start(name, attributes)

    def _end(self, name: str) -> None:
        self._on_end(self.path[-1], "".join(self._text).strip())
        self.path.pop()
        self._text.clear()
        self._text_length = 0

    def _characters(self, text: str) -> None:
        # Beyond the limit text is dropped: only short texts are read, and a description may be long.
        if self._text_length < LONGEST_TEXT:
            self._text.append(text)
            self._text_length += len(text)

    def _entity(self, name: str, *_rest: object) -> None:
        raise FormatError(f"The document declares the entity {name!r}; entities are not read", self.where)
