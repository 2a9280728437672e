"""A FIT file → Recordings."""

from collections.abc import Mapping

import numpy as np

from paceline_server.formats.contents import Contents
from paceline_server.formats.errors import FormatError
from paceline_server.formats.fit.exercises import lengths_of, sets_of, swum_distance_m
from paceline_server.formats.fit.local_clock import utc_offset_s
from paceline_server.formats.fit.messages import FitMessages
from paceline_server.formats.fit.record_columns import record_columns
from paceline_server.formats.fit.sessions import Session, sessions_of
from paceline_server.formats.fit.timer import laps_of, pauses_of, timer_span_s
from paceline_server.formats.recording import Column, Recording
from paceline_server.formats.tidying import steps_per_minute, tidy

EDGE_STEPS = 3.0
"""In a pool the timer may start so many usual steps before the first record, and stop so many after the last; further
off, the file was cut, or saved later."""
FASTEST_EDGE_M_S = 20.0


def read_fit(data: bytes) -> Contents:
    """Return a Recording for each session that has records (one in all when there is no session message).

    Cadence of sports on foot is doubled: FIT counts the strides of one leg. A wrong check sum is let pass, as some
    devices and programs write one; of a damaged file what lies before the damage is read, with a warning. Raises
    FormatError when nothing can be decoded or no record has a time.
    """
    messages = FitMessages(data)
    columns = record_columns(messages)
    recordings = []
    for session in sessions_of(columns["time_s"], messages.columns("session")):
        rows = {name: column[session.rows] for name, column in columns.items()}
        made = _recording(messages, session, rows)
        if made is not None:
            recordings.append(made)
    if not recordings:
        raise FormatError("No record has a time", f"FIT, {len(columns['time_s'])} record messages")
    return Contents(tuple(recordings), messages.warnings)


def _recording(messages: FitMessages, session: Session, rows: Mapping[str, Column]) -> Recording | None:
    start, columns = tidy(rows)
    if not len(columns["time_s"]):
        return None
    if session.pool_m is not None:  # watches write a record where a length ends, and none where the swim begins
        start, columns = _with_edges(messages, start, columns)
    end_s = float(columns["time_s"][-1])
    lengths = lengths_of(messages, start, end_s, session.pool_m)
    if lengths:
        columns["distance_m"] = swum_distance_m(columns["time_s"], lengths)
    columns["cadence_spm"] = steps_per_minute(columns["cadence_spm"], session.sport, strides=True)
    laps, events = messages.columns("lap"), messages.columns("event")
    return Recording.of(
        session.sport,
        "FIT",
        start,
        columns,
        laps=laps_of(laps, start, end_s),
        pauses=pauses_of(events, laps, start, end_s),
        lengths=lengths,
        sets=sets_of(messages, start, end_s) if session.sport == "strength" else (),
        utc_offset_s=utc_offset_s(messages.columns("activity"), start, columns["longitude_deg"]),
        calories_kcal=session.calories_kcal,
    )


def _with_edges(messages: FitMessages, start: float, columns: dict[str, Column]) -> tuple[float, dict[str, Column]]:
    """Add a row where the timer was started, and one where it was stopped, when the records leave these out."""
    began_s, stopped_s = timer_span_s(messages.columns("event"), start)
    time_s, distance_m = columns["time_s"], columns["distance_m"]
    longest_s = EDGE_STEPS * float(np.median(np.diff(time_s))) if len(time_s) > 1 else 0.0
    front = [began_s] if began_s is not None and -longest_s <= began_s <= -1 else []
    last_s = float(time_s[-1])
    back = [stopped_s] if stopped_s is not None and last_s + 1 <= stopped_s <= last_s + longest_s else []
    if not front and not back:
        return start, columns
    edged = {
        name: np.concatenate([np.full(len(front), np.nan), column, np.full(len(back), np.nan)])
        for name, column in columns.items()
    }
    edged["time_s"] = np.concatenate([np.array(front), time_s, np.array(back)])
    if front and 0 < distance_m[0] <= FASTEST_EDGE_M_S * -edged["time_s"][0]:
        edged["distance_m"][0] = 0.0
    shift_s = edged["time_s"][0]
    edged["time_s"] = edged["time_s"] - shift_s
    return start + float(shift_s), edged
