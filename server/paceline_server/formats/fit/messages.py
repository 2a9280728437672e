"""The messages of a FIT file: decoded by fitfast, mended where only an envelope is wrong, salvaged where bytes are.

A FIT file is one or more sequences, each a header, messages and a check sum (FIT protocol, "File structure", "Chained
FIT files").
"""

from collections.abc import Callable, Mapping
from typing import Any

import fitfast
import numpy as np

from paceline_server.formats.errors import FormatError
from paceline_server.formats.fit.checksum import crc16
from paceline_server.formats.fit.salvage import salvaged
from paceline_server.formats.recording import Column

Messages = Mapping[str, Column]
"""A column for each numeric field that any message of a kind has; NaN where a message lacks it."""

HEADER_SIZES = (12, 14)
MOST_SEQUENCES = 64


class FitMessages:
    """All messages of a file, by kind; `warnings` says what of the file could not be had."""

    def __init__(self, data: bytes) -> None:
        """Decode; FormatError when nothing can be had."""
        self.warnings: tuple[str, ...] = ()
        self._saved: dict[str, list[dict[str, Any]]] | None = None
        self._rows: dict[str, list[dict[str, Any]]] | None = None
        self._data, self._records = _decoded(data)
        if self._records is None:
            self._saved, damage = salvaged(data)
            if not self._saved.get("record"):
                raise FormatError(f"Damaged FIT file: {damage}", f"file of {len(data)} bytes")
            self.warnings = (f"The file is damaged ({damage}); what lies before that was read.",)

    def columns(self, kind: str) -> Messages:
        """Return the numeric fields of all messages of a kind, in the order of the file."""
        if self._saved is not None:
            return _columns_of(self._saved.get(kind, []))
        if kind == "record" and self._records is not None:
            return self._records
        return _decode(fitfast.records, self._data, kind)

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """Return all messages of a kind as dictionaries, arrays and bytes too: slower than columns."""
        if self._saved is not None:
            return self._saved.get(kind, [])
        rows = self._rows
        if rows is None:
            rows = self._rows = _decode(lambda data: fitfast.parse(data, enum_names=False), self._data)
        return rows.get(kind, [])


def field(messages: Messages, *names: str) -> Column:
    """Return the first of these fields that has a value, message by message."""
    rows = len(next(iter(messages.values()), ()))
    values = np.full(rows, np.nan)
    for name in names:
        if name in messages:
            values = np.where(np.isnan(values), messages[name], values)
    return values


def _decoded(data: bytes) -> tuple[bytes, Messages | None]:
    """Return bytes that fitfast takes and their record messages; None when it takes none."""
    for candidate in (lambda: data, lambda: _mended(data, whole_tail=False), lambda: _mended(data, whole_tail=True)):
        try:
            sound = candidate()
            return sound, _decode(fitfast.records, sound, "record")
        except fitfast.FitDecodeError:
            continue
    return data, None


def _mended(data: bytes, *, whole_tail: bool) -> bytes:
    """Return the same messages with sizes and check sums as fitfast wants them.

    Only these may be mended, for the messages are all there: a header check sum of 0, which the protocol allows, an
    absent or wrong one at the end, and a size that leaves out the end (`whole_tail`). FitDecodeError otherwise.
    """
    parts: list[bytes] = []
    at = 0
    while at < len(data):
        header_size = data[at]
        end = at + header_size + int.from_bytes(data[at + 4 : at + 8], "little")
        if header_size not in HEADER_SIZES or data[at + 8 : at + 12] != b".FIT" or len(parts) == MOST_SEQUENCES:
            raise fitfast.FitDecodeError("no sequence begins here")
        if end > len(data):
            raise fitfast.FitDecodeError("the file is cut short")
        last = end + 2 >= len(data)
        body = data[at + header_size :] if last and whole_tail else data[at + header_size : end]
        parts.append(_sealed(data[at : at + 12], body))
        at = len(data) if last else end + 2
    return b"".join(parts)


def _decode(decoder: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return decoder(*arguments)
    except BaseException as error:
        # The Rust decoder panics on some damaged definitions; PanicException cannot be imported and is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise fitfast.FitDecodeError(f"undecodable ({error})") from None


def _columns_of(rows: list[dict[str, Any]]) -> Messages:
    names = dict.fromkeys(name for row in rows for name, value in row.items() if isinstance(value, int | float))
    return {name: np.array([_number(row.get(name)) for row in rows]) for name in names}


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else np.nan


def _sealed(header: bytes, body: bytes) -> bytes:
    front = bytes([14]) + header[1:4] + len(body).to_bytes(4, "little") + b".FIT"
    return front + crc16(front).to_bytes(2, "little") + body + crc16(body).to_bytes(2, "little")
