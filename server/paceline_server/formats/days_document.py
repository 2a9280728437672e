"""What a source says of days as a document of ours: what an archive without files of days is cut into."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from paceline_server.errors import told
from paceline_server.formats.contents import Contents
from paceline_server.formats.days import QUARTER_S, DayFigure, DaysSaid, DaysTaken, SleepSpan, SpanFigure
from paceline_server.formats.errors import FormatError

DAYS_MARK = b'{"paceline_days":1,'


class _Document(Struct, omit_defaults=True):
    """`quarters` are counts of whole quarters of an hour of UTC, by metric: their number since 1970, their value."""

    paceline_days: Annotated[int, Meta(ge=1, le=1)]
    source: str
    values: list[DayFigure] = []
    counts: list[SpanFigure] = []
    sleeps: list[SleepSpan] = []
    quarters: dict[str, list[tuple[int, float]]] = {}


_DECODER = msgspec.json.Decoder(_Document)


def write_days(said: DaysSaid) -> bytes:
    """Return the document, always the same bytes of the same days."""
    others: list[SpanFigure] = []
    quarters: dict[str, list[tuple[int, float]]] = {}
    for one in said.counts:
        number, beside = divmod(one.start_s, QUARTER_S)
        if not beside and one.end_s == one.stamp_s == one.start_s + QUARTER_S:
            quarters.setdefault(one.metric, []).append((number, one.value))
        else:
            others.append(one)
    document = _Document(1, said.source, list(said.values), others, list(said.sleeps), quarters)
    return msgspec.json.encode(document)


def read_days(data: bytes) -> Contents:
    """Return what write_days wrote. FormatError for anything else."""
    try:
        document = _DECODER.decode(data)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise FormatError(f"Damaged document of days: {error}", "days") from error
    taken = DaysTaken(document.source)
    for one in (*document.values, *document.counts, *document.sleeps):
        taken.add(one)
    for metric, found in document.quarters.items():
        for number, value in found:
            start_s, end_s = number * QUARTER_S, (number + 1) * QUARTER_S
            taken.add(SpanFigure(metric, start_s, end_s, value, end_s))
    said = taken.said()
    if not said:
        raise FormatError("The document says nothing of any day", "days")
    warnings = (told(f"{taken.left_out} values were left out: no day has such."),) if taken.left_out else ()
    return Contents((), warnings, (said,))
