"""The table of raw light: every count at its time, gaps and losses shown, damage told in one line."""

import itertools
import struct
import subprocess
import sys
from pathlib import Path

from paceline_gateway.inspect_journal import journal_lines
from paceline_protocol.page import PAGE_SIZE
from paceline_protocol.records import PPG, RR
from paceline_tools.ppg_export import light_of
from server.journal_builder import JournalBuilder


def _light(builder: JournalBuilder, t_s: int, counts: list[int]) -> None:
    data = b"".join(count.to_bytes(3, "little") for count in counts)
    builder.payload(PPG, struct.pack("<IB", t_s, 25) + data)


def _journal() -> bytes:
    builder = JournalBuilder()
    builder.boot()
    for i in range(30):
        _light(builder, 100 + (80 * (i + 1)) // 25, list(range(80 * i, 80 * i + 80)))
    _light(builder, 300, [7, 0xFFFFFF, 8])
    builder.boot(2)
    _light(builder, 5, [9])
    builder.payload(RR, struct.pack("<IHHH", 300, 1024, 0, 512))
    return builder.data


def test_counts_keep_their_order_and_rate_across_pages() -> None:
    data = _journal()
    assert len(data) > PAGE_SIZE
    light = list(light_of(data))
    assert [one.light for one in light] == [*range(2400), 7, None, 8, 9]
    times = [one.t_s for one in light[:2400]]
    assert all(abs(later - earlier - 0.04) < 1e-6 for earlier, later in itertools.pairwise(times))
    assert abs(times[-1] - 196) < 1
    assert [round(one.t_s, 2) for one in light[2400:]] == [299.92, 299.96, 300.0, 5.0]
    assert [one.boot for one in light[2400:]] == [1, 1, 1, 2]


def test_damage_costs_the_rest_of_its_page() -> None:
    data = bytearray(_journal())
    data[1000] ^= 1
    counts = [one.light for one in light_of(bytes(data))]
    assert counts[0] == 0 and counts[-1] == 9 and 1000 < len(counts) < 2404


def test_the_command_writes_a_table(tmp_path: Path) -> None:
    (tmp_path / "journal").write_bytes(_journal())
    command = [sys.executable, "-m", "paceline_tools.ppg_export"]
    done = subprocess.run(
        [*command, str(tmp_path / "journal"), str(tmp_path / "out.csv")], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("2404 counts in ")
    lines = (tmp_path / "out.csv").read_text().splitlines()
    assert lines[0] == "boot,t_s,light" and lines[-3] == "1,299.96," and lines[-1] == "2,5.00,9"
    failed = subprocess.run(
        [*command, str(tmp_path / "none"), str(tmp_path / "out.csv")], capture_output=True, text=True, check=False
    )
    assert failed.returncode == 1 and len(failed.stderr.splitlines()) == 1


def test_inspect_shows_beats_and_light_as_numbers(tmp_path: Path) -> None:
    (tmp_path / "journal").write_bytes(_journal())
    lines = list(journal_lines(tmp_path / "journal", None))
    assert any(line.endswith("RR t_s=300 intervals=1000 ? 500 ms") for line in lines)
    assert any(line.endswith("PPG t_s=300 rate_hz=25 counts=3 from 7 to 8, 1 lost") for line in lines)
