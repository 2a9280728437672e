"""The messages of a FIT file: decoded by fitfast, mended where only an envelope is wrong, salvaged where bytes are.

A FIT file is one or more sequences, each a header, messages and a check sum (FIT protocol, "File structure", "Chained
FIT files").
"""

from collections.abc import Callable, Mapping
from typing import Any

import fitfast
import numpy as np

from paceline_server.errors import told
from paceline_server.formats.errors import FormatError
from paceline_server.formats.fit.checksum import crc16
from paceline_server.formats.fit.other_messages import sequences, without_records
from paceline_server.formats.fit.quick_records import stepped
from paceline_server.formats.fit.salvage import salvaged
from paceline_server.formats.recording import Column

Messages = Mapping[str, Column]
"""A column for each numeric field that any message of a kind has; NaN where a message lacks it."""

Rows = Mapping[str, list[dict[str, Any]]]
DEVELOPERS = ("Power", "Heart Rate")
"""What foot pods and apps call theirs; fields of developers have any name, and most of them any unit."""
HEADER_SIZES = (12, 14)
MOST_SEQUENCES = 64


class FitMessages:
    """All messages of a file, by kind; `warnings` says what of the file could not be had."""

    def __init__(self, data: bytes) -> None:
        """Decode; FormatError when nothing can be had."""
        self.warnings: tuple[str, ...] = ()
        self.may_be_packed = False  # speed and distance in one field of records
        self._others: Rows | None = None
        self._data = data
        try:
            self._records, self._others = _stepped(data)
        except ValueError:  # fitfast's error is one, too
            self.may_be_packed = True
            self._data, self._records = _decoded(data)
        if self._records is None:
            found, damage = salvaged(data)
            if not found.get("record"):
                raise FormatError(f"Damaged FIT file: {damage}", f"file of {len(data)} bytes")
            self._others = found
            self.warnings = (told(f"The file is damaged ({damage}); what lies before that was read."),)

    def columns(self, kind: str) -> Messages:
        """Return the numeric fields of all messages of a kind, in the order of the file."""
        if kind == "record" and self._records is not None:
            return self._records
        return _columns_of(self.rows(kind))

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """Return all messages of a kind as dictionaries, arrays and bytes too. For records this is slow."""
        if kind == "record" and self._records is not None:
            return _parsed(self._data).get(kind, [])
        others = self._others
        if others is None:
            others = self._others = _others_of(self._data)
        return others.get(kind, [])


def field(messages: Messages, *names: str) -> Column:
    """Return the first of these fields that has a value, message by message."""
    rows = len(next(iter(messages.values()), ()))
    values = np.full(rows, np.nan)
    for name in names:
        if name in messages:
            values = np.where(np.isnan(values), messages[name], values)
    return values


def _stepped(data: bytes) -> tuple[Messages, Rows]:
    """Return the record messages of a file that is as most are, and all others that are looked at; or ValueError."""
    found = stepped(data)
    others = _parsed(b"".join(sealed(head, body) for head, body in found.others))
    return found.columns(others.get("field_description", []), DEVELOPERS), others


def _decoded(data: bytes) -> tuple[bytes, Messages | None]:
    """Return bytes that fitfast takes and their record messages; None when it takes none."""
    for candidate in (lambda: data, lambda: _mended(data, whole_tail=False), lambda: _mended(data, whole_tail=True)):
        try:
            sound = candidate()
            return sound, decode(fitfast.records, sound, "record")
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
        parts.append(sealed(data[at : at + 12], body))
        at = len(data) if last else end + 2
    return b"".join(parts)


def _others_of(data: bytes) -> Rows:
    try:
        return _parsed(b"".join(sealed(head, without_records(body)) for head, body in sequences(data)))
    except ValueError:  # fitfast's error is one: the long way may still do
        return _parsed(data)


def _parsed(data: bytes) -> Rows:
    return decode(lambda: fitfast.parse(data, enum_names=False))


def decode(decoder: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a function of fitfast gives; FitDecodeError (a ValueError) for whatever it does instead."""
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


def sealed(header: bytes, body: bytes) -> bytes:
    """Return messages as a sequence with sizes and check sums as fitfast wants them."""
    front = bytes([14]) + header[1:4] + len(body).to_bytes(4, "little") + b".FIT"
    return front + crc16(front).to_bytes(2, "little") + body + crc16(body).to_bytes(2, "little")
