"""Rows of a CSV file, within bounds."""

import csv
import io
from collections.abc import Iterator

from paceline_server.formats.errors import FormatError

MOST_ROWS = 200_000
MOST_COLUMNS = 500
LONGEST_FIELD = 1 << 20
SEPARATORS = ",;\t"


def rows_of(data: bytes, name: str) -> Iterator[list[str]]:
    """Yield the rows, the header first, of text in UTF-8. FormatError names the line where it is no table."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError("Text that is not UTF-8", f"{name}, byte {error.start}") from error
    header = text.partition("\n")[0]
    separator = max(SEPARATORS, key=header.count)
    before = csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for number, row in enumerate(reader):
            if number > MOST_ROWS or len(row) > MOST_COLUMNS:
                raise FormatError(f"More than {MOST_ROWS} rows or {MOST_COLUMNS} columns", f"{name}, line {number + 1}")
            if any(row):
                yield row
    except csv.Error as error:
        raise FormatError(f"Damaged table: {error}", f"{name}, line {reader.line_num}") from error
    finally:
        csv.field_size_limit(before)


def figure(text: str) -> float | None:
    """Return the number in a field, None where it holds none."""
    try:
        number = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return number if abs(number) < 1e15 else None  # false of NaN
