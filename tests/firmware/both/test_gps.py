"""What a fix is worth, how reception is counted, and which assistance data go to the receiver."""

import io
import os
import struct

from paceline_protocol.errors import LinkError
from wearable.calendar import DAY_S
from wearable.drivers.nav_pvt import NavPvt
from wearable.drivers.ubx import pack_frame
from wearable.gps import assistance
from wearable.gps.reception import FIXED, LOST, NO_RECEIVER, SEARCHING, Reception
from wearable.gps.solution import Solution
from wearable.link.blobs import BlobStore

MADE_2020_S = 172_098_489  # 2025-06-14 21:08:09
HOUR_S = 3600


def _pvt(horizontal_mm: int, speed_mm_s: int, flags3: int = 0) -> NavPvt:
    payload = bytearray(92)
    payload[20], payload[21], payload[23], payload[78] = 3, 1, 9, flags3
    struct.pack_into("<I", payload, 40, horizontal_mm)
    struct.pack_into("<I", payload, 68, speed_mm_s)
    struct.pack_into("<H", payload, 76, 250)
    struct.pack_into("<i", payload, 28, 473_977_123)
    pvt = NavPvt()
    pvt.decode(bytes(payload))
    return pvt


def test_a_fix_beyond_50_m_or_3_m_s_is_none_and_moves_nothing() -> None:
    for horizontal_mm, speed_mm_s, fix in (
        (2_100, 210, 3),
        (50_000, 3_000, 3),
        (50_100, 210, 0),
        (2_100, 3_010, 0),
        (0xFFFFFFFF, 210, 0),
        (2_100, 0xFFFFFFFF, 0),
    ):
        pvt = _pvt(horizontal_mm, speed_mm_s)
        assert (pvt.fix, pvt.reported_fix) == (fix, 3)
        assert pvt.latitude_udeg == (47_397_712 if fix else 0)
        assert (pvt.satellites, pvt.dop_hundredths) == (9, 250)
    assert _pvt(2_100, 210, flags3=1).reported_fix == 0, "the receiver calls the place invalid"


def test_accuracies_are_kept_in_the_units_of_the_rule() -> None:
    pvt = _pvt(12_345, 2_345)
    assert (pvt.horizontal_accuracy_dm, pvt.speed_accuracy_cm_s) == (123, 234)


def _solution(fix: int, reported: int = 0) -> Solution:
    solution = Solution()
    solution.fix, solution.reported_fix = fix, max(fix, reported)
    return solution


def test_time_to_first_fix_losses_and_recoveries_are_counted() -> None:
    reception = Reception()
    assert reception.state == NO_RECEIVER
    reception.start(5)
    for now in range(5, 30):
        reception.take(_solution(0), now)
    assert (reception.state, reception.first_fix_s) == (SEARCHING, -1)
    reception.take(_solution(3), 30)
    assert (reception.state, reception.first_fix_s) == (FIXED, 25)
    for now in (31, 32, 33):
        reception.take(_solution(0, reported=3), now)
    reception.take(_solution(3), 34)
    assert (reception.losses, reception.refused) == (0, 3), "three seconds are a bridge"
    for now in range(35, 40):
        reception.tick(now)
    assert (reception.state, reception.losses, reception.recoveries) == (LOST, 1, 0)
    reception.take(_solution(2), 60)
    assert (reception.state, reception.recoveries, reception.longest_loss_s) == (FIXED, 1, 26)
    reception.start(70)
    assert (reception.state, reception.first_fix_s) == (FIXED, 25), "found again is not searched anew"


def _time_frame() -> bytes:
    return pack_frame(0x13, 0x40, struct.pack("<BBbbHBBBBBBIHHI", 0x10, 0, 0, 18, 2025, 6, 14, 21, 8, 9, 0, 7, 2, 0, 9))


def _frame(kind: int, sort: int, length: int = 68) -> bytes:
    return pack_frame(0x13, kind, bytes((sort, 0, 5, 0)) + bytes(length - 4))


def _orbit(year: int, month: int, day: int) -> bytes:
    return pack_frame(0x13, 0x20, bytes((0, 0, 5, 0, year, month, day, 0)) + bytes(68))


def test_the_time_of_making_is_read_and_replaced_by_ours() -> None:
    assert assistance.time_2020_s(_time_frame()) == MADE_2020_S
    ours = assistance.time_frame(_time_frame(), MADE_2020_S + DAY_S + 61)
    assert assistance.time_2020_s(ours) == MADE_2020_S + DAY_S + 61
    assert ours[6:10] == _time_frame()[6:10], "leap seconds stay"
    assert struct.unpack("<BIHHI", ours[17:-2]) == (0, 0, 10, 0, 0), "and it is good to ten seconds"


def test_each_kind_is_sent_as_long_as_it_is_fresh() -> None:
    for frame, most_s in (
        (_frame(0x00, 1), 4 * HOUR_S),
        (_frame(0x06, 1), 4 * HOUR_S),
        (_frame(0x02, 2), 14 * DAY_S),
        (_frame(0x00, 6), 14 * DAY_S),
        (_frame(0x40, 1, 20), DAY_S),
    ):
        assert assistance.fresh(frame, MADE_2020_S, MADE_2020_S + most_s)
        assert assistance.fresh(frame, MADE_2020_S, MADE_2020_S - 600)
        assert not assistance.fresh(frame, MADE_2020_S, MADE_2020_S + most_s + 1)
        assert not assistance.fresh(frame, MADE_2020_S, MADE_2020_S - 601)
    assert not assistance.fresh(_frame(0x40, 0x20, 16), MADE_2020_S, MADE_2020_S), "no clock drift of another receiver"
    for day, now in ((14, 0), (15, 3 * HOUR_S), (19, 5 * DAY_S + HOUR_S)):
        assert assistance.fresh(_orbit(25, 6, day), MADE_2020_S, MADE_2020_S + now)
    assert not assistance.fresh(_orbit(25, 6, 15), MADE_2020_S, MADE_2020_S)


def _wrong(blob: bytes) -> str:
    return assistance.check(io.BytesIO(blob))


def test_only_whole_mga_frames_behind_the_time_of_making_are_accepted() -> None:
    time, good = _time_frame(), _frame(0x00, 1)
    assert _wrong(time + good + _orbit(25, 6, 14)) == ""
    for blob in (
        b"",
        good,
        good + time,
        time + time,
        time + pack_frame(0x06, 0x8A, bytes(12)),
        time + pack_frame(0x13, 0x21, bytes(12)),
        time + pack_frame(0x13, 0x60, bytes(8)),
        time + pack_frame(0x13, 0x80, bytes(60)),
        time + pack_frame(0x13, 0x20, bytes(75)),
        time + pack_frame(0x13, 0x20, bytes(76)),
        time + pack_frame(0x13, 0x00, bytes(201)),
        time + pack_frame(0x13, 0x00, b""),
        time + good[:-1],
        time + good[:20],
        time + good[:-1] + b"\xff" + good,
        time + b"\0" + good,
    ):
        assert _wrong(blob)


def test_a_blob_that_does_not_pass_leaves_the_one_before() -> None:
    folder = "/tmp/paceline-test-assistance-" + os.urandom(4).hex()
    store = BlobStore(folder, {assistance.KIND: assistance.check})
    good = _time_frame() + _frame(0x00, 1)
    bad = _time_frame() + pack_frame(0x06, 0x04, bytes(4))
    assert store.put(assistance.KIND, 1, len(good), 0, good) == len(good)
    assert store.put(assistance.KIND, 2, len(bad), 0, bad[:20]) == 20
    try:
        store.put(assistance.KIND, 2, len(bad), 20, bad[20:])
        raise AssertionError("a command for the receiver was accepted")
    except LinkError as error:
        assert error.code == "refused"
    assert store.get(assistance.KIND) == (1, good)
    opened = store.open(assistance.KIND)
    assert opened is not None
    version, file = opened
    assert (version, file.read()) == (1, good)
    file.close()
    assert store.put(assistance.KIND, 2, len(bad), 0, bad[:20]) == 20, "nothing of the bad one is left"
