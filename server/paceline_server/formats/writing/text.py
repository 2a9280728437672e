"""Numbers, times and XML text as files hold them."""

from datetime import UTC, datetime
from xml.sax.saxutils import escape

import numpy as np

from paceline_server.formats.recording import Column

_CONTROLS = {code: None for code in range(32) if chr(code) not in "\t\n\r"}


def moment(utc_s: float) -> str:
    """Return ISO 8601 in UTC: whole seconds without, others with milliseconds."""
    milliseconds = round(utc_s * 1000)
    spec = "seconds" if milliseconds % 1000 == 0 else "milliseconds"
    time = datetime.fromtimestamp(milliseconds // 1000, UTC).replace(microsecond=milliseconds % 1000 * 1000)
    return time.isoformat(timespec=spec).replace("+00:00", "Z")


def known(column: Column) -> list[float | None]:
    """Return the values of a column, None where it is missing."""
    return [None if gone else value for value, gone in zip(column.tolist(), np.isnan(column).tolist(), strict=True)]


def xml_text(text: str) -> str:
    """Return text that an XML document may hold."""
    return escape(text.translate(_CONTROLS))


def number(value: float, places: int) -> str:
    """Return a number with at most so many decimal places."""
    return f"{value:.{places}f}".rstrip("0").rstrip(".") if places else f"{value:.0f}"
