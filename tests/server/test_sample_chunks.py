"""The native decoder is the reference decoder, only faster: same samples, same errors at the same places."""

from pathlib import Path

import numpy as np
import pytest
from conftest import EVERY_STEP
from hypothesis import given, settings
from hypothesis import strategies as st
from paceline_protocol.errors import JournalError
from paceline_protocol.sample import COLUMNS
from paceline_server.formats.sample_chunks import decode_chunks, warm_up
from paceline_tools.bench.corpus import read_corpus
from protocol.both.sample_walks import chunks, decoded, extremes, runner

NAMES = [name for name, _, _ in COLUMNS]
SAMPLE = st.tuples(*[st.integers(lowest, highest) for _, lowest, highest in COLUMNS])


def _rows(payloads: list[bytes]) -> list[tuple[int, ...]]:
    columns = decode_chunks(payloads)
    assert list(columns) == NAMES
    assert {column.dtype for column in columns.values()} == {np.dtype(np.int32)}
    return [tuple(row) for row in np.stack(list(columns.values()), axis=1).tolist()]


def _outcome(payloads: list[bytes]) -> list[tuple[int, ...]] | tuple[str, int]:
    try:
        return decoded(payloads)
    except JournalError as error:
        return error.code, error.where


def _native_outcome(payloads: list[bytes]) -> list[tuple[int, ...]] | tuple[str, int]:
    try:
        return _rows(payloads)
    except JournalError as error:
        return error.code, error.where


def test_invented_samples_come_back() -> None:
    warm_up()
    for samples in (runner(2000, 12), extremes(500, 3)):
        assert _rows(chunks(samples)) == samples


def test_recordings_come_back(recordings: Path) -> None:
    activities, _ = read_corpus(recordings, every=1 if EVERY_STEP else 15)
    for activity in activities:
        rows = np.stack([activity.columns[name] for name in NAMES], axis=1)[:3000].tolist()
        payloads = chunks([tuple(row) for row in rows], per_page=1500)
        assert _rows(payloads) == decoded(payloads)


def test_no_payloads_are_no_samples() -> None:
    assert all(len(column) == 0 for column in decode_chunks([]).values())


@settings(deadline=None, max_examples=40, derandomize=True)
@given(st.lists(SAMPLE, min_size=1, max_size=60), st.integers(1, 30), st.integers(1, 40))
def test_any_samples_give_what_the_reference_gives(
    samples: list[tuple[int, ...]], per_chunk: int, per_page: int
) -> None:
    payloads = chunks(samples, per_chunk, per_page)
    assert _rows(payloads) == decoded(payloads)


@settings(deadline=None, max_examples=75, derandomize=True)
@given(st.data())
def test_damaged_bytes_give_what_the_reference_gives(data: st.DataObject) -> None:
    payloads = [bytearray(payload) for payload in chunks(runner(80, 9), per_page=50)]
    for _ in range(data.draw(st.integers(1, 4))):
        payload = payloads[data.draw(st.integers(0, len(payloads) - 1))]
        payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))
    damaged = [bytes(payload[: data.draw(st.integers(0, len(payload)))]) for payload in payloads]
    for candidate in ([bytes(payload) for payload in payloads], damaged):
        assert _native_outcome(candidate) == _outcome(candidate)


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.lists(st.binary(max_size=60), max_size=4))
def test_any_bytes_give_what_the_reference_gives(tails: list[bytes]) -> None:
    payloads = [bytes((1 if number == 0 else 0, 9)) + tail for number, tail in enumerate(tails)]
    assert _native_outcome(payloads) == _outcome(payloads)


def test_an_error_names_the_payload_and_the_place() -> None:
    payloads = chunks(runner(75, 9))
    payloads[1] += bytes(30)
    with pytest.raises(JournalError, match="payload 1: bytes left over") as caught:
        decode_chunks(payloads)
    assert 0 < caught.value.where < len(payloads[1])
