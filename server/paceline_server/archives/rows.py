"""A row ⇄ a line of JSON: columns by name, bytes in base64; what comes in is of its column's kind and within bounds."""

import base64
import binascii
import math
from collections.abc import Sequence
from typing import Any

import orjson

from paceline_server.archive_tables.model import VALUE, Field, KeptTable
from paceline_server.archives.manifest import ArchiveError
from paceline_server.platform.ids import is_id


def line_of(names: Sequence[str], row: Sequence[object]) -> bytes:
    """Return the line of a row."""
    return orjson.dumps(dict(zip(names, row, strict=True)), default=_packed) + b"\n"


def values_of(table: KeptTable, line: bytes) -> dict[str, Any]:
    """Return the values of a line; ArchiveError names the column that cannot hold what is there.

    A column that an older program did not have is left to the database, if that knows what to put there.
    """
    try:
        said = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise ArchiveError(f"a line of {table.name} is not JSON") from error
    if not isinstance(said, dict):
        raise ArchiveError(f"a line of {table.name} is no row")
    values: dict[str, Any] = {}
    for field in table.fields:
        if field.name in said:
            values[field.name] = _value(table, field, said.pop(field.name))
        elif field.nullable:
            values[field.name] = None
        elif not field.given:
            raise ArchiveError(f"a row of {table.name} has no {field.name}")
    if said:
        raise ArchiveError(f"{table.name} has no column {sorted(map(str, said))[0][:64]}")
    return values


def _value(table: KeptTable, field: Field, value: Any) -> Any:
    if value is None:
        if field.nullable or field.kind == VALUE:
            return None
        raise ArchiveError(f"{table.name}: {field.name} must not be null")
    found = _checked(field, value)
    if found is None:
        raise ArchiveError(f"{table.name}: {field.name} cannot be {str(value)[:60]}")
    return found


def _checked(field: Field, value: Any) -> Any:
    """Return the value as the database takes it; None when the column cannot hold it."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    fits = True
    match field.kind, field.most:
        case "bytes", _:
            return _unpacked(value)
        case "real", _:
            return float(value) if number and math.isfinite(value) else None
        case "id", _:
            fits = isinstance(value, str) and is_id(value)
        case "yes or no", _:
            fits = isinstance(value, bool)
        case "whole", int(bits):
            fits = number and isinstance(value, int) and -(1 << bits) <= value < 1 << bits
        case "text", most:
            fits = isinstance(value, str) and "\0" not in value and (most is None or len(value) <= most)
        case _:
            pass
    return value if fits else None


def _unpacked(value: object) -> bytes | None:
    try:
        return base64.b64decode(value, validate=True) if isinstance(value, str) else None
    except (binascii.Error, ValueError):
        return None


def _packed(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    raise TypeError(type(value).__name__)
