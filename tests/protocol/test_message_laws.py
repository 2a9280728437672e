"""Laws of messages and record payloads: both directions of one table, and nothing but LinkError for malformed bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paceline_protocol import messages, records
from paceline_protocol.errors import LINK_ERROR_NUMBERS, JournalError, LinkError
from paceline_protocol.gatt import pack_info, parse_info
from protocol.strategies import BITS, fields

MESSAGE = st.sampled_from(sorted(messages.MESSAGES)).flatmap(
    lambda kind: st.tuples(st.just(kind), fields(messages.MESSAGES[kind]))
)
RECORD = st.sampled_from(sorted(records.RECORDS)).flatmap(
    lambda kind: st.tuples(st.just(kind), fields(records.RECORDS[kind]))
)


def encoded(kind: int, values: tuple[object, ...]) -> bytes:
    return messages.encode(kind, **dict(zip(messages.MESSAGES[kind].names, values, strict=True)))


@given(MESSAGE)
def test_what_is_encoded_is_decoded(message: tuple[int, tuple[object, ...]]) -> None:
    kind, values = message
    got, decoded = messages.decode(encoded(kind, values))
    assert got == kind
    assert tuple(decoded) == values


@given(RECORD)
def test_what_is_packed_is_parsed(record: tuple[int, tuple[object, ...]]) -> None:
    kind, values = record
    parsed = records.parse_fields(kind, records.pack_fields(kind, *values))
    assert parsed is not None and tuple(parsed) == values


@given(MESSAGE, st.data())
def test_a_cut_or_lengthened_message_is_malformed_or_has_a_shorter_tail(
    message: tuple[int, tuple[object, ...]], data: st.DataObject
) -> None:
    kind, values = message
    layout = messages.MESSAGES[kind]
    whole = encoded(kind, values)
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    if layout.tail is None or len(cut) <= layout.size:
        with pytest.raises(LinkError) as refused:
            messages.decode(cut)
        assert refused.value.code == "malformed"
    if layout.tail is None:
        with pytest.raises(LinkError):
            messages.decode(whole + b"\0")


@given(st.binary(max_size=80))
def test_any_bytes_decode_or_are_malformed(data: bytes) -> None:
    try:
        kind, decoded = messages.decode(data)
    except LinkError as error:
        assert error.code == "malformed"
    else:
        assert encoded(kind, tuple(decoded)) == data


@given(st.sampled_from(sorted(records.RECORDS)), st.binary(max_size=60))
def test_any_payload_parses_or_is_refused(kind: int, payload: bytes) -> None:
    try:
        records.parse_fields(kind, payload)
    except JournalError as error:
        assert (error.code, error.where) == ("payload", kind)


@given(MESSAGE, st.data())
def test_a_value_out_of_its_range_is_named(message: tuple[int, tuple[object, ...]], data: st.DataObject) -> None:
    kind, values = message
    layout = messages.MESSAGES[kind]
    numbers = [i for i, (_, form) in enumerate(layout.fields) if form in BITS]
    if not numbers:
        return
    i = data.draw(st.sampled_from(numbers))
    name, form = layout.fields[i]
    wrong = data.draw(st.sampled_from([-1, 2 ** BITS[form], None]))
    with pytest.raises(ValueError, match=rf"{layout.name}\.{name}"):
        encoded(kind, (*values[:i], wrong, *values[i + 1 :]))


def test_missing_and_unknown_fields_are_named() -> None:
    for wrong in ({"epoch": 1, "position": 2}, {"epoch": 1, "position": 2, "credit": 3}):
        with pytest.raises(ValueError, match="READ takes"):
            messages.encode(messages.READ, **wrong)
    with pytest.raises(ValueError, match=r"HELLO\.nonce is 3 bytes"):
        messages.encode(messages.HELLO, version=1, nonce=b"abc")


def test_every_link_error_can_be_told_to_the_other_side() -> None:
    for code, number in LINK_ERROR_NUMBERS.items():
        kind, told = messages.decode(messages.encode_error(LinkError(code, 70_000, "x" * 100)))
        assert (kind, told.code, told.position, told.text) == (messages.ERROR, number, 70_000, "x" * 60)


def test_info_goes_round_and_a_short_one_is_malformed() -> None:
    info = parse_info(pack_info(messages.LINK_VERSION, b"12345678"))
    assert (info.version, info.alias) == (messages.LINK_VERSION, b"12345678")
    with pytest.raises(LinkError, match="malformed"):
        parse_info(b"\x01123")
