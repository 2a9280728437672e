"""Hypothesis strategies for fields, messages, records and whole journals."""

from hypothesis import strategies as st
from paceline_protocol import records
from paceline_protocol.layout import BYTES, TEXT, Layout
from paceline_protocol.page import journal_key
from protocol.both.journal_builder import JournalBuilder

KEY = journal_key(bytes(range(32)))
BITS = {"B": 8, "H": 16, "I": 32, "Q": 64}


def values(form: str, tail_size: int = 200) -> st.SearchStrategy[object]:
    """Values of one field."""
    if form == BYTES:
        return st.binary(max_size=tail_size)
    if form == TEXT:
        return st.text(st.characters(exclude_categories=["Cs"]), max_size=tail_size // 4)
    if form in BITS:
        return st.integers(0, 2 ** BITS[form] - 1)
    size = int(form[:-1])
    return st.binary(min_size=size, max_size=size)


def fields(layout: Layout) -> st.SearchStrategy[tuple[object, ...]]:
    """Values of all fields of a layout."""
    return st.tuples(*[values(form) for _, form in layout.fields])


KINDS = st.one_of(st.sampled_from(sorted(records.RECORDS)), st.integers(19, 254), st.just(records.SAMPLES))
PAYLOADS = st.binary(max_size=records.MAX_PAYLOAD)


@st.composite
def journals(draw: st.DrawFn, most_records: int = 60) -> tuple[JournalBuilder, list[tuple[int, int, bytes]]]:
    """A journal of any records, seals, left pages and torn ends, and its records as (position, kind, payload)."""
    builder = JournalBuilder(KEY, draw(st.integers(1, 2**32 - 1)), draw(st.integers(0, 2**20 - 100)))
    written = []
    for _ in range(draw(st.integers(1, most_records))):
        step = draw(st.sampled_from(["record"] * 8 + ["seal", "leave", "torn"]))
        if step == "record":
            kind, payload = draw(KINDS), draw(PAYLOADS)
            if kind == records.SEAL:
                continue
            written.append((builder.record(kind, payload), kind, payload))
        elif step == "seal":
            position = builder.seal()
            written.append((position, records.SEAL, bytes(builder.pages[-1][builder.end - 18 : builder.end - 2])))
        elif step == "leave":
            builder.new_page()
        elif builder.end < 4000:
            # The start of a record whose programming was cut: its check sum is still erased.
            builder.torn(bytes([records.SAMPLES, 40]) + draw(st.binary(min_size=1, max_size=40)))
    return builder, written
