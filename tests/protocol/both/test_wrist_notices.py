"""The notices blob: made, checked, refused; run on both interpreters."""

from paceline_protocol.wrist_notices import check, notice_at
from paceline_protocol.wrist_pack import NOTICE, pack_notices
from protocol.both.vectors import load
from protocol.both.wrist_blobs import changed, damaged, says

GOAL: "dict[str, object]" = {"number": 5, "slot": 1, "told_utc_s": 1_790_000_000, "title": "Goal", "text": "40 km."}
BEST: "dict[str, object]" = {"number": 6, "slot": 1, "title": "Best", "quiet_from_utc_s": 9, "quiet_until_utc_s": 9}
BLOB = pack_notices([GOAL, BEST])


def _with(at: int, *values: int) -> bytes:
    return changed(BLOB, at, *values)


def _refused(data: bytes, *parts: str) -> None:
    says(check(data), *parts)


def test_the_vector_is_made_and_read() -> None:
    row = load("wrist")["notices"]
    assert pack_notices(row["notices"]).hex() == row["bytes"]
    assert check(bytes.fromhex(row["bytes"])) == ""


def test_fields_lie_where_the_tables_say() -> None:
    data = pack_notices([GOAL, BEST])
    assert list(NOTICE.parse(data[notice_at(0) :])) == [
        5,
        1,
        1_790_000_000,
        0,
        0,
        b"Goal" + bytes(16),
        b"40 km." + bytes(54),
    ]
    assert NOTICE.parse(data[notice_at(1) :]).number == 6
    assert check(pack_notices([])) == "", "no notices take those before away"


def test_damage_is_refused() -> None:
    assert check(BLOB) == ""
    assert all(check(data) for data in damaged(BLOB))


def test_what_is_not_in_the_tables_is_refused_with_one_sentence() -> None:
    first, second = notice_at(0), notice_at(1)
    _refused(_with(0, 2), "format version 1")
    _refused(_with(1, 1), "1 notices")
    _refused(_with(first + 4, 8), "notice 1", "rise")
    _refused(_with(first, 0), "notice 1", "rise")
    _refused(_with(second, 5), "notice 2", "rise")
    _refused(_with(second + 4, 0), "notice 2", "rise")
    _refused(_with(second + 9, 10), "notice 2", "quiet")
    _refused(_with(first + 17, 0), "notice 1", "ASCII")
    for code in (0, 10, 31, 127, 0xC3):
        _refused(_with(first + 18, code), "notice 1", "ASCII")
        _refused(_with(first + 38, code), "notice 1", "ASCII")


def test_the_maker_refuses_what_no_wearable_would_take() -> None:
    refused: list[list[dict[str, object]]] = [
        [dict(GOAL, number=i + 1) for i in range(9)],
        [GOAL, GOAL],
        [BEST, GOAL],
        [dict(GOAL, title="")],
        [dict(GOAL, title="x" * 21)],
        [dict(GOAL, text="x" * 61)],
        [dict(GOAL, text="Höhe")],
        [dict(GOAL, words=1)],
    ]
    for told in refused:
        try:
            pack_notices(told)
        except ValueError:
            continue
        raise AssertionError(told)
    assert check(pack_notices([dict(GOAL, number=i + 1) for i in range(8)])) == ""
