"""Prints a spooled journal as text, a line per record; with the wearable's key also which bytes are sealed."""

from collections.abc import Iterator
from pathlib import Path

from paceline_protocol.errors import JournalError
from paceline_protocol.journal_reader import JournalReader
from paceline_protocol.page import PAGE_SIZE, journal_key
from paceline_protocol.records import PPG, RECORDS, RR, SAMPLES, parse_fields
from paceline_protocol.sample_codec import SampleDecoder

from paceline_gateway.errors import SpoolError
from paceline_gateway.spool import journal_name

LOST_COUNT = 0xFFFFFF


def journal_lines(path: Path, device_key: bytes | None, start: int | None = None) -> Iterator[str]:
    """Yield a line per record and per problem; `start` is the first byte's position, by default as the name says.

    SpoolError when the file cannot be read. Damage is told, never raised.
    """
    named = journal_name(path)
    first = start if start is not None else (named[1] if named else 0)
    if first % PAGE_SIZE:
        raise SpoolError(path, f"starts at {first}, which is not the start of a page of {PAGE_SIZE} bytes")
    reader = JournalReader(journal_key(device_key) if device_key else None, first_page=first // PAGE_SIZE)
    decoder = SampleDecoder()
    told = 0
    for piece in _pieces(path):
        for position, kind, payload in reader.feed(piece):
            yield f"{position:>10}  {_record_text(kind, payload, decoder)}"
        for problem in reader.problems[told:]:
            yield f"{problem.position:>10}  ! {problem.code} up to {problem.end}: {problem.text}"
        told = len(reader.problems)
    reader.finish()
    for problem in reader.problems[told:]:
        yield f"{problem.position:>10}  ! {problem.code} up to {problem.end}: {problem.text}"
    seal = f", sealed up to {reader.sealed_until}" if device_key else ", seals not checked (no key)"
    epoch = f"{reader.epoch:08x}" if reader.epoch is not None else "unknown"
    yield f"epoch {epoch}: bytes {first} to {reader.position}{seal}, {len(reader.problems)} problems"


def _record_text(kind: int, payload: bytes, decoder: SampleDecoder) -> str:
    if kind == SAMPLES:
        try:
            samples = decoder.decode(payload)
        except JournalError as error:
            return f"SAMPLES of {len(payload)} bytes that cannot be decoded: {error}"
        ends = f", t_s {samples[0][0]} to {samples[-1][0]}, last {samples[-1][1:]}" if samples else ""
        return f"SAMPLES {len(samples)} in {len(payload)} bytes{ends}"
    try:
        fields = parse_fields(kind, payload)
    except (JournalError, ValueError) as error:
        return f"kind {kind} that cannot be read: {error}"
    if fields is None:
        return f"kind {kind}, not known here, {len(payload)} bytes"
    texts = {RR: ("intervals", _intervals_text), PPG: ("counts", _counts_text)}
    special, text = texts.get(kind, ("", _value_text))
    values = ((key, getattr(fields, key)) for key in RECORDS[kind].names)
    said = (f" {key}={text(value) if key == special else _value_text(value)}" for key, value in values)
    return RECORDS[kind].name + "".join(said)


def _intervals_text(data: bytes) -> str:
    intervals = (int.from_bytes(data[at : at + 2], "little") for at in range(0, len(data), 2))
    return " ".join(str(round(each * 1000 / 1024)) if each else "?" for each in intervals) + " ms"


def _counts_text(data: bytes) -> str:
    counts = [int.from_bytes(data[at : at + 3], "little") for at in range(0, len(data), 3)]
    seen = [count for count in counts if count != LOST_COUNT]
    lost = f", {len(counts) - len(seen)} lost" if len(seen) < len(counts) else ""
    return f"{len(counts)} from {min(seen)} to {max(seen)}{lost}" if seen else f"{len(counts)}, all lost"


def _value_text(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else repr(value)


def _pieces(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while piece := file.read(PAGE_SIZE):
                yield piece
    except OSError as error:
        raise SpoolError(path, error.strerror or str(error)) from error
